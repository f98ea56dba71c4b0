/** What sort of thing an event tells of. `payment` and `activity` are points in time and never change. */
export const KINDS = ['incident', 'status', 'payment', 'activity'] as const;
export type Kind = (typeof KINDS)[number];

/** How bad it is, least first. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The account of events whose signal names no other. */
export const DEFAULT_ACCOUNT = 'default';

/** Longest `event_id`, in bytes of UTF-8. */
export const MAX_EVENT_ID_BYTES = 1_024;

/**
 * A signal, normalized: what every source produces and the rest of the service works on. Field names are those
 * of the tables and of the API. Instants are milliseconds since 1970 UTC.
 */
export interface NormalizedEvent {
  readonly account_id: string;
  /** Unique within the account; made by the source's normalizer so that a repeat gets the same one. */
  readonly event_id: string;
  readonly source: string;
  readonly kind: Kind;
  readonly severity: Severity;
  /** The vendor's or tenant's service that the event is about. */
  readonly service: string;
  /** The source's own word for what happened, for example `payout.failed` or `component`. */
  readonly type: string;
  readonly user_id: string | null;
  readonly summary: string;
  readonly description: string | null;
  /** When it began. `updated_at` where the signal does not say: the start of an event that is known already stays. */
  readonly started_at: number;
  readonly resolved_at: number | null;
  /** The source's own time of this state: an older one never replaces a newer one. */
  readonly updated_at: number;
  /** The signal as it came: JSON text. */
  readonly raw: string;
}

/** Whether later signals about the same event may change it. */
export function isChangeable(kind: Kind): boolean {
  return kind === 'incident' || kind === 'status';
}

/** Position on the scale of severities: higher is worse. */
export function rankOf(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
