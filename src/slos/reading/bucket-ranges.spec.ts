import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { BURN_WINDOWS } from '../model/objective';
import { bucketRanges, type BucketRange } from './bucket-ranges';

const START = Date.UTC(2031, 4, 6);

/** How many buckets there are. */
const sizeOf = (ranges: readonly BucketRange[]): number =>
  ranges.reduce((sum, { span_ms, from_at, until_at }) => sum + (until_at - from_at) / span_ms, 0);

describe('buckets between instants', () => {
  it('are the longest that fit', () => {
    expect(bucketRanges([START - 90 * MINUTE_MS, START + 2 * DAY_MS + HOUR_MS + MINUTE_MS])).toEqual([
      { span_ms: MINUTE_MS, from_at: START - 90 * MINUTE_MS, until_at: START - HOUR_MS },
      { span_ms: HOUR_MS, from_at: START - HOUR_MS, until_at: START },
      { span_ms: DAY_MS, from_at: START, until_at: START + 2 * DAY_MS },
      { span_ms: HOUR_MS, from_at: START + 2 * DAY_MS, until_at: START + 2 * DAY_MS + HOUR_MS },
      {
        span_ms: MINUTE_MS,
        from_at: START + 2 * DAY_MS + HOUR_MS,
        until_at: START + 2 * DAY_MS + HOUR_MS + MINUTE_MS,
      },
    ]);
  });

  it('are few where 30 days and all burn rates are asked for', () => {
    const until = START + 13 * HOUR_MS + 37 * MINUTE_MS;
    const instants = [0, ...Object.values(BURN_WINDOWS), 30 * DAY_MS].map((ms) => until - ms);
    expect(sizeOf(bucketRanges(instants))).toBeLessThan(600);
  });

  it('follow each other without gaps, and cross none of the instants', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 2, maxLength: 8 }), (minutes) => {
        const instants = minutes.map((minute) => START + minute * MINUTE_MS);
        const ranges = bucketRanges(instants);
        let at = Math.min(...instants);
        for (const { span_ms, from_at, until_at } of ranges) {
          expect(from_at).toBe(at);
          expect([from_at % span_ms, until_at % span_ms]).toEqual([0, 0]);
          const crossed = instants.filter(
            (one) => from_at < one && one < until_at && (one - from_at) % span_ms,
          );
          expect(crossed).toEqual([]);
          at = until_at;
        }
        expect(at).toBe(Math.max(...instants));
      }),
    );
  });
});
