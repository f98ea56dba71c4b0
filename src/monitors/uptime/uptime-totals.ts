import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { NO_CHECKS, UPTIME_WINDOWS, type CheckCounts, type UptimeWindow } from '../model/uptime';
import { uptimeSpan } from './uptime-span';

/** Parameters: rows of monitor, length of the buckets, where the first begins. */
const TOTALS = new Statement<CheckCounts & { readonly monitor_id: string }>(
  ({ rows, lookUp }) => `
  SELECT r.monitor_id, CAST(sum(r.up) AS bigint) AS up, CAST(sum(r.degraded) AS bigint) AS degraded,
    CAST(sum(r.down) AS bigint) AS down, CAST(sum(r.unknown) AS bigint) AS unknown,
    CAST(sum(r.maintenance) AS bigint) AS maintenance
  FROM ${rows('j')} ${lookUp(
    'check_rollups',
    'r',
    `r.monitor_id = j.value ->> 0 AND r.span_ms = CAST(? AS bigint) AND r.bucket_at >= CAST(? AS bigint)`,
  )}
  GROUP BY r.monitor_id`,
);

/** How the checks of one monitor ended, by window. */
export type TotalsByWindow = Readonly<Record<UptimeWindow, CheckCounts>>;

const WINDOWS = Object.keys(UPTIME_WINDOWS) as UptimeWindow[];

/** Counts the checks of many monitors in all windows, beside the event loop: it may go through very many roll-ups. */
@Injectable()
export class UptimeTotals {
  constructor(private readonly database: Database) {}

  /** By monitor; one that has no roll-up is missing. `now` in milliseconds since 1970 UTC. */
  async of(monitorIds: readonly string[], now: number): Promise<ReadonlyMap<string, TotalsByWindow>> {
    if (monitorIds.length === 0) return new Map();
    const ids = JSON.stringify(monitorIds.map((id) => [id]));
    const found = new Map<string, Record<UptimeWindow, CheckCounts>>();
    await this.database.longRead(async (reader) => {
      for (const window of WINDOWS) {
        const { span_ms, from_at } = uptimeSpan(window, now);
        for (const { monitor_id, ...counts } of await TOTALS.run(reader, [ids, span_ms, from_at])) {
          const totals = found.get(monitor_id) ?? noTotals();
          found.set(monitor_id, { ...totals, [window]: numbers(counts) });
        }
      }
    });
    return found;
  }
}

function noTotals(): Record<UptimeWindow, CheckCounts> {
  return { '24h': NO_CHECKS, '7d': NO_CHECKS, '30d': NO_CHECKS, '90d': NO_CHECKS };
}

function numbers({ up, degraded, down, unknown, maintenance }: CheckCounts): CheckCounts {
  return {
    up: Number(up),
    degraded: Number(degraded),
    down: Number(down),
    unknown: Number(unknown),
    maintenance: Number(maintenance),
  };
}
