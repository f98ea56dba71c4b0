import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Kind, NormalizedEvent, Severity } from '../normalization/normalized-event';

/** Who said the newest state: the event's source, or a person. */
export type Origin = 'source' | 'operator';

/** An event as it is stored: its newest revision. */
@Entity('events')
@Unique('uq_events_account_event', ['account_id', 'event_id'])
export class EventEntity implements NormalizedEvent {
  @PrimaryColumn('text')
  account_id!: string;

  @PrimaryColumn('text')
  event_id!: string;

  /** 1 for the first known state. */
  @Column('integer')
  revision!: number;

  @Column('text')
  source!: string;

  @Column('text')
  kind!: Kind;

  @Column('text')
  severity!: Severity;

  @Column('text')
  service!: string;

  @Column('text')
  type!: string;

  @Column('text', { nullable: true })
  user_id!: string | null;

  @Column('text')
  summary!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  @Column('integer')
  started_at!: number;

  @Column('integer', { nullable: true })
  resolved_at!: number | null;

  @Column('integer')
  updated_at!: number;

  /** When revision 1 was stored: the event's place in every list. */
  @Column('integer')
  received_at!: number;

  /** Whether any destination was ever to hear of it; stays true. */
  @Column('boolean')
  routed!: boolean;

  @Column('text')
  origin!: Origin;

  /** Id of the request or poll that brought the newest revision. */
  @Column('text', { nullable: true })
  request_id!: string | null;

  /** `seq` of revision 1. */
  @Column('integer')
  first_seq!: number;

  /** `seq` of the newest revision. */
  @Column('integer')
  last_seq!: number;

  /** The signal as it came, JSON text. Last, because it is long and rarely read. */
  @Column('text')
  raw!: string;
}
