import { scheduleFields } from '../api/maintenance-request';
import type { MonitorDefinition } from '../model/monitor';
import type { MaintenanceWindowEntity } from '../storage/maintenance-window.entity';
import type { WindowFields } from '../storage/maintenance-windows.repository';
import type { MonitorEntity } from '../storage/monitor.entity';
import type { FileMonitor, FileWindow } from './monitors-file';
import { plan, type Plan, type Planned } from '../../definition-files/plan';

export interface StoredMonitor extends Planned {
  readonly row: MonitorEntity;
}

export interface WantedMonitor extends Planned {
  readonly definition: MonitorDefinition;
}

export interface StoredWindow extends Planned {
  readonly row: MaintenanceWindowEntity;
}

export interface WantedWindow extends Planned {
  readonly window: FileWindow;
}

/** What is to be done about monitors. */
export function planMonitors(
  rows: readonly MonitorEntity[],
  wanted: readonly FileMonitor[],
): Plan<StoredMonitor, WantedMonitor> {
  return plan(
    rows.map((row) => ({ ...placeOf(row), fields: { ...row.definition }, row })),
    wanted.map(({ account_id, key, definition }) => ({
      account_id,
      key,
      fields: { ...definition },
      definition,
    })),
  );
}

/** What is to be done about maintenance windows. They name monitors by their keys, and are stored with their ids. */
export function planWindows(
  rows: readonly MaintenanceWindowEntity[],
  wanted: readonly FileWindow[],
  monitors: readonly MonitorEntity[],
): Plan<StoredWindow, WantedWindow> {
  const keys = new Map(monitors.map(({ id, origin_key }) => [id, origin_key]));
  return plan(
    rows.map((row) => {
      const { name, monitor_ids, schedule } = row;
      // One that is gone, or was made anew, shows by its id that the window has to be written again.
      const names = monitor_ids?.map((id) => keys.get(id) ?? id) ?? null;
      return { ...placeOf(row), fields: { name, monitors: names, ...scheduleFields(schedule) }, row };
    }),
    wanted.map((window) => {
      const { account_id, key, name, monitors, schedule } = window;
      return { account_id, key, fields: { name, monitors, ...scheduleFields(schedule) }, window };
    }),
  );
}

/** A window of the file as it is stored. */
export function storedFields(
  { account_id, name, monitors: keys, schedule }: FileWindow,
  monitors: readonly MonitorEntity[],
): WindowFields {
  const ids = new Map(monitors.map((row) => [`${row.account_id}/${row.origin_key}`, row.id]));
  const monitor_ids = keys?.flatMap((key) => ids.get(`${account_id}/${key}`) ?? []) ?? null;
  return { name, monitor_ids, schedule };
}

/** Rows that the file has made have a key. */
function placeOf(row: { readonly account_id: string; readonly origin_key: string | null }): {
  readonly account_id: string;
  readonly key: string;
} {
  return { account_id: row.account_id, key: row.origin_key ?? '' };
}
