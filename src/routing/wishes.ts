import type { NormalizedEvent } from '../normalization/normalized-event';
import type { HoldReason } from '../outbox/delivery.entity';

/** What rules look at. */
export type RoutedEvent = Pick<
  NormalizedEvent,
  'account_id' | 'event_id' | 'source' | 'service' | 'kind' | 'severity' | 'type' | 'started_at'
>;

/** Why a trigger waits, and until when (milliseconds since 1970). */
export interface Hold {
  readonly reason: HoldReason;
  readonly until: number;
}

/** One destination where the rules want an unresolved event. */
export interface Wish {
  /** The outbox's name of the destination. */
  readonly destination: string;
  /** Id of the route that wants it, `default` for the built-in one. */
  readonly route_id: string;
  /** What delays its first trigger, null where nothing does. */
  readonly hold: Hold | null;
  /** The same for a trigger that says that it got worse: mutes only. */
  readonly hold_when_worse: Hold | null;
  /** While it is open there it is told again so often, in seconds; null for once. */
  readonly remind_every_s: number | null;
  /** Whether it is only written down that it would be sent. */
  readonly shadow: boolean;
}

/** A destination that stands in where others fail. */
export interface Fallback {
  readonly destination: string;
  readonly route_id: string;
  /** The outbox's names of the destinations that it stands in for. */
  readonly of: readonly string[];
  /** How long they have, in seconds. */
  readonly after_s: number;
}

/** What the rules want of an unresolved event at one moment. A destination stands in `wanted` at most once. */
export interface Wishes {
  readonly wanted: readonly Wish[];
  readonly fallbacks: readonly Fallback[];
}

/** The rules of one account. */
export interface Rules {
  wishesFor(event: RoutedEvent, now: number): Wishes;
}
