import { MINUTE_MS } from '../../events/summary/time-buckets';
import type { Span } from '../../monitors/model/spans';

/** Something that says a vendor is in trouble. */
export interface VendorSignal {
  /** The vendor's own page, or anything else: our monitors, failing payments, tenants' events. */
  readonly by: 'page' | 'evidence';
  readonly started_at: number;
  /** Null while it lasts. */
  readonly resolved_at: number | null;
}

/** One trouble of a vendor, by what we saw and what its page said. */
export interface VendorIncident {
  /** Told by both, silent where the page never said so, unseen where only the page did. */
  readonly kind: 'told' | 'silent' | 'unseen';
  readonly first_evidence_at: number | null;
  readonly page_said_at: number | null;
  /** When the last evidence was gone; null while it lasts, and where there was none. */
  readonly evidence_resolved_at: number | null;
  readonly page_resolved_at: number | null;
  /** How much later than the evidence the page said so; below 0 where it was first. Null where either is missing. */
  readonly lag_ms: number | null;
  /** How much later than the evidence the page said it was over, likewise. */
  readonly resolve_lag_ms: number | null;
}

/** What a vendor's page is worth. */
export interface VendorReport {
  /** Those that began within the span, by their start. */
  readonly incidents: readonly VendorIncident[];
  readonly told: number;
  readonly silent: number;
  readonly unseen: number;
  /** Of those that were told; null where there are none. */
  readonly median_lag_ms: number | null;
  readonly longest_lag_ms: number | null;
}

/** Signals that are no further apart are about the same trouble. Pages often lag by 5 to 15 minutes. */
export const SAME_TROUBLE_MS = 30 * MINUTE_MS;

/**
 * What a vendor's signals say about its page. An incident belongs to the span that it began in, so that it is in one
 * report and no other; signals from before the span are needed to tell, and those after it to see how it ended.
 */
export function vendorReport(signals: readonly VendorSignal[], within: Span): VendorReport {
  const incidents = troublesOf(signals)
    .map(incidentOf)
    .filter((incident) => isWithin(startOf(incident), within));
  const count = (kind: VendorIncident['kind']): number =>
    incidents.filter((incident) => incident.kind === kind).length;
  const lags = incidents.flatMap(({ lag_ms }) => (lag_ms === null ? [] : [lag_ms])).sort((a, b) => a - b);
  return {
    incidents,
    told: count('told'),
    silent: count('silent'),
    unseen: count('unseen'),
    median_lag_ms: medianOf(lags),
    longest_lag_ms: lags.at(-1) ?? null,
  };
}

/** Signals that overlap or nearly do, together. */
function troublesOf(signals: readonly VendorSignal[]): VendorSignal[][] {
  const troubles: VendorSignal[][] = [];
  let end = -Infinity;
  for (const signal of [...signals].sort((one, other) => one.started_at - other.started_at)) {
    if (signal.started_at > end + SAME_TROUBLE_MS) troubles.push([]);
    troubles.at(-1)!.push(signal);
    end = Math.max(end, signal.resolved_at ?? Infinity);
  }
  return troubles;
}

function incidentOf(trouble: readonly VendorSignal[]): VendorIncident {
  const evidence = trouble.filter(({ by }) => by === 'evidence');
  const page = trouble.filter(({ by }) => by === 'page');
  const first_evidence_at = evidence[0]?.started_at ?? null;
  const page_said_at = page[0]?.started_at ?? null;
  const evidence_resolved_at = endOf(evidence);
  const page_resolved_at = endOf(page);
  return {
    kind: page_said_at === null ? 'silent' : first_evidence_at === null ? 'unseen' : 'told',
    ...{ first_evidence_at, page_said_at, evidence_resolved_at, page_resolved_at },
    lag_ms: difference(page_said_at, first_evidence_at),
    resolve_lag_ms: difference(page_resolved_at, evidence_resolved_at),
  };
}

/** Null while one of them lasts, and where there are none. */
function endOf(signals: readonly VendorSignal[]): number | null {
  const ends = signals.map(({ resolved_at }) => resolved_at ?? Infinity);
  const end = Math.max(...ends);
  return Number.isFinite(end) ? end : null;
}

function startOf({ first_evidence_at, page_said_at }: VendorIncident): number {
  return Math.min(first_evidence_at ?? Infinity, page_said_at ?? Infinity);
}

function isWithin(at: number, { from_at, until_at }: Span): boolean {
  return from_at <= at && at < until_at;
}

function difference(later: number | null, earlier: number | null): number | null {
  return later === null || earlier === null ? null : later - earlier;
}

/** @param ordered lowest first; the mean of the middle two where their number is even */
function medianOf(ordered: readonly number[]): number | null {
  if (ordered.length === 0) return null;
  const middle = Math.floor(ordered.length / 2);
  return ordered.length % 2 === 1
    ? ordered[middle]!
    : Math.round((ordered[middle - 1]! + ordered[middle]!) / 2);
}
