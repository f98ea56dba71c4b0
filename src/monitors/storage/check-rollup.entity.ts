import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CheckCounts } from '../model/uptime';

/** How the checks of a monitor ended that began within a minute, an hour or a day of UTC. */
@Entity('check_rollups')
export class CheckRollupEntity implements CheckCounts {
  @PrimaryColumn('text')
  monitor_id!: string;

  /** How long the time is. */
  @PrimaryColumn('integer')
  span_ms!: number;

  /** When it begins. */
  @PrimaryColumn('integer')
  bucket_at!: number;

  @Column('integer')
  up!: number;

  @Column('integer')
  degraded!: number;

  @Column('integer')
  down!: number;

  @Column('integer')
  unknown!: number;

  /** Those that began in a maintenance window, however they ended. */
  @Column('integer')
  maintenance!: number;

  /** How long those took that were up or degraded, out of maintenance (`readSketch`). */
  @Column('text')
  sketch!: string;
}
