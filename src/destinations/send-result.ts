import type { Outcome } from '../outbox/outcome';
import type { Message } from './destination';

/** How an attempt went. */
export interface SendResult {
  readonly outcome: Outcome;
  readonly http_status: number | null;
  readonly error: string | null;
  /** Beginning of the answer. */
  readonly response: string | null;
  /** How long the destination asked to be left alone, in milliseconds. */
  readonly retry_after_ms: number | null;
}

/** An attempt as it was, before anything is masked. */
export interface Sent {
  readonly result: SendResult;
  /** Whether it speaks against the destination, and not against the message or this side. */
  readonly isSick: boolean;
}

/** Brings messages of one destination over. */
export interface Sender {
  /**
   * Makes one attempt, within the time. Never throws for the destination's sake.
   *
   * @throws whatever the destination's own code throws while it builds the message
   */
  send(message: Message, signal: AbortSignal): Promise<Sent>;
  close(): Promise<void>;
}

/** So much of an answer is kept. */
export const MAX_RESPONSE_BYTES = 2_000;

/** A result of which nothing more is known. */
export const NOTHING = { http_status: null, error: null, response: null, retry_after_ms: null } as const;
