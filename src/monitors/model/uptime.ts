import { DAY_MS } from '../../events/summary/time-buckets';
import type { ResultClass } from './monitor';

/** The windows that uptime can be asked for, and how long they are. */
export const UPTIME_WINDOWS = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
} as const;
export type UptimeWindow = keyof typeof UPTIME_WINDOWS;

/** How many checks ended how. One that began in maintenance counts there, however it ended. */
export interface CheckCounts {
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
  readonly unknown: number;
  readonly maintenance: number;
}

export const NO_CHECKS: CheckCounts = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0 };

/** Parts of a whole in percent, to three places; cut, and so never higher than the truth. */
export interface Uptime {
  /** Good of those that were good or bad; null where there were none. */
  readonly uptime_percent: number | null;
  /** Good or bad of those that should have been; null where there should have been none. */
  readonly coverage_percent: number | null;
}

/** Under what a check counts. */
export function countedAs(
  result: ResultClass,
  where: { readonly isInMaintenance: boolean },
): keyof CheckCounts {
  return where.isInMaintenance ? 'maintenance' : result;
}

/** All checks that any of them counts. */
export function addCounts(counts: readonly CheckCounts[]): CheckCounts {
  return counts.reduce(
    (sum, one) => ({
      up: sum.up + one.up,
      degraded: sum.degraded + one.degraded,
      down: sum.down + one.down,
      unknown: sum.unknown + one.unknown,
      maintenance: sum.maintenance + one.maintenance,
    }),
    NO_CHECKS,
  );
}

/**
 * Uptime is good / (good + bad). Up and degraded are good: the target answered as expected, if slowly. Unknown and
 * maintenance are neither, and left out. How much is known at all is the coverage: checks that were unknown, and slots
 * at which there was no check (the service was not running), lower it. Maintenance does not.
 *
 * @param expectedChecks regular slots of the time asked for, those in maintenance included
 */
export function uptimeOf(counts: CheckCounts, expectedChecks: number): Uptime {
  const good = counts.up + counts.degraded;
  const known = good + counts.down;
  const checked = known + counts.unknown;
  // Checks that confirm another are no slots of the regular ones, so that there may be more than expected.
  const wanted = Math.max(checked, expectedChecks - counts.maintenance);
  return { uptime_percent: percentOf(good, known), coverage_percent: percentOf(known, wanted) };
}

/** 99.9996 % is 99.999 %: only what has no flaw at all is 100 %. */
function percentOf(part: number, whole: number): number | null {
  if (whole === 0) return null;
  const thousandths = part * 100_000;
  // Of whole numbers, and so without rounding, which a division would bring.
  return (thousandths - (thousandths % whole)) / whole / 1_000;
}
