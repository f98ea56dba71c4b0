import Sqlite from 'better-sqlite3';

/** Days of roll-ups: the longest window of uptime, and the day in which it begins. */
export const DAYS = 91;

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const CHECKS_AN_HOUR = 60;

/** Of each hour's checks. */
const DOWN_AN_HOUR = 3;

/** Shares of good and bad: what the service has to answer. */
export const UPTIME_PERCENT = 95;

/** Different durations of an hour's good checks and of a day's; a number divides that of the checks. */
const DURATIONS_AN_HOUR = 19;
const DURATIONS_A_DAY = 72;

/** The bucket of the shortest one, some 60 ms. */
const FIRST_BUCKET = 205;

/**
 * Writes the hours and days of monitors checked once a minute straight into the tables of a database that the service
 * has made and is not running on, for all monitors that there are. They are then as old as their roll-ups.
 */
export function fillWithCheckRollUps(databasePath: string): void {
  const database = new Sqlite(databasePath);
  // Nothing is lost if this is cut short, so it may be fast. The journal goes back to what the service expects.
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  const today = Date.now() - (Date.now() % DAY_MS);
  const oldestAt = today - DAYS * DAY_MS;
  database.exec('BEGIN');
  database.prepare('UPDATE monitors SET created_at = ?').run(oldestAt);
  const fill = database.prepare(FILL);
  fill.run(rowsOf(HOUR_MS, oldestAt, sketchOf(CHECKS_AN_HOUR - DOWN_AN_HOUR, DURATIONS_AN_HOUR)));
  fill.run(rowsOf(DAY_MS, oldestAt, sketchOf(24 * (CHECKS_AN_HOUR - DOWN_AN_HOUR), DURATIONS_A_DAY)));
  database.exec('COMMIT');
  database.pragma('journal_mode = WAL');
  database.close();
}

/** In the order of the key, for each monitor all buckets from the oldest to the last of yesterday. */
const FILL = `
  WITH RECURSIVE buckets (bucket_at) AS (
    SELECT CAST(:oldestAt AS INTEGER)
    UNION ALL SELECT bucket_at + CAST(:spanMs AS INTEGER) FROM buckets WHERE bucket_at + :spanMs < :until
  )
  INSERT INTO check_rollups (monitor_id, span_ms, bucket_at, up, degraded, down, unknown, maintenance, sketch)
  SELECT id, CAST(:spanMs AS INTEGER), bucket_at, CAST(:up AS INTEGER), 0, CAST(:down AS INTEGER), 0, 0, :sketch
  FROM monitors CROSS JOIN buckets ORDER BY id, bucket_at`;

function rowsOf(spanMs: number, oldestAt: number, sketch: string): object {
  const hours = spanMs / HOUR_MS;
  const until = oldestAt + DAYS * DAY_MS;
  const up = hours * (CHECKS_AN_HOUR - DOWN_AN_HOUR);
  return { spanMs, oldestAt, until, up, down: hours * DOWN_AN_HOUR, sketch };
}

/** As the service writes it: version, durations of 0, and then bucket and count in turns. */
function sketchOf(checks: number, durations: number): string {
  const buckets = Array.from({ length: durations }, (_, index) => [FIRST_BUCKET + index, checks / durations]);
  return JSON.stringify([1, 0, buckets.flat()]);
}
