import type { DialectName } from '../database/dialect';
import { Statement } from '../database/statement';
import type { EventEntity } from '../events/event.entity';
import type { DeliveryEntity } from '../outbox/delivery.entity';

/** Which due deliveries are taken first. */
export type ClaimOrder = 'worst_and_newest_first' | 'oldest_due_first';

/** How far the newest-first claim looks, so that a long row of those that are not due yet costs no more than that. */
const NEWEST_WINDOW = 1_000;

const NEWEST = `SELECT * FROM deliveries WHERE destination = ? AND status = 'pending'
  ORDER BY priority DESC, id DESC LIMIT ${NEWEST_WINDOW}`;

/**
 * The conditions on id and status are written so that no index serves them: the few rows of an event are found by its
 * identity. PostgreSQL, before it has statistics of a table that has just been filled, goes through all that is pending
 * for each row otherwise.
 */
const IS_NEXT = `NOT EXISTS (
  SELECT 1 FROM deliveries e WHERE e.account_id = d.account_id AND e.event_id = d.event_id
    AND e.destination = d.destination AND e.id + 0 < d.id AND e.status || '' = 'pending')`;

/** What is looked through, in the texts that each database has a good plan for whatever it knows of the table. */
const CANDIDATES: Record<
  ClaimOrder,
  { readonly sqlite: string; readonly postgres: string; readonly order: string }
> = {
  worst_and_newest_first: {
    sqlite: `(${NEWEST}) d WHERE d.due_at <= ?`,
    postgres: `deliveries d WHERE d.id = ANY (ARRAY(SELECT n.id FROM (${NEWEST}) n))
      AND d.due_at + 0 <= ? AND d.status || '' = 'pending'`,
    order: 'd.priority DESC, d.id DESC',
  },
  oldest_due_first: {
    sqlite: `deliveries d WHERE d.destination = ? AND d.due_at <= ? AND d.status = 'pending'`,
    postgres: `deliveries d WHERE d.destination = ? AND d.due_at <= ? AND d.due_at >= 0 AND d.status = 'pending'`,
    order: 'd.due_at',
  },
};

/**
 * PostgreSQL may look for what stands behind IN anew for each row that it compares with it; each look passes over what
 * the one before has taken, and so the limit would not hold.
 */
const CHOSEN: Record<DialectName, (choice: string) => string> = {
  sqlite: (choice) => `IN (${choice})`,
  postgres: (choice) => `= ANY (ARRAY(${choice}))`,
};

/**
 * A row can be claimed when it is due and no earlier row of its event is pending there. A lease moves `due_at` to
 * its own end, so that nobody else's claim finds the row before that. What another process is just claiming is
 * passed over, and does not count against the limit.
 */
const claimStatement = (by: ClaimOrder): Statement<DeliveryEntity> => {
  const { order, ...candidates } = CANDIDATES[by];
  return new Statement(({ name, forUpdateSkipLocked }) => {
    const choice = `SELECT d.id FROM ${candidates[name]} AND ${IS_NEXT} ORDER BY ${order} LIMIT ? ${forUpdateSkipLocked}`;
    return `
  UPDATE deliveries SET claims = claims + 1, attempts = attempts + 1, lease_until = ?, due_at = ?
  WHERE id ${CHOSEN[name](choice)}
  RETURNING *`;
  });
};

/** Parameters: end of the lease, the same again, destination, now, limit. */
export const CLAIM: Readonly<Record<ClaimOrder, Statement<DeliveryEntity>>> = {
  worst_and_newest_first: claimStatement('worst_and_newest_first'),
  oldest_due_first: claimStatement('oldest_due_first'),
};

/** Before anything is sent. Parameters: now, rows of delivery, number. */
export const BEGIN_ATTEMPTS = new Statement(
  ({ rows }) => `
  INSERT INTO delivery_attempts (delivery_id, number, started_at)
  SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS integer), CAST(? AS bigint) FROM ${rows('j')}`,
);

/** What is about to be told, and through what. Parameter: rows of delivery, credential, severity. */
export const NOTE_CONTENT = new Statement(
  ({ rows }) => `
  UPDATE deliveries SET credential = j.value ->> 1, severity = j.value ->> 2
  FROM ${rows('j')} WHERE deliveries.id = CAST(j.value ->> 0 AS bigint)`,
);

/**
 * Only the newest claim's completion counts: an older one has lost its lease to somebody else. Parameter: rows of
 * delivery, claim, status, reason, due_at, attempts to give back, finished_at. The status is compared in a way that
 * no index serves: SQLite would go through all pending rows, and through the parameter for each.
 */
export const COMPLETE = new Statement<{ id: number }>(
  ({ rows }) => `
  UPDATE deliveries SET
    status = j.value ->> 2, reason = j.value ->> 3,
    due_at = coalesce(CAST(j.value ->> 4 AS bigint), due_at),
    attempts = attempts - CAST(j.value ->> 5 AS integer),
    finished_at = CAST(j.value ->> 6 AS bigint), lease_until = NULL
  FROM ${rows('j')}
  WHERE deliveries.id = CAST(j.value ->> 0 AS bigint) AND deliveries.claims = CAST(j.value ->> 1 AS integer)
    AND deliveries.status || '' = 'pending'
  RETURNING id`,
);

/** Parameters: now, rows of delivery, claim, outcome, http_status, error, response, retry_at. */
export const COMPLETE_ATTEMPTS = new Statement(
  ({ rows }) => `
  UPDATE delivery_attempts SET
    finished_at = ?, outcome = j.value ->> 2, http_status = CAST(j.value ->> 3 AS integer),
    error = j.value ->> 4, response = j.value ->> 5, retry_at = CAST(j.value ->> 6 AS bigint)
  FROM ${rows('j')}
  WHERE delivery_attempts.delivery_id = CAST(j.value ->> 0 AS bigint)
    AND delivery_attempts.number = CAST(j.value ->> 1 AS integer)`,
);

/**
 * What is in flight ends by itself, and the age of what was held counts from the end of its hold. Parameters: now, the
 * newest beginning that is too old, now. Left alone, SQLite reads all that is pending every time: it takes `status = 'pending'` for the rarer condition.
 */
export const EXPIRE = new Statement<DeliveryEntity>(
  ({ indexedBy, forUpdateSkipLocked }) => `
  UPDATE deliveries SET status = 'dead', reason = 'expired', finished_at = ?, lease_until = NULL
  WHERE id IN (SELECT id FROM deliveries ${indexedBy('ix_deliveries_age')} WHERE status = 'pending'
    AND coalesce(held_until, created_at) <= ? AND (lease_until IS NULL OR lease_until <= ?)
    ORDER BY coalesce(held_until, created_at) LIMIT 1000 ${forUpdateSkipLocked})
  RETURNING *`,
);

/** Parameter: rows of account, event. */
export const EVENTS_OF = new Statement<EventEntity>(
  ({ rows, lookUp }) => `
  SELECT e.* FROM ${rows('j')}
    ${lookUp('events', 'e', 'e.account_id = j.value ->> 0 AND e.event_id = j.value ->> 1')}`,
);

/** Parameter: rows of one fingerprint of what leads nowhere. */
export const ABANDON = new Statement(
  ({ rows }) => `
  UPDATE destination_credentials SET abandoned = (fingerprint IN (SELECT j.value ->> 0 FROM ${rows('j')}))`,
);

/** Parameter: now. */
export const RELEASE_ALL = new Statement<{ id: number }>(
  () => `
  UPDATE deliveries SET lease_until = NULL, due_at = ? WHERE status = 'pending' AND lease_until IS NOT NULL
  RETURNING id`,
);

/** Parameters: destination, the instant after which is looked. */
export const NEXT_DUE = new Statement<{ due_at: number | null }>(
  () => `
  SELECT min(due_at) AS due_at FROM deliveries WHERE destination = ? AND status = 'pending' AND due_at > ? AND due_at >= 0`,
);

/** Parameters: now, limit. */
export const DUE = new Statement<Pick<DeliveryEntity, 'id' | 'claims'>>(
  () =>
    `SELECT id, claims FROM deliveries WHERE status = 'pending' AND due_at <= ? AND due_at >= 0 ORDER BY due_at LIMIT ?`,
);

/** A destination that has something pending. */
export interface WaitingDestination {
  readonly destination: string;
  readonly is_due: boolean;
}

/**
 * One look into the index for each destination, however much is pending there. Parameters: the name after which is
 * looked, how many, now.
 */
export const WAITING_DESTINATIONS = new Statement<WaitingDestination & { is_due: unknown }>(
  ({ indexedBy }) => {
    const next = (after: string): string => `(SELECT min(d.destination)
    FROM deliveries d ${indexedBy('ix_deliveries_due')} WHERE d.status = 'pending' AND d.destination > ${after})`;
    return `
  WITH RECURSIVE waiting (destination, number) AS (
    SELECT ${next('?')}, 1
    UNION ALL
    SELECT ${next('waiting.destination')}, number + 1 FROM waiting
    WHERE waiting.destination IS NOT NULL AND number < CAST(? AS integer)
  )
  SELECT destination, EXISTS (SELECT 1 FROM deliveries d WHERE d.status = 'pending'
    AND d.destination = waiting.destination AND d.due_at <= ? AND d.due_at >= 0) AS is_due
  FROM waiting WHERE destination IS NOT NULL ORDER BY destination`;
  },
);
