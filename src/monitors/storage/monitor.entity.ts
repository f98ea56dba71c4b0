import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MonitorDefinition } from '../model/monitor';
import type { Origin } from '../../definition-files/origin';

/** A monitor, as its owner wants it. What is known of its target is in `monitor_states`. */
@Entity('monitors')
export class MonitorEntity {
  /** 16 characters of `[a-z0-9]`, drawn by lot. */
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  account_id!: string;

  @Column('text')
  type!: MonitorDefinition['type'];

  @Column('text')
  name!: string;

  /** As it is stored, the headers that it sends have redacted values: `MonitorRows.opened` gives the true ones. */
  @Column('simple-json')
  definition!: MonitorDefinition;

  /** JSON text of those headers, sealed; null where there are none. */
  @Column('text', { nullable: true })
  header_values!: string | null;

  /** Rises with every change: a check that ran under an older one does not count. */
  @Column('integer')
  revision!: number;

  @Column('text')
  origin!: Origin;

  /** The name that the file gives it; null where it is not of the file. Unique within the account. */
  @Column('text', { nullable: true })
  origin_key!: string | null;

  /** What a job calls in with; null where the monitor is no heartbeat. Whoever knows it may call. */
  @Column('text', { nullable: true })
  token!: string | null;

  @Column('integer')
  created_at!: number;

  @Column('integer')
  updated_at!: number;
}
