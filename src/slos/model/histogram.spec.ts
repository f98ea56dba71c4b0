import fc from 'fast-check';
import {
  addHistograms,
  BOUNDS_MS,
  countBelow,
  countOf,
  EMPTY_HISTOGRAM,
  histogramOf,
  percentileBound,
  placeOf,
} from './histogram';

const anyDurations = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }));

describe('a histogram', () => {
  it('has bounds in order, and a bucket for what is above all of them', () => {
    expect(BOUNDS_MS).toEqual([...BOUNDS_MS].sort((one, other) => one - other));
    expect(EMPTY_HISTOGRAM).toHaveLength(BOUNDS_MS.length + 1);
    expect(placeOf(0)).toBe(0);
    expect(placeOf(1e12)).toBe(BOUNDS_MS.length);
  });

  it('tells what is below 200 ms from what is not, to the last digit', () => {
    const histogram = histogramOf([199.999_999, 200, 200.000_001]);
    expect(countBelow(histogram, 200)).toBe(1);
    expect(countBelow(histogram, 250)).toBe(3);
  });

  it('counts at every bound what the durations themselves say', () => {
    fc.assert(
      fc.property(anyDurations, fc.constantFrom(...BOUNDS_MS), (durationsMs, bound) => {
        const below = durationsMs.filter((durationMs) => durationMs < bound).length;
        expect(countBelow(histogramOf(durationsMs), bound)).toBe(below);
      }),
    );
  });

  it('of parts is that of the whole', () => {
    fc.assert(
      fc.property(fc.array(anyDurations), (parts) => {
        const whole = histogramOf(parts.flat());
        expect(addHistograms(parts.map(histogramOf))).toEqual(whole);
        expect(countOf(whole)).toBe(parts.flat().length);
      }),
    );
  });

  it('estimates nothing: what is no bound is refused', () => {
    expect(() => countBelow(EMPTY_HISTOGRAM, 199)).toThrow(RangeError);
  });

  it.each([-1, NaN])('refuses %d, which is no duration', (durationMs) => {
    expect(() => placeOf(durationMs)).toThrow(RangeError);
  });

  it('knows below which bound a percentile is', () => {
    // 95 of 100 are below 200 ms, 4 more below 500 ms, and one is above all bounds.
    const histogram = histogramOf([...Array<number>(95).fill(180), ...Array<number>(4).fill(420), 4e6]);
    expect(percentileBound(histogram, 950_000)).toBe(200);
    expect(percentileBound(histogram, 950_001)).toBe(500);
    expect(percentileBound(histogram, 990_000)).toBe(500);
    expect(percentileBound(histogram, 999_000)).toBe(Infinity);
    expect(percentileBound(EMPTY_HISTOGRAM, 950_000)).toBeNull();
  });
});
