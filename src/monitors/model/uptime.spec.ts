import fc from 'fast-check';
import { RESULT_CLASSES } from './monitor';
import { addCounts, countedAs, NO_CHECKS, uptimeOf, type CheckCounts } from './uptime';

function counts(fields: Partial<CheckCounts>): CheckCounts {
  return { ...NO_CHECKS, ...fields };
}

const anyCount = fc.integer({ min: 0, max: 10_000_000 });
const anyCounts: fc.Arbitrary<CheckCounts> = fc.record({
  up: anyCount,
  degraded: anyCount,
  down: anyCount,
  unknown: anyCount,
  maintenance: anyCount,
});

describe('uptime', () => {
  it.each<
    [
      what: string,
      counts: Partial<CheckCounts>,
      expected: number,
      uptime: number | null,
      coverage: number | null,
    ]
  >([
    ['all is well', { up: 1_440 }, 1_440, 100, 100],
    ['a tenth is down', { up: 90, down: 10 }, 100, 90, 100],
    ['degraded is good', { up: 50, degraded: 40, down: 10 }, 100, 90, 100],
    ['some are unknown', { up: 90, unknown: 10 }, 100, 100, 90],
    ['some were never made', { up: 90 }, 100, 100, 90],
    ['some are maintenance', { up: 90, maintenance: 10 }, 100, 100, 100],
    ['all are maintenance', { maintenance: 100 }, 100, null, null],
    ['nothing is known', { unknown: 100 }, 100, null, 0],
    ['there was no check', {}, 100, null, 0],
    ['there was nothing to check', {}, 0, null, null],
    ['more were made to confirm', { up: 99, down: 3 }, 100, 97.058, 100],
    ['one of 300,000 failed', { up: 299_999, down: 1 }, 300_000, 99.999, 100],
    ['one of 3,000,000 was good', { up: 1, down: 2_999_999 }, 3_000_000, 0, 100],
  ])('where %s', (_what, some, expected, uptime_percent, coverage_percent) => {
    expect(uptimeOf(counts(some), expected)).toEqual({ uptime_percent, coverage_percent });
  });

  it('is never rounded up: 100 % is without flaw, and it never says more than is true', () => {
    fc.assert(
      fc.property(anyCounts, anyCount, (some, expected) => {
        const { uptime_percent, coverage_percent } = uptimeOf(some, expected);
        const good = some.up + some.degraded;
        const known = good + some.down;
        expect(uptime_percent === 100).toBe(known > 0 && some.down === 0);
        for (const percent of [uptime_percent ?? 0, coverage_percent ?? 0]) {
          expect(percent).toBeGreaterThanOrEqual(0);
          expect(percent).toBeLessThanOrEqual(100);
        }
        if (uptime_percent === null) return;
        // In thousandths of a percent, of whole numbers: at most one too low.
        const thousandths = BigInt(Math.round(uptime_percent * 1_000));
        expect(thousandths).toBe((BigInt(good) * 100_000n) / BigInt(known));
      }),
    );
  });

  it('leaves out what is unknown and what is maintenance', () => {
    fc.assert(
      fc.property(anyCounts, anyCount, anyCount, (some, unknown, maintenance) => {
        const other = { ...some, unknown, maintenance };
        expect(uptimeOf(other, 0).uptime_percent).toBe(uptimeOf(some, 0).uptime_percent);
      }),
    );
  });

  it('of parts is that of the whole', () => {
    expect(addCounts([])).toEqual(NO_CHECKS);
    expect(addCounts([counts({ up: 1, down: 2 }), counts({ up: 3, maintenance: 4 })])).toEqual(
      counts({ up: 4, down: 2, maintenance: 4 }),
    );
  });
});

describe('a check', () => {
  it.each(RESULT_CLASSES)('that is %s counts as that, and in maintenance as maintenance', (resultClass) => {
    expect(countedAs(resultClass, { isInMaintenance: false })).toBe(resultClass);
    expect(countedAs(resultClass, { isInMaintenance: true })).toBe('maintenance');
  });
});
