import { BURN_RULES, burnReading, canFire, isFiring, type Urgency } from './burn-rules';
import type { BurnCounts } from './history';
import { NO_COUNTS, type Counts } from './counts';
import { BURN_WINDOW_NAMES, type BurnWindow } from './objective';

/** 99.9 %. */
const ALLOWED_PPM = 1_000;

/** So many of 100,000 were bad. */
function bad(count: number): Counts {
  return { good: 100_000 - count, bad: count, unseen: 0 };
}

function burns(known: Partial<Record<BurnWindow, Counts>>, others: Counts = bad(0)): BurnCounts {
  return Object.fromEntries(BURN_WINDOW_NAMES.map((name) => [name, known[name] ?? others])) as BurnCounts;
}

describe('a burn alert', () => {
  // Of 100,000, 0.1 % are 100: 14.4 × is 1,440, 6 × is 600, 3 × is 300, 1 × is 100.
  it.each<[urgency: Urgency, limit: number, long: BurnWindow, short: BurnWindow]>([
    ['page', 1_440, '1h', '5m'],
    ['page', 600, '6h', '30m'],
    ['ticket', 300, '24h', '2h'],
    ['ticket', 100, '72h', '6h'],
  ])('%s fires above %d of 100,000 over %s and %s', (urgency, limit, long, short) => {
    const reading = (inLong: number, inShort: number): string =>
      burnReading(urgency, burns({ [long]: bad(inLong), [short]: bad(inShort) }), ALLOWED_PPM);
    expect(reading(limit + 1, limit + 1)).toBe('above');
    // Exactly the factor is not above it, in either window.
    expect(reading(limit, limit + 1)).toBe('between');
    expect(reading(limit + 1, limit)).toBe('below');
    expect(reading(0, 0)).toBe('below');
  });

  it('does not fire for a single failure, however little there is to count', () => {
    const one: Counts = { good: 0, bad: 1, unseen: 0 };
    const two: Counts = { good: 0, bad: 2, unseen: 0 };
    const [rule] = BURN_RULES.page;
    expect(isFiring(rule, burns({}, one), ALLOWED_PPM)).toBe(false);
    expect(isFiring(rule, burns({ '1h': two, '5m': one }), ALLOWED_PPM)).toBe(false);
    expect(isFiring(rule, burns({ '1h': two, '5m': two }), ALLOWED_PPM)).toBe(true);
  });

  it('is judged by all minutes that should have been seen', () => {
    // Two bad minutes of 60 expected are 3.3 %: 33 × 0.1 %. At 99 % they are 3.3 ×.
    const hour: Counts = { good: 1, bad: 2, unseen: 57 };
    const five: Counts = { good: 0, bad: 2, unseen: 3 };
    const [rule] = BURN_RULES.page;
    expect(isFiring(rule, burns({ '1h': hour, '5m': five }), 1_000)).toBe(true);
    expect(isFiring(rule, burns({ '1h': hour, '5m': five }), 10_000)).toBe(false);
  });

  it('stays as it is where nothing is known, and goes by what is known', () => {
    expect(burnReading('page', burns({}, NO_COUNTS), ALLOWED_PPM)).toBe('unknown');
    // No request for five minutes; none of those of the last half hour failed.
    expect(burnReading('page', burns({ '5m': NO_COUNTS }), ALLOWED_PPM)).toBe('below');
    expect(burnReading('page', burns({ '5m': NO_COUNTS, '30m': bad(700) }), ALLOWED_PPM)).toBe('between');
  });

  it.each([
    // All failing burns at 1/allowed: 1/0.0694 is 14.41, 1/0.0695 is 14.39.
    [69_400, [true, true]],
    [69_500, [false, true]],
    // 1/0.166666 is 6.00002, 1/0.166667 is 5.99999.
    [166_666, [false, true]],
    [166_667, [false, false]],
  ])('of an objective that allows %d of a million can fire: %j', (allowedPpm, expected) => {
    expect(BURN_RULES.page.map((rule) => canFire(rule, allowedPpm))).toEqual(expected);
  });
});
