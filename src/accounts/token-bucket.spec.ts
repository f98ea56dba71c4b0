import fc from 'fast-check';
import { limitHeaders } from './limit-headers';
import { FULL_BUCKET, takeFrom, type AccountLimit, type Bucket, type LimitDecision } from './token-bucket';

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0, 789);

/** 60 events a minute: one a second. */
const LIMIT: AccountLimit = { events_per_minute: 60, burst: 10 };

/** Takes one after the other; each is the number of events and the milliseconds that have gone by since the last. */
function takeAll(
  limit: AccountLimit,
  takes: readonly (readonly [events: number, afterMs: number])[],
): { readonly bucket: Bucket; readonly decisions: LimitDecision[]; readonly now: number } {
  let bucket = FULL_BUCKET;
  let now = NOW;
  const decisions = takes.map(([events, afterMs]) => {
    now += afterMs;
    const taken = takeFrom(bucket, limit, events, now);
    ({ bucket } = taken);
    return taken.decision;
  });
  return { bucket, decisions, now };
}

const last = (limit: AccountLimit, takes: [number, number][]): LimitDecision =>
  takeAll(limit, takes).decisions.at(-1)!;

describe('the limit of an account', () => {
  it('lets the burst in at once, and not one event more', () => {
    expect(last(LIMIT, [[10, 0]])).toEqual({
      isAllowed: true,
      limit: 10,
      remaining: 0,
      resetAfterMs: 10_000,
      retryAfterMs: 0,
    });
    expect(
      last(LIMIT, [
        [10, 0],
        [1, 0],
      ]),
    ).toEqual({
      isAllowed: false,
      limit: 10,
      remaining: 0,
      resetAfterMs: 10_000,
      retryAfterMs: 1_000,
    });
  });

  it('takes nothing for a request that is refused', () => {
    const { decisions } = takeAll(LIMIT, [
      [8, 0],
      [3, 0],
      [3, 0],
      [2, 0],
    ]);
    expect(decisions.map(({ isAllowed, remaining }) => [isAllowed, remaining])).toEqual([
      [true, 2],
      [false, 2],
      [false, 2],
      [true, 0],
    ]);
  });

  it('gives back as many events as time goes by, and no more than the burst', () => {
    expect(
      last(LIMIT, [
        [10, 0],
        [1, 999],
      ]).isAllowed,
    ).toBe(false);
    expect(
      last(LIMIT, [
        [10, 0],
        [1, 1_000],
      ]).isAllowed,
    ).toBe(true);
    expect(
      last(LIMIT, [
        [10, 0],
        [10, 3_600_000],
      ]),
    ).toMatchObject({ isAllowed: true, remaining: 0 });
    expect(
      last(LIMIT, [
        [10, 0],
        [0, 3_600_000],
      ]),
    ).toMatchObject({ remaining: 10, resetAfterMs: 0 });
  });

  it('lets more events than the burst in when nothing is missing, and takes its time afterwards', () => {
    expect(last(LIMIT, [[25, 0]])).toEqual({
      isAllowed: true,
      limit: 10,
      remaining: 0,
      resetAfterMs: 25_000,
      retryAfterMs: 0,
    });
    expect(
      last(LIMIT, [
        [25, 0],
        [1, 0],
      ]),
    ).toMatchObject({ isAllowed: false, retryAfterMs: 16_000 });
    expect(
      last(LIMIT, [
        [1, 0],
        [25, 999],
      ]),
    ).toMatchObject({ isAllowed: false, retryAfterMs: 1 });
    expect(
      last(LIMIT, [
        [1, 0],
        [25, 1_000],
      ]),
    ).toMatchObject({ isAllowed: true });
  });

  it('loses no part of an event, however fast they come', () => {
    const limit = { events_per_minute: 1_000_000_000, burst: 1 };
    expect(
      last(limit, [
        [1, 0],
        [1, 0],
      ]),
    ).toMatchObject({ isAllowed: false, retryAfterMs: 1 });
    const slow = { events_per_minute: 7, burst: 1 };
    expect(
      last(slow, [
        [1, 0],
        [1, 0],
      ]),
    ).toMatchObject({ isAllowed: false, retryAfterMs: 8_572 });
    expect(
      last(slow, [
        [1, 0],
        [1, 8_571],
      ]),
    ).toMatchObject({ isAllowed: false, retryAfterMs: 1 });
    expect(
      last(slow, [
        [1, 0],
        [1, 8_572],
      ]),
    ).toMatchObject({ isAllowed: true });
  });

  it('does not stand still where the clock is set back', () => {
    const { bucket, now } = takeAll(LIMIT, [[10, 0]]);
    const earlier = now - 3_600_000;
    const set = takeFrom(bucket, LIMIT, 1, earlier);
    expect(set.decision).toMatchObject({ isAllowed: false, retryAfterMs: 1_000 });
    expect(takeFrom(set.bucket, LIMIT, 1, earlier + 1_000).decision.isAllowed).toBe(true);
  });
});

const anyLimit = fc.record({
  events_per_minute: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 1_000_000_000 })),
  burst: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1_000_000_000 })),
});
const anyTakes = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 1_000 }),
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 })),
  ),
  { minLength: 1, maxLength: 30 },
);

describe('whatever the limit is, and whoever posts', () => {
  it('Retry-After is exact: after it the same request passes, and a millisecond earlier it does not', () => {
    fc.assert(
      fc.property(anyLimit, anyTakes, (limit, takes) => {
        const { bucket, decisions, now } = takeAll(limit, takes);
        const events = takes.at(-1)![0];
        const { isAllowed, retryAfterMs } = decisions.at(-1)!;
        if (isAllowed) {
          expect(retryAfterMs).toBe(0);
          return;
        }
        expect(takeFrom(bucket, limit, events, now + retryAfterMs - 1).decision.isAllowed).toBe(false);
        expect(takeFrom(bucket, limit, events, now + retryAfterMs).decision.isAllowed).toBe(true);
        const seconds = Number(limitHeaders(decisions.at(-1)!)['Retry-After']);
        expect(takeFrom(bucket, limit, events, now + seconds * 1_000).decision.isAllowed).toBe(true);
      }),
    );
  });

  it('after the reset everything fits in again', () => {
    fc.assert(
      fc.property(anyLimit, anyTakes, (limit, takes) => {
        const { bucket, decisions, now } = takeAll(limit, takes);
        const after = takeFrom(bucket, limit, 0, now + decisions.at(-1)!.resetAfterMs).decision;
        expect(after).toMatchObject({ remaining: limit.burst, resetAfterMs: 0 });
      }),
    );
  });

  it('no more is let in than the burst and what time has given, but for one request', () => {
    fc.assert(
      fc.property(anyLimit, anyTakes, (limit, takes) => {
        const { decisions, now } = takeAll(limit, takes);
        const events = takes.map(([count]) => count);
        const letIn = events.reduce(
          (sum, count, index) => sum + (decisions[index]!.isAllowed ? count : 0),
          0,
        );
        const given = ((now - NOW - takes[0]![1]) * limit.events_per_minute) / 60_000;
        expect(letIn).toBeLessThanOrEqual(limit.burst + given + Math.max(...events));
      }),
    );
  });
});

describe('the headers', () => {
  const decision = { isAllowed: true, limit: 10, remaining: 3, resetAfterMs: 6_001, retryAfterMs: 0 };

  it('say what fits in, and in whole seconds when everything does again', () => {
    expect(limitHeaders(decision)).toEqual({
      'RateLimit-Limit': '10',
      'RateLimit-Remaining': '3',
      'RateLimit-Reset': '7',
    });
  });

  it('say to who is refused when to come again', () => {
    expect(limitHeaders({ ...decision, isAllowed: false, retryAfterMs: 1 })).toEqual({
      'RateLimit-Limit': '10',
      'RateLimit-Remaining': '3',
      'RateLimit-Reset': '7',
      'Retry-After': '1',
    });
  });
});
