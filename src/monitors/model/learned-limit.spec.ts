import fc from 'fast-check';
import { mergeSketches, sketchOf } from './latency-sketch';
import { learningHours, learnLimit, LEARNING_SAMPLES } from './learned-limit';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function repeated(durationMs: number, times: number): number[] {
  return new Array<number>(times).fill(durationMs);
}

describe('the hours to learn from', () => {
  it('are the same hour of the 14 days before, without the one under way', () => {
    const hours = learningHours(Date.parse('2026-05-15T10:59:59.999Z'));
    expect(hours).toHaveLength(14);
    expect(hours[0]).toBe(Date.parse('2026-05-01T10:00:00Z'));
    expect(hours[13]).toBe(Date.parse('2026-05-14T10:00:00Z'));
    expect(new Set(hours.map((hour) => hour % DAY))).toEqual(new Set([10 * HOUR]));
  });
});

describe('a learnt limit', () => {
  it('is none while there are too few durations', () => {
    expect(learnLimit(sketchOf([]))).toBeNull();
    expect(learnLimit(sketchOf(repeated(100, LEARNING_SAMPLES - 1)))).toBeNull();
    expect(learnLimit(sketchOf(repeated(100, LEARNING_SAMPLES)))).not.toBeNull();
  });

  it('is the median and six times the median distance from it', () => {
    // Median 200, distances from it 0 to 100, their median 50.
    const durationsMs = Array.from({ length: 201 }, (_, index) => 100 + index);
    const limit = learnLimit(sketchOf(durationsMs)) ?? NaN;
    expect(Math.abs(limit - (200 + 6 * 50))).toBeLessThan(0.08 * 500);
  });

  it('is well above what always takes the same time', () => {
    expect(learnLimit(sketchOf(repeated(1_000, 200)))).toBeGreaterThanOrEqual(1_580);
    expect(learnLimit(sketchOf(repeated(1_000, 200)))).toBeLessThanOrEqual(1_620);
    expect(learnLimit(sketchOf(repeated(1, 200)))).toBe(31);
    expect(learnLimit(sketchOf(repeated(0, 200)))).toBe(30);
  });

  it('is not moved by outliers, however far they are out, while they are less than a quarter', () => {
    const usual = Array.from({ length: 300 }, (_, index) => 90 + (index % 21));
    const limit = learnLimit(sketchOf(usual)) ?? NaN;
    expect(learnLimit(sketchOf([...usual, ...repeated(60_000, 75)]))).toBeLessThan(limit * 1.5);
  });

  it('is above the median, whatever there is to learn from, and the same from parts', () => {
    const anyDurations = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: LEARNING_SAMPLES });
    fc.assert(
      fc.property(anyDurations, (durationsMs) => {
        const ordered = [...durationsMs].sort((one, other) => one - other);
        const median = ordered[Math.floor((ordered.length - 1) / 2)] ?? NaN;
        const limit = learnLimit(sketchOf(durationsMs));
        expect(limit).toBeGreaterThan(median);
        const parts = [durationsMs.slice(0, 50), durationsMs.slice(50)].map((part) => sketchOf(part));
        expect(learnLimit(mergeSketches(parts))).toBe(limit);
      }),
    );
  });
});
