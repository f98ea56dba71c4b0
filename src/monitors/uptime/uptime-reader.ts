import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../../database/database';
import { HOUR_MS } from '../../events/summary/time-buckets';
import { addCounts, uptimeOf, type UptimeWindow } from '../model/uptime';
import type { CheckRollupEntity } from '../storage/check-rollup.entity';
import { IncidentsRepository } from '../storage/incidents.repository';
import { schedulesFor } from '../storage/maintenance-window.entity';
import { MaintenanceWindowsRepository } from '../storage/maintenance-windows.repository';
import { MonitorEntity } from '../storage/monitor.entity';
import { RollupsRepository } from '../storage/rollups.repository';
import { uptimeAnswer } from './uptime-answer';
import { bucketViews } from './uptime-history';
import type { MonitorUptimeView, UptimeHistoryView } from './uptime-history-views';
import { uptimeSpan, type UptimeSpan } from './uptime-span';
import type { UptimeView } from './uptime-views';

const MAX_INCIDENTS = 100;

/** Reads how well targets did: from roll-ups, so that it costs the same however many checks there were. */
@Injectable()
export class UptimeReader {
  constructor(
    private readonly database: Database,
    private readonly rollups: RollupsRepository,
    private readonly incidents: IncidentsRepository,
    private readonly windows: MaintenanceWindowsRepository,
  ) {}

  async read(monitor: MonitorEntity, window: UptimeWindow): Promise<UptimeView> {
    const span = uptimeSpan(window, await this.database.now());
    const { span_ms, from_at, until_at } = span;
    const [rollups, incidents, windows] = await Promise.all([
      this.rollups.read([monitor.id], span_ms, from_at, until_at + 1),
      this.incidents.within(monitor.id, from_at, until_at, MAX_INCIDENTS),
      this.windows.ofAccounts([monitor.account_id]),
    ]);
    return uptimeAnswer({
      window,
      span,
      monitor,
      rollups,
      incidents,
      schedules: schedulesFor(monitor.id, windows),
    });
  }

  /** The buckets of a window, one by one. */
  async history(monitor: MonitorEntity, window: UptimeWindow): Promise<UptimeHistoryView> {
    const { span_ms, from_at, until_at } = uptimeSpan(window, await this.database.now());
    const rollups = await this.rollups.read([monitor.id], span_ms, from_at, until_at + 1);
    return { monitor_id: monitor.id, window, bucket_s: span_ms / 1_000, buckets: bucketViews(rollups) };
  }

  /** Some monitors of an account in short; those that it does not have are left out. */
  async readMany(account_id: string, ids: readonly string[]): Promise<MonitorUptimeView[]> {
    const where = { account_id, id: In([...ids]) };
    const monitors = await this.database.read.findBy(MonitorEntity, where);
    const now = await this.database.now();
    // Those of a week by hours hold those of a day, and those of 90 days by days those of 30.
    const [hours, days] = await Promise.all([
      this.rollupsOf(monitors, uptimeSpan('7d', now)),
      this.rollupsOf(monitors, uptimeSpan('90d', now)),
    ]);
    return monitors.map((monitor) => {
      const percentOf = (window: UptimeWindow): number | null => {
        const { from_at, span_ms } = uptimeSpan(window, now);
        const rollups = (span_ms === HOUR_MS ? hours : days).get(monitor.id) ?? [];
        const counts = addCounts(rollups.filter(({ bucket_at }) => bucket_at >= from_at));
        return uptimeOf(counts, 0).uptime_percent;
      };
      const dayAt = uptimeSpan('24h', now).from_at;
      const lastDay = (hours.get(monitor.id) ?? []).filter(({ bucket_at }) => bucket_at >= dayAt);
      return {
        monitor_id: monitor.id,
        uptime_percent: {
          '24h': percentOf('24h'),
          '7d': percentOf('7d'),
          '30d': percentOf('30d'),
          '90d': percentOf('90d'),
        },
        hours: bucketViews(lastDay),
      };
    });
  }

  private async rollupsOf(
    monitors: readonly MonitorEntity[],
    { span_ms, from_at, until_at }: UptimeSpan,
  ): Promise<Map<string, CheckRollupEntity[]>> {
    const ids = monitors.map(({ id }) => id);
    const rollups = await this.rollups.read(ids, span_ms, from_at, until_at + 1);
    return Map.groupBy(rollups, ({ monitor_id }) => monitor_id);
  }
}
