import type { SendResult } from '../destinations/send-result';
import { waitsSince, type DeliveryEntity, type DeliveryReason } from '../outbox/delivery.entity';
import { fullJitter } from '../reliability/backoff';

/** How long and how often a delivery is tried. Durations in milliseconds. */
export interface DeliveryPolicy {
  readonly maxAttempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
  readonly maxAgeMs: number;
}

/** What becomes of a delivery after an attempt. */
export type NextStep =
  | { readonly status: 'delivered' }
  | { readonly status: 'dead'; readonly reason: DeliveryReason }
  | { readonly status: 'pending'; readonly due_at: number; readonly uses_attempt: boolean };

/**
 * Decides what follows from an attempt. Pure. `attempts` (those that count) and `claims` (all of them) include
 * this one.
 *
 * A destination that asks for patience (429, Retry-After) delays the delivery without using up attempts, so
 * only age ends it; what this side gave back is due at once and costs nothing; what a repeat would not mend is
 * dead at once; everything else is tried again with exponential back-off and full jitter, within attempts and
 * age.
 */
export function nextStep(
  delivery: Pick<DeliveryEntity, 'attempts' | 'claims' | 'created_at' | 'held_until'>,
  result: SendResult,
  policy: DeliveryPolicy,
  now: number,
  random: () => number,
): NextStep {
  const { outcome, retry_after_ms } = result;
  const expiresAt = waitsSince(delivery) + policy.maxAgeMs;
  const later = (delayMs: number, uses_attempt: boolean): NextStep => {
    if (now >= expiresAt) return { status: 'dead', reason: 'expired' };
    return { status: 'pending', due_at: now + delayMs, uses_attempt };
  };
  const backoffMs = (tries: number): number => fullJitter(tries, policy.baseMs, policy.maxMs, random);
  // "Retry-After: 0" and the luck of the jitter must not make a busy loop, which no attempts would end.
  const patience = (delayMs: number): NextStep => later(Math.max(delayMs, policy.baseMs), false);
  switch (outcome) {
    case 'delivered':
      return { status: 'delivered' };
    case 'rejected':
    case 'redirected':
      return { status: 'dead', reason: 'rejected' };
    case 'internal_error':
      return { status: 'dead', reason: 'internal_error' };
    case 'released':
    case 'aborted':
      return later(0, false);
    case 'throttled':
      return patience(retry_after_ms ?? backoffMs(delivery.claims));
    case 'server_error':
    case 'timeout':
    case 'connection_lost':
    case 'unreachable':
      if (retry_after_ms !== null) return patience(retry_after_ms);
      if (delivery.attempts >= policy.maxAttempts) return { status: 'dead', reason: 'attempts_exhausted' };
      return later(backoffMs(delivery.attempts), true);
  }
}
