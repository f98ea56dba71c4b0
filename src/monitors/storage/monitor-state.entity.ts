import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CheckResult } from '../model/monitor';
import type { MonitorState } from '../model/state';

/** What is known of a monitor's target. Rewritten in the transaction that stores a check. */
@Entity('monitor_states')
export class MonitorStateEntity {
  @PrimaryColumn('text')
  monitor_id!: string;

  /** Rises with every change; who writes has to name the one that was read. */
  @Column('integer')
  version!: number;

  @Column('simple-json')
  state!: MonitorState;

  /** When the next check is due, or for a heartbeat its deadline; null while it is paused. */
  @Column('integer', { nullable: true })
  next_at!: number | null;

  /** The slot of the newest check under this definition; null before the first. */
  @Column('integer', { nullable: true })
  last_slot_at!: number | null;

  /** What the newest check said; null before the first. */
  @Column('simple-json', { nullable: true })
  last_check!: CheckResult | null;

  /** `updated_at` of the newest event about it: the next one's is no earlier. */
  @Column('integer', { nullable: true })
  told_at!: number | null;

  /** When the job said that it has begun; null where it has ended since, or never said so. */
  @Column('integer', { nullable: true })
  begun_at!: number | null;

  /** Since when it asks what it asks now: what checks took before says nothing about it. */
  @Column('integer')
  asked_since!: number;
}
