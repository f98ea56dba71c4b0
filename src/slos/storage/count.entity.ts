import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one writer has counted of a series within a minute, an hour or a day of UTC. Rows of several writers add up. */
@Entity('slo_counts')
export class SloCountEntity {
  /** Such as `http POST /events` (`series.ts`). */
  @PrimaryColumn('text')
  series!: string;

  /** Empty for all accounts together. */
  @PrimaryColumn('text')
  account_id!: string;

  /** How long the time is. */
  @PrimaryColumn('integer')
  span_ms!: number;

  /** When it begins. */
  @PrimaryColumn('integer')
  bucket_at!: number;

  /** Whose row it is: a process from its start on, or from when its clock was set back. */
  @PrimaryColumn('text')
  writer!: string;

  @Column('integer')
  good!: number;

  @Column('integer')
  bad!: number;

  @Column('integer')
  refused!: number;

  /** How long those took that were good (`histogramText`). */
  @Column('text')
  latencies!: string;
}
