import fc from 'fast-check';
import { bucketsOf, WINDOWS } from './summary-window';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Bucket } from './time-buckets';

const NOW = Date.UTC(2026, 0, 15, 10, 23, 45, 678);

const isIn = (at: number, { span_ms, bucket_at }: Bucket): boolean =>
  bucket_at <= at && at < bucket_at + span_ms;

const spansOf = (buckets: readonly Bucket[]): Record<string, number> => ({
  minutes: buckets.filter(({ span_ms }) => span_ms === MINUTE_MS).length,
  hours: buckets.filter(({ span_ms }) => span_ms === HOUR_MS).length,
  days: buckets.filter(({ span_ms }) => span_ms === DAY_MS).length,
});

describe('the window of a summary', () => {
  it.each([
    ['1h', Date.UTC(2026, 0, 15, 9, 23), { minutes: 61, hours: 0, days: 0 }],
    ['24h', Date.UTC(2026, 0, 14, 10), { minutes: 0, hours: 25, days: 0 }],
    ['7d', Date.UTC(2026, 0, 8, 10), { minutes: 0, hours: 14, days: 7 }],
    ['30d', Date.UTC(2025, 11, 16, 10), { minutes: 0, hours: 14, days: 30 }],
  ] as const)(
    '%s begins with a full hour or minute, and is made of few buckets',
    (window, startAt, spans) => {
      const buckets = bucketsOf(window, NOW);
      expect(new Date(buckets.startAt)).toEqual(new Date(startAt));
      expect(spansOf(buckets.counts)).toEqual(spans);
    },
  );

  it('is made of days alone where it begins with one', () => {
    const { counts } = bucketsOf('7d', Date.UTC(2026, 0, 15, 0, 23));
    expect(spansOf(counts)).toEqual({ minutes: 0, hours: 0, days: 8 });
  });

  it('has users by the hours that it touches where it is made of minutes, and by its own buckets otherwise', () => {
    const hours = bucketsOf('1h', NOW).users;
    expect(hours.map(({ bucket_at }) => bucket_at)).toEqual(
      [9, 10].map((hour) => Date.UTC(2026, 0, 15, hour)),
    );
    for (const window of ['24h', '7d', '30d'] as const) {
      const { counts, users } = bucketsOf(window, NOW);
      expect(users).toBe(counts);
    }
  });

  it('holds each of its instants once, and none before it', () => {
    const day = Date.UTC(2026, 0, 31);
    const now = fc.integer({ min: 0, max: 3 * DAY_MS }).map((since) => day + since);
    const edges = fc.constantFrom(day, day - 1, day + HOUR_MS, day + HOUR_MS - 1, day + MINUTE_MS);
    fc.assert(
      fc.property(
        fc.oneof(now, edges),
        fc.constantFrom(...WINDOWS),
        fc.double({ min: 0, max: 1 }),
        (at, window, share) => {
          const { startAt, counts } = bucketsOf(window, at);
          const inside = Math.floor(startAt + (at - startAt) * (Number.isNaN(share) ? 0 : share));
          for (const instant of [startAt, inside, at]) {
            expect(counts.filter((bucket) => isIn(instant, bucket))).toHaveLength(1);
          }
          expect(counts.filter((bucket) => isIn(startAt - 1, bucket))).toEqual([]);
          expect(counts.length).toBeLessThanOrEqual(61);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
