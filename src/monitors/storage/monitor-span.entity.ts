import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SpanState } from '../model/span-changes';

/** A stretch of a monitor's life that availability counts otherwise than as up. Maintenance is not among them. */
@Entity('monitor_spans')
export class MonitorSpanEntity {
  @PrimaryColumn('text')
  monitor_id!: string;

  @PrimaryColumn('text')
  state!: SpanState;

  @PrimaryColumn('integer')
  from_at!: number;

  /** Null while it lasts. */
  @Column('integer', { nullable: true })
  until_at!: number | null;
}
