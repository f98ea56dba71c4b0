import { Statement } from '../../database/statement';

const COLUMNS = 'span_ms, bucket_at, account_id, shard, severity, source, type, count';

const ADD_TO_KNOWN = `
  ON CONFLICT (span_ms, bucket_at, account_id, shard, severity, source, type)
    DO UPDATE SET count = event_counts.count + excluded.count`;

/** A minute, an hour and a day. */
const BUCKETS = 3;

/** How many rows one statement counts on SQLite. Few sizes, because the driver keeps statements by their text. */
const SIZES = [1, 2, 4, 8, 16, 32, 64];

/**
 * For SQLite, by number of rows. Parameters: shard, buckets, rows; rows of nulls fill a statement up. Plain VALUES,
 * joined here: as one JSON text they would take twice the time, and as a row for each bucket half as much again.
 */
export const COUNT_ON_SQLITE = SIZES.map((size) => {
  const text = `
  INSERT INTO event_counts (${COLUMNS})
  SELECT b.column1, b.column2, r.column1, ?, r.column2, r.column3, r.column4, r.column5
  FROM (VALUES ${places(BUCKETS, 2)}) AS b CROSS JOIN (VALUES ${places(size, 5)}) AS r
  WHERE r.column1 IS NOT NULL ${ADD_TO_KNOWN}`;
  return { size, statement: new Statement(() => text) };
});

/** For SQLite. Parameters: when the batch was received, what its users did. */
export const NOTE_ON_SQLITE = new Statement(
  () => 'INSERT INTO event_user_tallies (received_at, tallies) VALUES (?, ?)',
);

/**
 * For PostgreSQL both in one, which saves a way to the server and back. Parameters: when the batch was received, what
 * its users did or null, shard, lengths and beginnings of the buckets, and the columns of the rows.
 */
export const COUNT_AND_NOTE_ON_POSTGRES = new Statement(
  () => `
  WITH noted AS (
    INSERT INTO event_user_tallies (received_at, tallies)
    SELECT batch.* FROM (SELECT CAST(? AS bigint), CAST(? AS text) AS tallies) AS batch WHERE tallies IS NOT NULL
  )
  INSERT INTO event_counts (${COLUMNS})
  SELECT b.span_ms, b.bucket_at, r.account_id, CAST(? AS text), r.severity, r.source, r.type, r.count
  FROM unnest(CAST(? AS bigint[]), CAST(? AS bigint[])) AS b (span_ms, bucket_at)
  CROSS JOIN unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]))
    AS r (account_id, severity, source, type, count)
  ORDER BY 1, 2, 3, 4, 5, 6, 7 ${ADD_TO_KNOWN}`,
);

/** Places for the parameters of some rows. */
function places(rows: number, width: number): string {
  const row = `(${Array(width).fill('?').join(', ')})`;
  return Array(rows).fill(row).join(', ');
}
