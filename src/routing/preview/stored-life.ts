import type { Severity } from '../../normalization/normalized-event';
import type { RoutedEvent } from '../wishes';

/** One known state of an event. Instants are milliseconds since 1970 UTC. */
export interface KnownState {
  /** When it became known. */
  readonly at: number;
  readonly severity: Severity;
  readonly resolved_at: number | null;
}

/** What is known of an event: its states in order, at least one. */
export interface StoredLife {
  readonly event: Omit<RoutedEvent, 'severity'>;
  readonly states: readonly KnownState[];
}
