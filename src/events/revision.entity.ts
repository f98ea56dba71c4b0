import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Severity } from '../normalization/normalized-event';
import type { Origin } from './event.entity';

/** The n-th known state of an event. Never changed; `seq` is the order in which states became known. */
@Entity('event_revisions')
export class RevisionEntity {
  @PrimaryColumn('integer')
  seq!: number;

  @Column('text')
  account_id!: string;

  @Column('text')
  event_id!: string;

  @Column('integer')
  revision!: number;

  @Column('text')
  origin!: Origin;

  /** What the person who resolved it by hand had to say. */
  @Column('text', { nullable: true })
  note!: string | null;

  @Column('text')
  severity!: Severity;

  @Column('text')
  summary!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  @Column('integer', { nullable: true })
  resolved_at!: number | null;

  @Column('integer')
  updated_at!: number;

  /** When this state was stored. */
  @Column('integer')
  recorded_at!: number;

  @Column('text', { nullable: true })
  request_id!: string | null;

  /** The signal of this state; null where it cannot differ from the event's own. */
  @Column('text', { nullable: true })
  raw!: string | null;
}
