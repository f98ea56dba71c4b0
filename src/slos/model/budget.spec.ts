import fc from 'fast-check';
import { DAY_MS } from '../../events/summary/time-buckets';
import { budgetLeft, burnRateOf, burnsAbove, exhaustedAt } from './budget';
import { BAND_ADVICE, BURN_BANDS, burnBandOf } from './burn-band';
import { addCounts, coverageOf, hasData, NO_COUNTS, sliOf, totalOf, type Counts } from './counts';

const NOW = Date.UTC(2031, 4, 6);

function counts(good: number, bad: number, unseen = 0): Counts {
  return { good, bad, unseen };
}

describe('an indicator', () => {
  it.each<[what: string, counts: Counts, sli: number | null, coverage: number | null]>([
    ['all is good', counts(10, 0), 1, 1],
    ['nothing is good', counts(0, 10), 0, 1],
    // 997 of 1,000.
    ['3 of 1,000 are bad', counts(997, 3), 0.997, 1],
    // Unseen minutes are part of the whole: 1 - 3/60, and 45 of 60 were seen.
    ['minutes were not seen', counts(42, 3, 15), 0.95, 0.75],
    ['nothing was seen', counts(0, 0, 60), null, 0],
    ['there was nothing', NO_COUNTS, null, null],
  ])('where %s', (_what, some, sli, coverage) => {
    expect([sliOf(some), coverageOf(some), hasData(some)]).toEqual([sli, coverage, sli !== null]);
  });

  it('of parts is that of the whole', () => {
    expect(addCounts([counts(1, 2, 3), counts(10, 20, 30)])).toEqual(counts(11, 22, 33));
    expect(addCounts([])).toEqual(NO_COUNTS);
  });
});

describe('a burn rate', () => {
  it.each<[what: string, counts: Counts, allowedPpm: number, burnRate: number | null]>([
    // 99.9 % allows 1 of 1,000: exactly that is 1.
    ['as much is bad as allowed', counts(999, 1), 1_000, 1],
    // 144 of 10,000 is 1.44 %, 14.4 times 0.1 %.
    ['14.4 times as much is', counts(9_856, 144), 1_000, 14.4],
    // All of it, for 99.9 %: 1/0.001. For 95 %: 1/0.05.
    ['all is bad at 99.9 %', counts(0, 7), 1_000, 1_000],
    ['all is bad at 95 %', counts(0, 7), 50_000, 20],
    // One bad minute of the 60 that should have been seen: (1/60)/0.001.
    ['most minutes were not seen', counts(1, 1, 58), 1_000, 1_000 / 60],
    ['nothing is bad', counts(5, 0), 1_000, 0],
    ['nothing is known', counts(0, 0, 60), 1_000, null],
  ])('where %s', (_what, some, allowedPpm, burnRate) => {
    expect(burnRateOf(some, allowedPpm)).toBe(burnRate);
  });

  it('is above a factor by whole numbers: exactly the factor is not above it', () => {
    expect(burnsAbove(counts(9_856, 144), 1_000, 14.4)).toBe(false);
    expect(burnsAbove(counts(9_855, 145), 1_000, 14.4)).toBe(true);
    // In floating point 0.1 + 0.2 of anything is not 0.3 of it; here 3 of 10,000 are exactly 0.03 %.
    expect(burnsAbove(counts(9_997, 3), 300, 1)).toBe(false);
    expect(burnsAbove(counts(9_996, 3), 300, 1)).toBe(true);
    expect(burnsAbove(NO_COUNTS, 1_000, 1)).toBe(false);
  });

  it('is told apart from a factor where a double cannot', () => {
    // 9e15 requests: one more than exactly 0.1 % is 1e-16 of the whole.
    const total = 9_000_000_000_000_000;
    expect(burnsAbove(counts(total - total / 1_000, total / 1_000), 1_000, 1)).toBe(false);
    expect(burnsAbove(counts(total - total / 1_000 - 1, total / 1_000 + 1), 1_000, 1)).toBe(true);
  });

  it('over the parts of a window, weighted by how much was counted in each, is that of the whole', () => {
    const part = fc.tuple(fc.nat(100_000), fc.nat(1_000)).map(([good, bad]) => counts(good, bad));
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1 }),
        fc.integer({ min: 1, max: 999_999 }),
        (parts, allowed) => {
          const whole = addCounts(parts);
          const known = parts.filter(hasData);
          fc.pre(known.length > 0);
          const weighted = known.reduce((sum, one) => sum + burnRateOf(one, allowed)! * totalOf(one), 0);
          const burnRate = burnRateOf(whole, allowed)!;
          expect(weighted / totalOf(whole)).toBeCloseTo(burnRate, 6 - Math.ceil(Math.log10(burnRate + 1)));
        },
      ),
    );
  });

  it.each([
    [0, 'normal'],
    [0.999, 'normal'],
    [1, 'watch'],
    [1.999, 'watch'],
    [2, 'investigate'],
    [5, 'investigate'],
    [5.001, 'incident'],
    [1_000, 'incident'],
  ])('of %d is %s', (burnRate, band) => {
    expect(burnBandOf(burnRate)).toBe(band);
  });

  it('has advice for every band', () => {
    expect(Object.keys(BAND_ADVICE)).toEqual([...BURN_BANDS]);
  });
});

describe('a budget', () => {
  const window = 30 * DAY_MS;

  it.each<[what: string, counts: Counts, ratio: number, minutes: number]>([
    // 30 days have 43,200 minutes; 0.1 % of them are 43.2.
    ['nothing is bad', counts(43_200, 0), 1, 43.2],
    // 10.8 of 43.2 minutes are a quarter: 1,080 of 4,320,000 requests are 0.025 %.
    ['a quarter is spent', counts(4_318_920, 1_080), 0.75, 32.4],
    // As many as allowed, 4,320.
    ['all is spent', counts(4_315_680, 4_320), 0, 0],
    // 8,640 are twice as many: 43.2 minutes more than there were.
    ['twice as much is spent', counts(4_311_360, 8_640), -1, -43.2],
    // Everything: 1 - 1/0.001, and 43.2 - 43,200.
    ['all is bad', counts(0, 100), -999, -43_156.8],
  ])('where %s', (_what, some, ratio, minutes) => {
    const left = budgetLeft(some, 1_000, window)!;
    expect(left.ratio).toBeCloseTo(ratio, 9);
    expect(left.minutes).toBeCloseTo(minutes, 9);
  });

  it('of nothing is not known', () => {
    expect(budgetLeft(NO_COUNTS, 1_000, window)).toBeNull();
  });

  it('is exhausted when what is left is spent at the rate at which it is being spent', () => {
    const left = { ratio: 0.5, minutes: 21.6 };
    // Half a budget for 30 days at 10 times its rate: 30 · 0.5 / 10 = 1.5 days.
    expect(exhaustedAt(left, 10, window, NOW)).toBe(NOW + 1.5 * DAY_MS);
    expect(exhaustedAt(left, 0, window, NOW)).toBeNull();
    expect(exhaustedAt(left, null, window, NOW)).toBeNull();
    expect(exhaustedAt(null, 10, window, NOW)).toBeNull();
    expect(exhaustedAt({ ratio: 0, minutes: 0 }, 0, window, NOW)).toBe(NOW);
    expect(exhaustedAt({ ratio: 0, minutes: 0 }, null, window, NOW)).toBe(NOW);
    expect(exhaustedAt({ ratio: -1, minutes: -43.2 }, 10, window, NOW)).toBe(NOW);
  });

  it('is never exhausted at a rate that it outlasts its window at', () => {
    const half = { ratio: 0.5, minutes: 21.6 };
    expect(exhaustedAt(half, 0.5, window, NOW)).toBeNull();
    // 30 · 0.5 / 0.75 = 20 days: what was spent before is still in the window then.
    expect(exhaustedAt(half, 0.75, window, NOW)).toBe(NOW + 20 * DAY_MS);
    expect(exhaustedAt({ ratio: 1, minutes: 43.2 }, 1, window, NOW)).toBeNull();
    // Otherwise it would be an instant that no date can tell.
    expect(exhaustedAt({ ratio: 1, minutes: 43.2 }, 1e-9, window, NOW)).toBeNull();
  });
});
