import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import type { BookRow, SeriesKey } from '../counting/tally-book';
import type { MinuteTally } from '../model/count-history';
import { histogramText, readHistogram } from '../model/histogram-text';
import type { SloCountEntity } from './count.entity';
import type { BucketRange } from '../reading/bucket-ranges';

/** A writer's rows say all that it has counted: the newest is the whole truth. */
const WRITE = new Statement(
  ({ rows }) => `
  INSERT INTO slo_counts (series, account_id, span_ms, bucket_at, writer, good, bad, refused, latencies)
  SELECT j.value ->> 0, j.value ->> 1, CAST(j.value ->> 2 AS bigint), CAST(j.value ->> 3 AS bigint), j.value ->> 4,
    CAST(j.value ->> 5 AS bigint), CAST(j.value ->> 6 AS bigint), CAST(j.value ->> 7 AS bigint), j.value ->> 8
  FROM ${rows('j')} WHERE TRUE ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (series, account_id, span_ms, bucket_at, writer) DO UPDATE SET
    good = excluded.good, bad = excluded.bad, refused = excluded.refused, latencies = excluded.latencies`,
);

/** Parameter: rows of series, account, span, and from when until when buckets begin. */
const READ = new Statement<Pick<SloCountEntity, 'bucket_at' | 'good' | 'bad' | 'refused' | 'latencies'>>(
  ({ rows, lookUp }) => `
  SELECT c.bucket_at, c.good, c.bad, c.refused, c.latencies FROM ${rows('j')} ${lookUp(
    'slo_counts',
    'c',
    `c.series = j.value ->> 0 AND c.account_id = j.value ->> 1 AND c.span_ms = CAST(j.value ->> 2 AS bigint)
      AND c.bucket_at >= CAST(j.value ->> 3 AS bigint) AND c.bucket_at < CAST(j.value ->> 4 AS bigint)`,
  )}`,
);

const REMOVE_OLD = new Statement<{ series: string }>(
  () => `
  DELETE FROM slo_counts WHERE (series, account_id, span_ms, bucket_at, writer) IN (
    SELECT series, account_id, span_ms, bucket_at, writer FROM slo_counts
    WHERE bucket_at < ? ORDER BY bucket_at LIMIT ?)
  RETURNING series`,
);

/** The table of what was counted. */
@Injectable()
export class CountsRepository {
  constructor(private readonly database: Database) {}

  /** Stores what a book says, in place of what it said before of the same time. */
  async write(rows: readonly BookRow[]): Promise<void> {
    const values = rows.map(({ series, account_id, span_ms, bucket_at, writer, tally }) => {
      const { good, bad, refused, latencies } = tally;
      return [series, account_id, span_ms, bucket_at, writer, good, bad, refused, histogramText(latencies)];
    });
    const parameters = [JSON.stringify(values)];
    await this.database.write((tx) => WRITE.run(tx, parameters));
  }

  /** What was counted of a series in some stretches of time, by all writers, in no order. */
  async read({ series, account_id }: SeriesKey, ranges: readonly BucketRange[]): Promise<MinuteTally[]> {
    const places = ranges.map(({ span_ms, from_at, until_at }) => {
      return [series, account_id, span_ms, from_at, until_at];
    });
    const rows = await READ.run(this.database.replica, [JSON.stringify(places)]);
    return rows.map(({ bucket_at, good, bad, refused, latencies }) => ({
      minute_at: bucket_at,
      tally: { good, bad, refused, unseen: 0, latencies: readHistogram(latencies) },
    }));
  }

  /** Removes some of what is about times before an instant; answers how many rows. */
  async removeOld(before: number, limit: number): Promise<number> {
    return (await this.database.write((tx) => REMOVE_OLD.run(tx, [before, limit]))).length;
  }
}
