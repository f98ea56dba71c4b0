import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { CheckRollupEntity } from './check-rollup.entity';

const OF_SPAN = new Statement<CheckRollupEntity>(
  ({ rows, lookUp }) => `
  SELECT r.* FROM ${rows('j')} ${lookUp(
    'check_rollups',
    'r',
    `r.monitor_id = j.value ->> 0 AND r.span_ms = CAST(? AS bigint)
      AND r.bucket_at >= CAST(? AS bigint) AND r.bucket_at < CAST(? AS bigint)`,
  )}
  ORDER BY r.monitor_id, r.bucket_at`,
);

const OF_BUCKETS = new Statement<CheckRollupEntity>(
  ({ among, rows }) => `
  SELECT r.* FROM check_rollups r
  WHERE r.monitor_id = ? AND r.span_ms = ?
    AND r.bucket_at ${among(`SELECT CAST(j.value ->> 0 AS bigint) FROM ${rows('j')}`)}
  ORDER BY r.bucket_at`,
);

/** The table of roll-ups, for reading. `StoredResults` writes it. */
@Injectable()
export class RollupsRepository {
  constructor(private readonly database: Database) {}

  /** The roll-ups of monitors, of buckets of `spanMs` that begin from an instant until another, which is excluded. */
  read(
    monitorIds: readonly string[],
    spanMs: number,
    from: number,
    until: number,
  ): Promise<CheckRollupEntity[]> {
    const ids = JSON.stringify(monitorIds.map((id) => [id]));
    return OF_SPAN.run(this.database.read, [ids, spanMs, from, until]);
  }

  /** The roll-ups of a monitor of the given buckets. */
  readBuckets(monitorId: string, spanMs: number, buckets: readonly number[]): Promise<CheckRollupEntity[]> {
    const places = JSON.stringify(buckets.map((bucket) => [bucket]));
    return OF_BUCKETS.run(this.database.read, [monitorId, spanMs, places]);
  }
}
