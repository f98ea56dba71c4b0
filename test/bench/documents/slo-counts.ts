import Sqlite from 'better-sqlite3';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What the default objectives read. */
const SERIES = [
  'http',
  'http POST /events',
  'http POST /ingest/stripe',
  'http GET /accounts/:id/summary hit',
  'http GET /accounts/:id/summary miss',
  'queue events',
  'delivery',
];

/** Of each minute. */
const GOOD = 600;

/** One in so many minutes has one bad request. */
const BAD_EVERY = 10;

/** What every objective about requests has to say: one of 6,000 and 1 is bad. */
export const SLI = 1 - 1 / (BAD_EVERY * GOOD + 1);

/**
 * Writes days of counts straight into the table of a database that the service has made and is not running on: a row for
 * each minute, hour and day of each series, the newest of which is the minute before now.
 */
export function fillWithSloCounts(databasePath: string, days: number): void {
  const database = new Sqlite(databasePath);
  // Nothing is lost if this is cut short, so it may be fast. The journal goes back to what the service expects.
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  const until = Date.now() - (Date.now() % MINUTE_MS);
  const from = until - days * DAY_MS;
  database.exec('BEGIN');
  const fill = database.prepare(FILL);
  for (const series of SERIES) fill.run({ series, from, until });
  const rollUp = database.prepare(ROLL_UP);
  for (const spanMs of [HOUR_MS, DAY_MS]) rollUp.run({ spanMs });
  database.exec('COMMIT');
  database.pragma('journal_mode = WAL');
  database.close();
}

const FILL = `
  WITH RECURSIVE minutes (bucket_at, bad) AS (
    SELECT CAST(:from AS INTEGER), 0
    UNION ALL
    SELECT bucket_at + ${MINUTE_MS}, (bucket_at / ${MINUTE_MS}) % ${BAD_EVERY} = 0
    FROM minutes WHERE bucket_at + ${MINUTE_MS} < :until
  )
  INSERT INTO slo_counts (series, account_id, span_ms, bucket_at, writer, good, bad, refused, latencies)
  SELECT :series, '', ${MINUTE_MS}, bucket_at, 'bench', ${GOOD}, bad, 0, '1:300 2:200 3:90 4:10' FROM minutes`;

const ROLL_UP = `
  INSERT INTO slo_counts (series, account_id, span_ms, bucket_at, writer, good, bad, refused, latencies)
  SELECT series, '', CAST(:spanMs AS INTEGER), bucket_at - bucket_at % CAST(:spanMs AS INTEGER), 'bench',
    sum(good), sum(bad), 0, '1:' || (count(*) * 300) || ' 2:' || (count(*) * 200) || ' 3:' || (count(*) * 90)
      || ' 4:' || (count(*) * 10)
  FROM slo_counts WHERE span_ms = ${MINUTE_MS} GROUP BY 1, 4`;
