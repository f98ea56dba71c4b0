import { setTimeout as sleep } from 'node:timers/promises';
import { fullJitter } from './backoff';

/** When to try again, and for how long. */
export interface RetryPolicy {
  /** Attempts in all, the first one included. */
  readonly attempts: number;
  /** Ceiling of the first wait; doubles from retry to retry. */
  readonly baseMs: number;
  /** Highest ceiling of a wait. */
  readonly maxMs: number;
  /** No retry starts at or after this instant (ms since 1970). */
  readonly deadlineAt: number;
  readonly isWorthRetry: (error: unknown) => boolean;
  readonly random?: () => number;
  /** Ends the waiting between attempts; attempts that run must watch it themselves. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `action` until it resolves, with full jitter between the attempts (`fullJitter`). For short retries inside
 * one process; what must outlive the process is retried from the outbox.
 *
 * Rejects with the newest attempt's error as soon as another attempt is not worth it, not allowed, or would start
 * past the deadline: then without waiting for it. Rejects with an AbortError when `signal` ends a wait.
 *
 * @param action is told the number of its attempt, from 1
 */
export async function retry<T>(action: (attempt: number) => Promise<T>, policy: RetryPolicy): Promise<T> {
  const { attempts, baseMs, maxMs, deadlineAt, isWorthRetry, random = Math.random, signal } = policy;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action(attempt);
    } catch (error) {
      if (attempt >= attempts || !isWorthRetry(error)) throw error;
      const waitMs = fullJitter(attempt, baseMs, maxMs, random);
      if (Date.now() + waitMs >= deadlineAt) throw error;
      await sleep(waitMs, undefined, { signal });
    }
  }
}
