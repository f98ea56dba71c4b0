import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Severity } from '../../normalization/normalized-event';

/** How many events of an account, alike in severity, source and type, one process stored in one minute, hour or day. */
@Entity('event_counts')
export class EventCountEntity {
  /** Length of the bucket in milliseconds: a minute, an hour or a day. */
  @PrimaryColumn('bigint')
  span_ms!: number;

  /** Beginning of the bucket. */
  @PrimaryColumn('bigint')
  bucket_at!: number;

  @PrimaryColumn('text')
  account_id!: string;

  /** The process that counts here. */
  @PrimaryColumn('text')
  shard!: string;

  @PrimaryColumn('text')
  severity!: Severity;

  @PrimaryColumn('text')
  source!: string;

  /** Empty for all types that are not counted by name. */
  @PrimaryColumn('text')
  type!: string;

  @Column('bigint')
  count!: number;
}
