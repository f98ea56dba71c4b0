import { HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import {
  ALERTS,
  breachedReading,
  budgetLowReading,
  burnHighReading,
  deadReading,
  errorsReading,
  queueReading,
  slowReading,
} from './alerts';
import { NO_COUNTS, type Counts } from './counts';
import { EMPTY_HISTOGRAM, histogramOf, type Histogram } from './histogram';

/** 99.9 %, of which 100,000 allow 100. */
const ALLOWED_PPM = 1_000;

function bad(count: number): Counts {
  return { good: 100_000 - count, bad: count, unseen: 0 };
}

function slow(count: number, all: number): Histogram {
  return histogramOf([...Array<number>(count).fill(500), ...Array<number>(all - count).fill(499)]);
}

describe('a reading', () => {
  it.each([
    [bad(201), 'above'],
    [bad(200), 'below'],
    [NO_COUNTS, 'unknown'],
  ])('of twice the burn rate, %j, is %s', (counts, reading) => {
    expect(burnHighReading(counts, ALLOWED_PPM)).toBe(reading);
  });

  it.each([
    [bad(101), 'above'],
    // Exactly what is allowed is no breach, and 5 of the 100 have to be left to be over it.
    [bad(100), 'between'],
    [bad(96), 'between'],
    [bad(95), 'below'],
    [NO_COUNTS, 'unknown'],
  ])('of a breach, %j, is %s', (counts, reading) => {
    expect(breachedReading(counts, ALLOWED_PPM)).toBe(reading);
  });

  it.each([
    [bad(76), 'above'],
    // A quarter is left: that is not below it.
    [bad(75), 'between'],
    [bad(71), 'between'],
    [bad(70), 'below'],
    [NO_COUNTS, 'unknown'],
  ])('of a low budget, %j, is %s', (counts, reading) => {
    expect(budgetLowReading(counts, ALLOWED_PPM)).toBe(reading);
  });

  it('of a budget that a single failure has spent is neither', () => {
    const one: Counts = { good: 9, bad: 1, unseen: 0 };
    const two: Counts = { good: 8, bad: 2, unseen: 0 };
    expect([breachedReading(one, ALLOWED_PPM), breachedReading(two, ALLOWED_PPM)]).toEqual([
      'between',
      'above',
    ]);
    expect([budgetLowReading(one, ALLOWED_PPM), budgetLowReading(two, ALLOWED_PPM)]).toEqual([
      'between',
      'above',
    ]);
  });

  it.each([
    [slow(2, 100), 'above'],
    [slow(1, 100), 'below'],
    [slow(1, 99), 'above'],
    [EMPTY_HISTOGRAM, 'unknown'],
  ])('of a p99 above 500 ms is by count', (histogram, reading) => {
    expect(slowReading(histogram)).toBe(reading);
  });

  it.each([
    [{ good: 98, bad: 2, unseen: 0 }, 'above'],
    [{ good: 99, bad: 1, unseen: 0 }, 'below'],
    [NO_COUNTS, 'unknown'],
  ])('of errors, %j, is %s', (counts, reading) => {
    expect(errorsReading(counts)).toBe(reading);
  });

  it.each([
    [10_001, 'above'],
    [10_000, 'between'],
    [8_001, 'between'],
    [8_000, 'below'],
    [null, 'unknown'],
  ])('of %d waiting is %s', (waiting, reading) => {
    expect(queueReading(waiting)).toBe(reading);
  });

  it.each([
    [1, 'above'],
    [0, 'below'],
    [null, 'unknown'],
  ])('of %d dead ones is %s', (dead, reading) => {
    expect(deadReading(dead)).toBe(reading);
  });
});

describe('alerts', () => {
  it('hold for so long before they open', () => {
    const forMs = Object.fromEntries(Object.entries(ALERTS).map(([name, { for_ms }]) => [name, for_ms]));
    const five = 5 * MINUTE_MS;
    expect(forMs).toEqual({
      ...{ burn_page: 0, burn_ticket: 0, burn_high: HOUR_MS, breached: 0, budget_low: 0 },
      ...{ slow: five, errors: five, queue_deep: five },
      ...{ dead_delivery: five, dead_letter: five, dead_check: five },
    });
  });

  it('are critical where somebody has to act at once', () => {
    const critical = Object.entries(ALERTS).filter(([, { severity }]) => severity === 'critical');
    expect(critical.map(([name]) => name)).toEqual([
      'burn_page',
      'breached',
      'errors',
      'dead_delivery',
      'dead_letter',
    ]);
  });
});
