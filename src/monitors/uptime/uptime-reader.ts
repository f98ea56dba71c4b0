import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import type { UptimeWindow } from '../model/uptime';
import { IncidentsRepository } from '../storage/incidents.repository';
import { schedulesFor } from '../storage/maintenance-window.entity';
import { MaintenanceWindowsRepository } from '../storage/maintenance-windows.repository';
import type { MonitorEntity } from '../storage/monitor.entity';
import { RollupsRepository } from '../storage/rollups.repository';
import { uptimeAnswer } from './uptime-answer';
import { uptimeSpan } from './uptime-span';
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
}
