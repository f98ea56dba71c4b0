/** Which due deliveries are taken first. */
export type ClaimOrder = 'worst_and_newest_first' | 'oldest_due_first';

/** How far the newest-first claim looks, so that a long row of those that are not due yet costs no more than that. */
const NEWEST_WINDOW = 1_000;

const PENDING = `SELECT * FROM deliveries WHERE destination = ? AND status = 'pending'`;

const CANDIDATES: Record<ClaimOrder, { readonly rows: string; readonly order: string }> = {
  worst_and_newest_first: {
    rows: `${PENDING} ORDER BY priority DESC, id DESC LIMIT ${NEWEST_WINDOW}`,
    order: 'd.priority DESC, d.id DESC',
  },
  oldest_due_first: { rows: PENDING, order: 'd.due_at' },
};

/**
 * A row can be claimed when it is due and no earlier row of its event is pending there. A lease moves `due_at` to
 * its own end, so that nobody else's claim finds the row before that.
 */
const claimStatement = ({ rows, order }: (typeof CANDIDATES)[ClaimOrder]): string => `
  UPDATE deliveries SET claims = claims + 1, attempts = attempts + 1, lease_until = ?, due_at = ?
  WHERE id IN (
    SELECT d.id FROM (${rows}) d
    WHERE d.due_at <= ? AND NOT EXISTS (
      SELECT 1 FROM deliveries e WHERE e.account_id = d.account_id AND e.event_id = d.event_id
        AND e.destination = d.destination AND e.id < d.id AND e.status = 'pending')
    ORDER BY ${order} LIMIT ?)
  RETURNING *`;

/** Parameters: end of the lease, the same again, destination, now, limit. */
export const CLAIM: Readonly<Record<ClaimOrder, string>> = {
  worst_and_newest_first: claimStatement(CANDIDATES.worst_and_newest_first),
  oldest_due_first: claimStatement(CANDIDATES.oldest_due_first),
};

/** Before anything is sent. Parameters: now, rows of delivery, number. */
export const BEGIN_ATTEMPTS = `
  INSERT INTO delivery_attempts (delivery_id, number, started_at)
  SELECT value ->> 0, value ->> 1, ? FROM json_each(?)`;

/** What is about to be told, and through what. Parameter: rows of delivery, credential, severity. */
export const NOTE_CONTENT = `
  UPDATE deliveries SET credential = j.value ->> 1, severity = j.value ->> 2
  FROM json_each(?) j WHERE deliveries.id = j.value ->> 0`;

/**
 * Only the newest claim's completion counts: an older one has lost its lease to somebody else. Parameter: rows of
 * delivery, claim, status, reason, due_at, attempts to give back, finished_at. The plus keeps SQLite from going
 * through all pending rows by the index of `status`, and through the parameter for each.
 */
export const COMPLETE = `
  UPDATE deliveries SET
    status = j.value ->> 2, reason = j.value ->> 3, due_at = coalesce(j.value ->> 4, due_at),
    attempts = attempts - (j.value ->> 5), finished_at = j.value ->> 6, lease_until = NULL
  FROM json_each(?) j
  WHERE deliveries.id = j.value ->> 0 AND deliveries.claims = j.value ->> 1 AND +deliveries.status = 'pending'
  RETURNING id`;

/** Parameters: now, rows of delivery, claim, outcome, http_status, error, response, retry_at. */
export const COMPLETE_ATTEMPTS = `
  UPDATE delivery_attempts SET
    finished_at = ?, outcome = j.value ->> 2, http_status = j.value ->> 3, error = j.value ->> 4,
    response = j.value ->> 5, retry_at = j.value ->> 6
  FROM json_each(?) j
  WHERE delivery_attempts.delivery_id = j.value ->> 0 AND delivery_attempts.number = j.value ->> 1`;

/**
 * What is in flight ends by itself. Parameters: now, the newest `created_at` that is too old, now. Left alone,
 * SQLite reads all that is pending every time: it takes `status = 'pending'` for the rarer condition.
 */
export const EXPIRE = `
  UPDATE deliveries SET status = 'dead', reason = 'expired', finished_at = ?, lease_until = NULL
  WHERE id IN (SELECT id FROM deliveries INDEXED BY ix_deliveries_age WHERE status = 'pending'
    AND created_at <= ? AND (lease_until IS NULL OR lease_until <= ?) ORDER BY created_at LIMIT 1000)
  RETURNING *`;
