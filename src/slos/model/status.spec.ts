import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { CountHistory, type MinuteCounts } from './count-history';
import { DEFAULT_OBJECTIVES } from './default-objectives';
import { budgetOverTime, evidenceOf, statusOf, type SloState, type SloStatus } from './status';

/** 99.9 % over 30 days. */
const [OBJECTIVE] = DEFAULT_OBJECTIVES as [(typeof DEFAULT_OBJECTIVES)[number]];
const NOW = Date.UTC(2031, 4, 6, 12);
const MINUTES = (30 * DAY_MS) / MINUTE_MS;

/** 30 days of 100 requests a minute up to now, of which so many were bad in the newest minutes. */
function historyOf(badByMinutesAgo: (minutesAgo: number) => number, minutes = MINUTES): CountHistory {
  return new CountHistory(
    Array.from({ length: minutes }, (_, minutesAgo): MinuteCounts => {
      const bad = badByMinutesAgo(minutesAgo);
      return { minute_at: NOW - minutesAgo * MINUTE_MS, counts: { good: 100 - bad, bad, unseen: 0 } };
    }),
  );
}

function statusBy(history: CountHistory): SloStatus {
  return statusOf(OBJECTIVE, evidenceOf(OBJECTIVE, history, NOW), NOW);
}

describe('the status of an objective', () => {
  it('says what is left and how fast it goes', () => {
    // 30 bad minutes of which each has 2 of 100: 60 of 4,320,000, where 4,320 are allowed.
    const status = statusBy(historyOf((minutesAgo) => (minutesAgo < 30 ? 2 : 0)));
    expect(status).toEqual({
      state: 'warning',
      sli: 4_319_940 / 4_320_000,
      coverage: 1,
      // 4,260 of 4,320 are left; of 43.2 minutes, 42.6.
      budget_left_ratio: 4_260 / 4_320,
      budget_left_minutes: 42.6,
      burn_rates: {
        // 2 % of 0.1 % is 20; 60 of 6,000, 12,000, 36,000, 144,000 and 432,000.
        ...{ '5m': 20, '30m': 20, '1h': 10, '2h': 5 },
        ...{ '6h': 60_000 / 36_000, '24h': 60_000 / 144_000, '72h': 60_000 / 432_000 },
      },
      burn_band: 'incident',
      // What is left lasts 30 days · (4,260 / 4,320) / 10: 4,260 minutes.
      exhausted_at: NOW + 4_260 * MINUTE_MS,
    });
  });

  it.each<[state: SloState, what: string, bad: (minutesAgo: number) => number]>([
    ['ok', 'nothing is bad', () => 0],
    // 3,200 of the 4,320 that are allowed, two days ago: 25.9 % are left.
    ['ok', 'a quarter is left', (ago) => (2_880 <= ago && ago < 2_880 + 32 ? 100 : 0)],
    // 3,300: 23.6 % are left.
    ['warning', 'less than a quarter is left', (ago) => (20_000 <= ago && ago < 20_033 ? 100 : 0)],
    // As many as are allowed, and one minute more.
    ['warning', 'nothing is left', (ago) => (ago % 10 === 0 ? 1 : 0)],
    ['breached', 'more is spent than there was', (ago) => (ago % 10 === 0 || ago === 1 ? 1 : 0)],
    // 2 of 100 for the last hour: 14.4 × needs 86 of 6,000.
    ['warning', 'somebody is paged', (ago) => (ago < 60 ? 2 : 0)],
    // 13 of the 6,000 of an hour: 2 × is 12.
    ['warning', 'it goes more than twice as fast as allowed', (ago) => (ago < 13 ? 1 : 0)],
    ['ok', 'it goes twice as fast as allowed', (ago) => (ago < 12 ? 1 : 0)],
    // 500 of the 144,000 of a day, 70 to 170 minutes ago: 3 × is 432, and 250 of the 12,000 of two hours are enough too.
    ['warning', 'somebody gets a ticket', (ago) => (70 <= ago && ago < 170 ? 5 : 0)],
  ])('is %s where %s', (state, _what, bad) => {
    expect(statusBy(historyOf(bad)).state).toBe(state);
  });

  it('is no data where there is none: neither 0 nor 100 %', () => {
    const status = statusBy(new CountHistory([]));
    expect(status).toMatchObject({ state: 'no_data', sli: null, coverage: null, exhausted_at: null });
    expect(status).toMatchObject({ budget_left_ratio: null, budget_left_minutes: null, burn_band: null });
    expect(new Set(Object.values(status.burn_rates))).toEqual(new Set([null]));
  });

  it('is not cut where more is spent than there was', () => {
    // All of it, since it began: -999 budgets.
    const status = statusBy(historyOf(() => 100, 10));
    expect(status).toMatchObject({ state: 'breached', sli: 0, budget_left_ratio: -999, exhausted_at: NOW });
    expect(status.budget_left_minutes).toBeCloseTo(-43_156.8, 9);
  });

  it('forgets what has left the window', () => {
    const history = historyOf((minutesAgo) => (minutesAgo === MINUTES - 1 ? 100 : 0));
    expect(evidenceOf(OBJECTIVE, history, NOW).window.bad).toBe(100);
    expect(evidenceOf(OBJECTIVE, history, NOW + MINUTE_MS).window.bad).toBe(0);
  });

  it('has a past', () => {
    const history = historyOf((minutesAgo) => (minutesAgo < 60 ? 36 : 0));
    const instants = [NOW - 2 * HOUR_MS, NOW - 30 * MINUTE_MS, NOW];
    const past = budgetOverTime(OBJECTIVE, history, instants);
    // In 30 minutes 1,080 were bad; of what was counted by then, 99.9 % of 4,317,000, 4,317 were allowed.
    expect(past).toEqual([
      { at: instants[0], budget_left_ratio: 1 },
      { at: instants[1], budget_left_ratio: (4_317 - 1_080) / 4_317 },
      { at: instants[2], budget_left_ratio: 0.5 },
    ]);
    expect(budgetOverTime(OBJECTIVE, new CountHistory([]), [NOW])).toEqual([
      { at: NOW, budget_left_ratio: null },
    ]);
  });
});
