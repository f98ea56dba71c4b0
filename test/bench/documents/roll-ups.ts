import type { Database } from 'better-sqlite3';

/** Users that are kept of an account for an hour or a day. */
const KEPT_USERS = 100;

/** Older minutes are removed. */
const MINUTES_KEPT_MS = 7_200_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Counts the events in the table `fresh` as the service would have counted them in time before `now`. They are all
 * events of their days.
 */
export function fillRollUps(database: Database, now: number): void {
  database.prepare(countsOf(MINUTE_MS)).run(now - MINUTES_KEPT_MS);
  for (const spanMs of [HOUR_MS, DAY_MS]) {
    database.prepare(countsOf(spanMs)).run(0);
    database.exec(usersOf(spanMs));
  }
}

/** Parameter: from when on. */
function countsOf(spanMs: number): string {
  return `
    INSERT INTO event_counts (span_ms, bucket_at, account_id, shard, severity, source, type, count)
    SELECT ${spanMs}, received_at - received_at % ${spanMs} AS bucket_at, account_id, '', severity, 'app', type, count(*)
    FROM fresh WHERE received_at >= ?
    GROUP BY bucket_at, account_id, severity, type`;
}

/** The most active ones, less the count of the first who is not kept: what the service's way of cutting comes to. */
function usersOf(spanMs: number): string {
  return `
    WITH counted AS (
      SELECT received_at - received_at % ${spanMs} AS bucket_at, account_id, user_id, count(*) AS count
      FROM fresh GROUP BY 1, 2, 3
    ), ranked AS (
      SELECT *, coalesce(nth_value(count, ${KEPT_USERS + 1}) OVER (
        PARTITION BY bucket_at, account_id ORDER BY count DESC, user_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ), 0) AS cut
      FROM counted
    )
    INSERT INTO event_users (span_ms, bucket_at, account_id, users, cut)
    SELECT ${spanMs}, bucket_at, account_id,
      json_array(
        json(json_group_array(user_id) FILTER (WHERE count > cut)),
        json(json_group_array(count - cut) FILTER (WHERE count > cut))
      ), max(cut)
    FROM ranked GROUP BY bucket_at, account_id`;
}
