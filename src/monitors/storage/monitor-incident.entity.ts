import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An outage of a monitor. The table takes one open one for each monitor, whatever races for it. */
@Entity('monitor_incidents')
export class MonitorIncidentEntity {
  @PrimaryColumn('text')
  monitor_id!: string;

  /** The first bad check. */
  @PrimaryColumn('integer')
  started_at!: number;

  @Column('text')
  account_id!: string;

  /** The event that tells of it. */
  @Column('text')
  event_id!: string;

  /** The first good check; null while it lasts. */
  @Column('integer', { nullable: true })
  resolved_at!: number | null;
}
