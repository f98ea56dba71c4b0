import { Statement } from '../database/statement';
import type { EventEntity } from '../events/event.entity';
import type { EventIdentity } from '../normalization/event-identity';
import type { DeliveryStatus } from '../outbox/delivery.entity';

/** What is read of an event that is not over. */
export type OpenEvent = Pick<
  EventEntity,
  'account_id' | 'event_id' | 'source' | 'kind' | 'severity' | 'service' | 'type' | 'summary' | 'started_at'
>;

/** One of the newest of all services. */
export type NewOpenEvent = OpenEvent & Pick<EventEntity, 'received_at'>;

/** Spelt as the partial indexes of open events have it. Parameters: account or null, limit. */
export const OPEN_EVENTS = new Statement<NewOpenEvent>(
  () => `
  SELECT account_id, event_id, source, kind, severity, service, type, summary, started_at, received_at
  FROM events
  WHERE resolved_at IS NULL AND kind NOT IN ('payment', 'activity')
    AND account_id = coalesce(CAST(? AS text), account_id)
  ORDER BY received_at DESC LIMIT ?`,
);

/**
 * What is broken and has been for longer than what is newest, worst first. On SQLite it goes through all open events of
 * that time, and so is read as a long read. Parameters: account or null, latest arrival, limit.
 */
export const OLDER_TROUBLE = new Statement<NewOpenEvent>(
  ({ indexedBy }) => `
  SELECT account_id, event_id, source, kind, severity, service, type, summary, started_at, received_at
  FROM events ${indexedBy('ix_events_open')}
  WHERE resolved_at IS NULL AND kind NOT IN ('payment', 'activity') AND severity <> 'info'
    AND account_id = coalesce(CAST(? AS text), account_id) AND received_at <= CAST(? AS bigint)
  ORDER BY CASE severity WHEN 'critical' THEN 0 ELSE 1 END, received_at DESC LIMIT ?`,
);

/** What is read of an event for its service's history. */
export type PastEvent = Pick<
  EventEntity,
  'source' | 'severity' | 'service' | 'started_at' | 'resolved_at' | 'received_at'
>;

/** The newest events of a kind. Parameters: kind, account or null, earliest arrival, limit. */
export const PAST_EVENTS = new Statement<PastEvent>(
  ({ indexedBy }) => `
  SELECT source, severity, service, started_at, resolved_at, received_at
  FROM events ${indexedBy('ix_events_kind')}
  WHERE kind = ? AND kind <> 'payment' AND account_id = coalesce(CAST(? AS text), account_id)
    AND received_at >= CAST(? AS bigint)
  ORDER BY received_at DESC LIMIT ?`,
);

/** A trigger of an open event. */
export interface SentTrigger extends EventIdentity {
  readonly destination: string;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly created_at: number;
  readonly finished_at: number | null;
}

/**
 * All triggers of some events, oldest first, but for reminders that have told nobody: that one waits, or was not wanted any
 * more, says nothing of the page that it would repeat. Parameter: rows of account, event.
 */
export const TRIGGERS = new Statement<SentTrigger>(
  ({ rows, lookUp }) => `
  SELECT d.account_id, d.event_id, d.destination, d.status, d.reason, d.created_at, d.finished_at
  FROM ${rows('j')} ${lookUp('deliveries', 'd', 'd.account_id = j.value ->> 0 AND d.event_id = j.value ->> 1')}
  WHERE d.action = 'trigger' AND (coalesce(d.hold, '') <> 'reminder' OR d.status IN ('delivered', 'dead'))
  ORDER BY d.id`,
);

/** When a service last had news of its own. Parameters: rows of service, account or null. */
export const LAST_SEEN = new Statement<{ service: string; received_at: number | null }>(
  ({ rows, indexedBy }) => `
  SELECT j.value ->> 0 AS service, (
    SELECT e.received_at FROM events e ${indexedBy('ix_events_service')}
    WHERE e.service = j.value ->> 0 AND e.account_id = coalesce(CAST(? AS text), e.account_id)
    ORDER BY e.received_at DESC LIMIT 1) AS received_at
  FROM ${rows('j')}`,
);

/** A monitor with what is known of it; both are JSON text. Parameters: account or null, limit. */
export const MONITORS = new Statement<{ definition: string; state: string; last_check: string | null }>(
  () => `
  SELECT m.definition, s.state, s.last_check FROM monitors m JOIN monitor_states s ON s.monitor_id = m.id
  WHERE m.account_id = coalesce(CAST(? AS text), m.account_id) ORDER BY m.account_id, m.id LIMIT ?`,
);

/** When a source last had news of an account. Parameters: source, account. */
export const LAST_OF_SOURCE = new Statement<{ received_at: number }>(
  ({ indexedBy }) => `
  SELECT received_at FROM events ${indexedBy('ix_events_source')}
  WHERE source = ? AND account_id = ? ORDER BY received_at DESC LIMIT 1`,
);

/** How many deliveries ended dead lately, among the newest. Parameters: account or null, limit, earliest end. */
export const DEAD_LATELY = new Statement<{ count: number }>(
  () => `
  SELECT count(*) AS count FROM (
    SELECT finished_at FROM deliveries
    WHERE status = 'dead' AND account_id = coalesce(CAST(? AS text), account_id) ORDER BY id DESC LIMIT ?
  ) AS dead WHERE finished_at >= CAST(? AS bigint)`,
);
