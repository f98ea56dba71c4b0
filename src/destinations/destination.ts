import type { EventEntity } from '../events/event.entity';
import type { Action } from '../outbox/delivery.entity';
import type { Outcome } from '../outbox/outcome';

/** What a destination is to be told. */
export interface Message {
  readonly action: Action;
  readonly event: EventEntity;
  /** The secret this message goes through: the destination's current one, or that of an earlier trigger. */
  readonly credential: string;
  readonly request_id: string | null;
}

/** A message in the destination's own format. */
export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Somewhere events are sent. It says what to send and what an answer means; timeout, retry, breaker, logging
 * and secrecy exist once, outside it.
 */
export interface Destination {
  readonly name: string;
  /** The secret new triggers go through. Never logged, never shown. */
  readonly credential: string;
  /** Secrets of earlier settings that lead nowhere any more. */
  readonly abandonedCredentials: readonly string[];
  /** The request for a message. Pure; what it throws makes the delivery dead. */
  request(message: Message): OutgoingRequest;
  /** What an HTTP answer says about the delivery. */
  outcomeOf(status: number): Outcome;
}
