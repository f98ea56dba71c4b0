import type { EventEntity } from '../events/event.entity';
import type { Action } from '../outbox/delivery.entity';
import type { Outcome } from '../outbox/outcome';

/** What a destination is to be told. */
export interface Message {
  readonly action: Action;
  readonly event: EventEntity;
  /**
   * What this message goes through: the destination's current secret, or that of an earlier trigger. A routing key of
   * the operator's, or an account's settings as JSON text.
   */
  readonly credential: string;
  readonly request_id: string | null;
  /** Name of the destination in the outbox. */
  readonly destination: string;
  readonly delivery_id: number;
  /** The delivery that opened what this one joins or closes, null for the first. */
  readonly follows: number | null;
  /** When this attempt is made, milliseconds since 1970 UTC. */
  readonly sent_at: number;
}

/** A message in the destination's own format, to be posted. */
export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A message as e-mail. */
export interface OutgoingMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** In angle brackets, as are those that it refers to. */
  readonly messageId: string;
  readonly references: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly date: Date;
}

/** An answer, as far as it decides what became of a message. */
export interface HttpAnswer {
  readonly status: number;
  /** Content-Type, empty where there is none. */
  readonly contentType: string;
  /** Beginning of the body. */
  readonly text: string;
}

interface AnyDestination {
  /** What of a credential nobody may see: it is masked in answers and errors. */
  secretsIn(credential: string): readonly string[];
}

/** Somewhere events are posted. */
export interface HttpDestination extends AnyDestination {
  readonly sentBy: 'http';
  /** Whether an account says where to: then it has to be a public address, unless ALLOW_PRIVATE_TARGETS. */
  readonly isUsersUrl: boolean;
  /** The request for a message. Pure; what it throws makes the delivery dead. */
  request(message: Message): OutgoingRequest;
  /** What an answer says about the delivery. */
  outcomeOf(answer: HttpAnswer): Outcome;
}

/** Somewhere events are mailed. */
export interface MailDestination extends AnyDestination {
  readonly sentBy: 'smtp';
  /** The mail for a message. Pure; what it throws makes the delivery dead. */
  mail(message: Message): OutgoingMail;
}

/**
 * Somewhere events are sent. It says what to send and what an answer means; timeout, retry, breaker, logging
 * and secrecy exist once, outside it.
 */
export type Destination = HttpDestination | MailDestination;
