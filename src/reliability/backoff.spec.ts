import fc from 'fast-check';
import { fullJitter } from './backoff';

const attempts = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const durations = fc.integer({ min: 0, max: 86_400_000 });
const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('fullJitter', () => {
  it('is a whole number of milliseconds from 0 to the maximum, for every attempt', () => {
    fc.assert(
      fc.property(attempts, durations, durations, fractions, (attempt, baseMs, maxMs, fraction) => {
        const delayMs = fullJitter(attempt, baseMs, maxMs, () => fraction);
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(maxMs);
      }),
    );
  });

  it('never shrinks from one attempt to the next, for the same luck', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        durations,
        durations,
        fractions,
        (attempt, base, max, luck) => {
          const later = fullJitter(attempt + 1, base, max, () => luck);
          expect(later).toBeGreaterThanOrEqual(fullJitter(attempt, base, max, () => luck));
        },
      ),
    );
  });

  it('doubles its ceiling from the base on, up to the maximum', () => {
    const ceilings = [1, 2, 3, 4, 5].map((attempt) => fullJitter(attempt, 1_000, 10_000, () => 1));
    expect(ceilings).toEqual([1_000, 2_000, 4_000, 8_000, 10_000]);
  });

  it('uses the whole range below the ceiling', () => {
    const delays = [0, 0.25, 0.5, 0.75].map((luck) => fullJitter(3, 100, 10_000, () => luck));
    expect(delays).toEqual([0, 100, 200, 300]);
  });
});
