import type { Span } from '../../monitors/model/spans';

/** Whose fault an incident was. */
export const FAULTS = ['own', 'vendor'] as const;
export type Fault = (typeof FAULTS)[number];

/** An incident as reports know it, whatever source it is from. */
export interface Incident {
  /** Whose it is; with its id it names the event. */
  readonly account_id: string;
  readonly id: string;
  readonly title: string;
  readonly fault: Fault;
  /** What somebody found out or wrote down; null where nobody did. */
  readonly cause: string | null;
  readonly started_at: number;
  /** Null while it is open. */
  readonly resolved_at: number | null;
  /** When the first page about it was delivered; null where none was. */
  readonly paged_at: number | null;
}

/** The time of an incident within a span; what is open lasts to its end. */
export function spanOf({ started_at, resolved_at }: Incident, within: Span): Span {
  return { from_at: started_at, until_at: resolved_at ?? within.until_at };
}

/** Those that were going on within a span. */
export function incidentsWithin(incidents: readonly Incident[], within: Span): Incident[] {
  return incidents.filter(
    ({ started_at, resolved_at }) =>
      started_at < within.until_at && (resolved_at === null || resolved_at > within.from_at),
  );
}
