import fc from 'fast-check';
import type { SendResult } from '../destinations/send-result';
import { OUTCOMES, type Outcome } from '../outbox/outcome';
import { nextStep, type DeliveryPolicy, type NextStep } from './policy';

const HOUR = 3_600_000;
const POLICY: DeliveryPolicy = { maxAttempts: 12, baseMs: 1_000, maxMs: 600_000, maxAgeMs: 72 * HOUR };
const CREATED_AT = Date.UTC(2031, 4, 6);
const NOW = CREATED_AT + HOUR;
const HALF = (): number => 0.5;

interface Attempted {
  readonly attempts?: number;
  readonly claims?: number;
  readonly retryAfterMs?: number | null;
  readonly now?: number;
  readonly random?: () => number;
  readonly held_until?: number | null;
}

/** The step after an attempt with this outcome; by default the first, an hour after the delivery was made. */
function after(outcome: Outcome, attempted: Attempted = {}): NextStep {
  const { attempts = 1, claims = attempts, retryAfterMs = null, now = NOW, random = HALF } = attempted;
  const { held_until = null } = attempted;
  const nothing = { http_status: null, error: null, response: null };
  const result: SendResult = { ...nothing, outcome, retry_after_ms: retryAfterMs };
  return nextStep({ attempts, claims, created_at: CREATED_AT, held_until }, result, POLICY, now, random);
}

function pending(delayMs: number, uses_attempt: boolean): NextStep {
  return { status: 'pending', due_at: NOW + delayMs, uses_attempt };
}

describe('nextStep', () => {
  it.each<[outcome: Outcome, next: NextStep]>([
    ['delivered', { status: 'delivered' }],
    ['rejected', { status: 'dead', reason: 'rejected' }],
    ['redirected', { status: 'dead', reason: 'rejected' }],
    ['internal_error', { status: 'dead', reason: 'internal_error' }],
    ['throttled', pending(1_000, false)],
    ['server_error', pending(500, true)],
    ['timeout', pending(500, true)],
    ['connection_lost', pending(500, true)],
    ['unreachable', pending(500, true)],
    ['released', pending(0, false)],
    ['aborted', pending(0, false)],
  ])('knows what follows from a first attempt that ended as %s', (outcome, next) => {
    expect(after(outcome)).toEqual(next);
  });

  it.each<[attempts: number, delayMs: number]>([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [10, 256_000],
    [11, 300_000],
  ])(
    'backs off exponentially up to the limit: after %i attempts %i ms at half the jitter',
    (attempts, delayMs) => {
      expect(after('server_error', { attempts })).toEqual(pending(delayMs, true));
    },
  );

  it.each<[name: string, random: () => number, delayMs: number]>([
    ['none', () => 0, 0],
    ['almost all', () => 0.999_999, 7_999],
  ])('uses the full jitter: %s of the ceiling', (_name, random, delayMs) => {
    expect(after('timeout', { attempts: 4, random })).toEqual(pending(delayMs, true));
  });

  it.each<Outcome>(['server_error', 'timeout', 'connection_lost', 'unreachable'])(
    'gives up after the last attempt has ended as %s',
    (outcome) => {
      expect(after(outcome, { attempts: 11 })).toMatchObject({ status: 'pending' });
      expect(after(outcome, { attempts: 12 })).toEqual({ status: 'dead', reason: 'attempts_exhausted' });
    },
  );

  it.each<Outcome>(['throttled', 'released', 'aborted'])('never counts attempts against %s', (outcome) => {
    expect(after(outcome, { attempts: 1_000 })).toMatchObject({ status: 'pending', uses_attempt: false });
  });

  it.each<Outcome>(['throttled', 'server_error'])(
    'waits as long as Retry-After asks, after %s',
    (outcome) => {
      expect(after(outcome, { attempts: 12, retryAfterMs: 90_000 })).toEqual(pending(90_000, false));
    },
  );

  it.each<Outcome>(['throttled', 'server_error'])(
    'waits at least the base where Retry-After asks for nothing, after %s',
    (outcome) => {
      expect(after(outcome, { retryAfterMs: 0 })).toEqual(pending(1_000, false));
    },
  );

  it('backs off by the claims, not the attempts, where 429 names no time', () => {
    expect(after('throttled', { attempts: 1, claims: 5 })).toEqual(pending(8_000, false));
  });

  it('waits as long as it is asked to, also where it will have expired by then', () => {
    const now = CREATED_AT + POLICY.maxAgeMs - 10;
    expect(after('throttled', { now, retryAfterMs: HOUR })).toMatchObject({ due_at: now + HOUR });
  });

  it.each<Outcome>(['throttled', 'server_error', 'timeout', 'connection_lost', 'unreachable', 'released'])(
    'expires at its age, after %s',
    (outcome) => {
      const now = CREATED_AT + POLICY.maxAgeMs;
      expect(after(outcome, { now })).toEqual({ status: 'dead', reason: 'expired' });
    },
  );

  it('counts the age of what was held from the end of its hold', () => {
    const now = CREATED_AT + POLICY.maxAgeMs;
    expect(after('server_error', { now, held_until: CREATED_AT + 1 })).toMatchObject({ status: 'pending' });
    expect(after('server_error', { now: now + 1, held_until: CREATED_AT + 1 })).toMatchObject({
      reason: 'expired',
    });
  });

  it('delivers at any age', () => {
    expect(after('delivered', { now: CREATED_AT + 2 * POLICY.maxAgeMs })).toEqual({ status: 'delivered' });
  });

  it('never is due in the past, nor without end', () => {
    const anyOutcome = fc.constantFrom(...(Object.keys(OUTCOMES) as Outcome[]));
    fc.assert(
      fc.property(
        anyOutcome,
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.option(fc.integer({ min: 0, max: HOUR })),
        fc.integer({ min: 0, max: POLICY.maxAgeMs - 1 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (outcome, attempts, claims, retryAfterMs, ageMs, chance) => {
          const now = CREATED_AT + ageMs;
          const next = after(outcome, { attempts, claims, retryAfterMs, now, random: () => chance });
          if (next.status !== 'pending') return;
          expect(next.due_at).toBeGreaterThanOrEqual(now);
          expect(next.due_at).toBeLessThanOrEqual(now + HOUR);
          expect(Number.isInteger(next.due_at)).toBe(true);
        },
      ),
    );
  });
});
