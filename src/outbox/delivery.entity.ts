import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Severity } from '../normalization/normalized-event';

export const ACTIONS = ['trigger', 'resolve'] as const;
/** What a destination is asked to do about an event. */
export type Action = (typeof ACTIONS)[number];

export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead', 'skipped'] as const;
/** `pending` until it ends as one of the others; only a pending delivery is ever sent. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Why a delivery was skipped or is dead. */
export type DeliveryReason =
  /** Skipped: the event was resolved before its trigger was first sent. */
  | 'resolved_before_sent'
  /** Skipped: a resolve whose trigger never reached the destination. */
  | 'trigger_dead'
  /** Skipped: the destination was switched off or deleted before it was first sent. */
  | 'destination_off'
  /** Skipped: when its hold ended, the routes did not want it there any more. */
  | 'not_wanted'
  /** Skipped: a fallback that nobody needed, because the destinations that it stands in for have been told, or are switched off. */
  | 'not_needed'
  /** Skipped: it was held, and a person has sent an earlier one again. */
  | 'superseded'
  /** Skipped: written down only; a route that is tried out would have sent it. */
  | 'shadow'
  /** Dead: the destination refused it for good (a 4xx or 3xx answer). */
  | 'rejected'
  /** Dead: DELIVERY_MAX_ATTEMPTS attempts have failed. */
  | 'attempts_exhausted'
  /** Dead: older than DELIVERY_MAX_AGE_MS. */
  | 'expired'
  /** Dead: our own code failed on it. */
  | 'internal_error';

export const HOLD_REASONS = ['mute', 'duration', 'reminder', 'fallback'] as const;
/**
 * Why a trigger waits, although nothing is wrong with its destination. `mute`: its route is muted. `duration`: the event
 * has not lasted long enough. `reminder`: it was told, and is told again then. `fallback`: another destination may still
 * do.
 */
export type HoldReason = (typeof HOLD_REASONS)[number];

/** One action for one event at one destination: a row of the outbox. */
@Entity('deliveries')
export class DeliveryEntity {
  /** Rises in the order in which deliveries of one event were decided. */
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  account_id!: string;

  @Column('text')
  event_id!: string;

  /** The event's revision that called for it. */
  @Column('integer')
  revision!: number;

  @Column('text')
  destination!: string;

  @Column('text')
  action!: Action;

  /** The event's severity when this was decided, and from the first attempt on the one that was told. */
  @Column('text')
  severity!: Severity;

  /** Rank of the severity when this was decided, so that an index can put the worst first. */
  @Column('integer')
  priority!: number;

  @Column('text')
  status!: DeliveryStatus;

  @Column('text', { nullable: true })
  reason!: DeliveryReason | null;

  /** Fingerprint of the destination's credential that it went through; set by the first attempt. */
  @Column('text', { nullable: true })
  credential!: string | null;

  @Column('integer')
  created_at!: number;

  /** Not to be attempted before. */
  @Column('integer')
  due_at!: number;

  @Column('integer', { nullable: true })
  finished_at!: number | null;

  /** Attempts that count against DELIVERY_MAX_ATTEMPTS. */
  @Column('integer')
  attempts!: number;

  /** Number of the newest claim, and so of the newest attempt: the fencing token of its completion. */
  @Column('integer')
  claims!: number;

  /** Until when the newest claim holds; null where nobody holds it. */
  @Column('integer', { nullable: true })
  lease_until!: number | null;

  /** Why it was not to be sent at once. Until its first attempt, the rules are asked again when its turn comes. */
  @Column('text', { nullable: true })
  hold!: HoldReason | null;

  /** Until when it is, or was, held. Its age counts from then. */
  @Column('integer', { nullable: true })
  held_until!: number | null;

  /** Id of the route that wanted it, `default` for the built-in one; null for resolves. */
  @Column('text', { nullable: true })
  route_id!: string | null;

  /** While the event is open there it is told again so often, in seconds; null for once. */
  @Column('integer', { nullable: true })
  remind_every_s!: number | null;

  /** The dead or skipped delivery that this one repeats. */
  @Column('integer', { nullable: true })
  replay_of!: number | null;

  @Column('text', { nullable: true })
  request_id!: string | null;

  /** What continues the trace of the signal that called for it; null where that was not traced. */
  @Column('text', { nullable: true })
  traceparent!: string | null;
}

/** Since when a delivery waits to be sent: what its age is counted from. */
export function waitsSince({
  created_at,
  held_until,
}: Pick<DeliveryEntity, 'created_at' | 'held_until'>): number {
  return held_until ?? created_at;
}
