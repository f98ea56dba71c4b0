import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import type { SpanChange } from '../model/span-changes';
import type { MonitorSpanEntity } from './monitor-span.entity';

/** A change of a monitor's. */
export interface MonitorSpanChange extends SpanChange {
  readonly monitor_id: string;
}

const BEGIN = new Statement(
  ({ rows }) => `
  INSERT INTO monitor_spans (monitor_id, state, from_at, until_at)
  SELECT j.value ->> 0, j.value ->> 1, CAST(j.value ->> 2 AS bigint), NULL FROM ${rows('j')} WHERE TRUE ORDER BY 1, 2, 3
  ON CONFLICT (monitor_id, state, from_at) DO UPDATE SET until_at = NULL`,
);

/** Not before its beginning, also where the clock was set back. */
const END = new Statement(
  ({ rows }) => `
  UPDATE monitor_spans AS s
  SET until_at = CASE WHEN CAST(j.value ->> 2 AS bigint) > s.from_at THEN CAST(j.value ->> 2 AS bigint) ELSE s.from_at END
  FROM ${rows('j')}
  WHERE s.monitor_id = j.value ->> 0 AND s.state = j.value ->> 1 AND s.until_at IS NULL`,
);

/** Parameters: rows of a monitor; until when and from when. */
const WITHIN = new Statement<MonitorSpanEntity>(
  ({ rows, lookUp }) => `
  SELECT s.* FROM ${rows('j')} ${lookUp(
    'monitor_spans',
    's',
    `s.monitor_id = j.value ->> 0 AND s.from_at < CAST(? AS bigint)
      AND (s.until_at IS NULL OR s.until_at > CAST(? AS bigint))`,
  )}`,
);

const DOWN_SINCE = new Statement<{ monitor_id: string }>(
  () => `
  SELECT monitor_id FROM monitor_spans WHERE state = 'down' AND until_at IS NULL
  UNION SELECT monitor_id FROM monitor_spans WHERE state = 'down' AND until_at > ?`,
);

/** What has ended long ago, and what nobody will ever end because its monitor is gone. */
const REMOVE_OLD = new Statement<{ monitor_id: string }>(
  () => `
  DELETE FROM monitor_spans WHERE (monitor_id, state, from_at) IN (
    SELECT s.monitor_id, s.state, s.from_at FROM monitor_spans s
    WHERE s.until_at < ? OR NOT EXISTS (SELECT 1 FROM monitors m WHERE m.id = s.monitor_id) LIMIT ?)
  RETURNING monitor_id`,
);

/** The table of what happened to monitors, as availability is reckoned from it. */
@Injectable()
export class MonitorSpansRepository {
  constructor(private readonly database: Database) {}

  /** Keeps changes; in the transaction that changes what is known of the monitors. */
  async apply(tx: EntityManager, changes: readonly MonitorSpanChange[]): Promise<void> {
    for (const [statement, what] of [
      [END, 'end'],
      [BEGIN, 'begin'],
    ] as const) {
      const those = changes.filter((change) => change.do === what);
      if (those.length === 0) continue;
      await statement.run(tx, [JSON.stringify(those.map((one) => [one.monitor_id, one.state, one.at]))]);
    }
  }

  /** Stretches of some monitors that reach into a time. */
  within(monitorIds: readonly string[], from: number, until: number): Promise<MonitorSpanEntity[]> {
    const ids = JSON.stringify(monitorIds.map((id) => [id]));
    return WITHIN.run(this.database.read, [ids, until, from]);
  }

  /** Monitors that were down at some time since an instant. */
  async downSince(at: number): Promise<string[]> {
    return (await DOWN_SINCE.run(this.database.read, [at])).map(({ monitor_id }) => monitor_id);
  }

  /** Removes some of those that ended before an instant, or whose monitor is deleted; answers how many. */
  async removeOld(before: number, limit: number): Promise<number> {
    return (await this.database.write((tx) => REMOVE_OLD.run(tx, [before, limit]))).length;
  }
}
