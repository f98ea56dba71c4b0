import type { NormalizedEvent } from '../normalization/normalized-event';

/** What became of one event that was handed to `record()`. */
export interface RecordedEvent {
  readonly event: NormalizedEvent;
  /**
   * `stored`: new. `changed`: the next revision of a known event. `duplicate`: known, and nothing in it is
   * new. `stale`: older than what is known, and ignored.
   */
  readonly outcome: 'stored' | 'changed' | 'duplicate' | 'stale';
  /** Whether a trigger was written to the outbox for it. */
  readonly is_triggered: boolean;
  /** Whether anything was written to the outbox for it. */
  readonly has_deliveries: boolean;
}
