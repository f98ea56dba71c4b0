import { Statement } from '../database/statement';
import type { Severity } from '../normalization/normalized-event';
import type { HoldReason } from './delivery.entity';

/** A held trigger's new plan. */
export interface Hastening {
  readonly delivery_id: number;
  /** Null: it is held no longer. */
  readonly hold: HoldReason | null;
  /** Milliseconds since 1970; null: until now. */
  readonly held_until: number | null;
  /** What it will have to say. */
  readonly severity: Severity;
  readonly route_id: string | null;
  readonly remind_every_s: number | null;
}

/** Whether a request was ever made for `d`. Without an outcome one is under way, or the process died meanwhile. */
export const IS_ATTEMPTED = `EXISTS (SELECT 1 FROM delivery_attempts a WHERE a.delivery_id = d.id
  AND (a.outcome IS NULL OR a.outcome <> 'released'))`;

/** Parameter: rows of delivery, hold, held_until, severity, priority, route, remind_every_s. */
export const HASTEN = new Statement(
  ({ rows }) => `
  UPDATE deliveries SET hold = j.value ->> 1, held_until = CAST(j.value ->> 2 AS bigint),
    due_at = CAST(j.value ->> 2 AS bigint), severity = j.value ->> 3, priority = CAST(j.value ->> 4 AS integer),
    route_id = j.value ->> 5, remind_every_s = CAST(j.value ->> 6 AS integer)
  FROM ${rows('j')}
  WHERE deliveries.id = CAST(j.value ->> 0 AS bigint) AND deliveries.status || '' = 'pending'`,
);

/**
 * What is being sent, or was, is held no more. A claim that is under way is waited for, because it may ask the rules as
 * they were before, and take itself back. Locked in the order of ids.
 * Parameters: now, the same again, account.
 */
export const HELD_DUE = new Statement(
  ({ among, forUpdate }) => `
  UPDATE deliveries SET due_at = ?, held_until = ?
  WHERE id ${among(`SELECT d.id FROM deliveries d
    WHERE d.account_id = ? AND d.status = 'pending' AND d.hold IS NOT NULL
      AND d.lease_until IS NULL AND NOT ${IS_ATTEMPTED}
    ORDER BY d.id ${forUpdate}`)}`,
);

/** The same for the fallbacks of some events. Parameters: now, the same again, rows of account, event. */
export const FALLBACKS_DUE = new Statement(
  ({ among, forUpdate, rows }) => `
  UPDATE deliveries SET due_at = ?, held_until = ?
  WHERE id ${among(`SELECT d.id FROM deliveries d
    WHERE (d.account_id, d.event_id) IN (SELECT j.value ->> 0, j.value ->> 1 FROM ${rows('j')})
      AND d.hold = 'fallback' AND d.status || '' = 'pending' AND d.lease_until IS NULL AND NOT ${IS_ATTEMPTED}
    ORDER BY d.id ${forUpdate}`)}`,
);
