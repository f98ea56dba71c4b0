import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../../database/database';
import type { MaintenanceSchedule } from '../model/maintenance';
import { schedulesFor } from './maintenance-window.entity';
import { MaintenanceWindowsRepository } from './maintenance-windows.repository';
import { MonitorEntity } from './monitor.entity';
import { MonitorRows } from './monitor-rows';
import { MonitorStateEntity } from './monitor-state.entity';

/** A monitor, what is known of it, and when there is maintenance: what a result is judged by. */
export interface WatchedMonitor {
  readonly monitor: MonitorEntity;
  readonly known: MonitorStateEntity;
  readonly schedules: readonly MaintenanceSchedule[];
}

/** Reads what a result is judged by. */
@Injectable()
export class WatchedMonitors {
  constructor(
    private readonly database: Database,
    private readonly windows: MaintenanceWindowsRepository,
    private readonly rows: MonitorRows,
  ) {}

  /** Those of the monitors that there are, by id. */
  async load(ids: readonly string[]): Promise<Map<string, WatchedMonitor>> {
    if (ids.length === 0) return new Map();
    // In this order: whoever changes a definition in between raises the version, and what was read is not taken.
    const states = await this.database.read.findBy(MonitorStateEntity, { monitor_id: In([...ids]) });
    const monitors = await this.database.read.findBy(MonitorEntity, { id: In([...ids]) });
    const accounts = [...new Set(monitors.map(({ account_id }) => account_id))];
    const windows = await this.windows.ofAccounts(accounts);
    const known = new Map(states.map((state) => [state.monitor_id, state]));
    const watched = monitors.flatMap((monitor) => {
      const state = known.get(monitor.id);
      if (state === undefined) return [];
      const theirs = windows.filter(({ account_id }) => account_id === monitor.account_id);
      return [
        { monitor: this.rows.opened(monitor), known: state, schedules: schedulesFor(monitor.id, theirs) },
      ];
    });
    return new Map(watched.map((one) => [one.monitor.id, one]));
  }

  async find(id: string): Promise<WatchedMonitor | null> {
    return (await this.load([id])).get(id) ?? null;
  }
}
