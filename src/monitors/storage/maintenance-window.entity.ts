import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MaintenanceSchedule } from '../model/maintenance';
import type { Origin } from '../../definition-files/origin';

/** When somebody works on the targets of some monitors. */
@Entity('maintenance_windows')
export class MaintenanceWindowEntity {
  /** 16 characters of `[a-z0-9]`, drawn by lot. */
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  account_id!: string;

  @Column('text')
  name!: string;

  /** Null: all monitors of the account. */
  @Column('simple-json', { nullable: true })
  monitor_ids!: string[] | null;

  @Column('simple-json')
  schedule!: MaintenanceSchedule;

  @Column('text')
  origin!: Origin;

  /** The name that the file gives it; null where it is not of the file. Unique within the account. */
  @Column('text', { nullable: true })
  origin_key!: string | null;

  @Column('integer')
  created_at!: number;

  @Column('integer')
  updated_at!: number;
}

/** The schedules that hold for a monitor, of the windows of its account. */
export function schedulesFor(
  monitorId: string,
  windows: readonly MaintenanceWindowEntity[],
): readonly MaintenanceSchedule[] {
  return windows
    .filter(({ monitor_ids }) => monitor_ids === null || monitor_ids.includes(monitorId))
    .map(({ schedule }) => schedule);
}
