import type { CheckResult, FailedExpectation, Timings } from '../model/monitor';

/** What of a check is only shown, and not asked for. */
export type CheckDetails = Pick<CheckResult, 'failed' | 'timings' | 'tls_days_left' | 'limit_ms'>;

/** As it is stored: without the names of its fields, which would be most of a row that is stored so often. */
type StoredDetails = readonly [
  timings: readonly (number | null)[] | null,
  tls_days_left: number | null,
  limit_ms: number | null,
  failed: readonly FailedExpectation[],
];

/** The text in which details are stored. */
export function detailsText({ timings, tls_days_left, limit_ms, failed }: CheckDetails): string {
  const steps =
    timings === null
      ? null
      : [timings.dns_ms, timings.connect_ms, timings.tls_ms, timings.first_byte_ms, timings.total_ms];
  const stored: StoredDetails = [steps, tls_days_left, limit_ms, failed];
  return JSON.stringify(stored);
}

export function readDetails(text: string): CheckDetails {
  const [steps, tls_days_left, limit_ms, failed] = JSON.parse(text) as StoredDetails;
  return { timings: steps === null ? null : readTimings(steps), tls_days_left, limit_ms, failed };
}

function readTimings(steps: readonly (number | null)[]): Timings {
  const [dns_ms = null, connect_ms = null, tls_ms = null, first_byte_ms = null, total_ms = null] = steps;
  return { dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms };
}
