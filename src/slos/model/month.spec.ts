import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { alertEvent } from './alert-event';
import { advanceAlert, QUIET, type AlertEffect, type AlertState, type Reading } from './alert-state';
import { ALERTS, breachedReading, budgetLowReading, burnHighReading, type AlertName } from './alerts';
import { burnReading } from './burn-rules';
import { historyOf, type CountHistory, type MinuteTally } from './count-history';
import { DEFAULT_OBJECTIVES } from './default-objectives';
import { allowedPpm } from './objective';
import { evidenceOf, statusOf, type Evidence } from './status';
import { NO_TALLY } from './tally';

/**
 * A month of 100 requests a minute after a month without a fault, kept to 99.9 % over 30 days: of 4,320,000 requests
 * 4,320 may be bad, which are 43.2 minutes. Two processes take 60 and 40 of each 100.
 *
 *   day 3   10:00 to 10:10   all fail        1,000 bad   1,000 in all   3,320 left   33.2 minutes   76.85 %
 *   day 10  12:00 to 14:00   5 of 100 fail     600 bad   1,600 in all   2,720 left   27.2 minutes   62.96 %
 *   day 20  08:00 to 08:30   all fail        3,000 bad   4,600 in all    -280 left   -2.8 minutes   -6.48 %
 */
const START = Date.UTC(2031, 4, 1);
const OUTAGES = [
  { from: (3 * DAY_MS + 10 * HOUR_MS) / MINUTE_MS, minutes: 10, bad: 100 },
  { from: (10 * DAY_MS + 12 * HOUR_MS) / MINUTE_MS, minutes: 120, bad: 5 },
  { from: (20 * DAY_MS + 8 * HOUR_MS) / MINUTE_MS, minutes: 30, bad: 100 },
] as const;
const MINUTES = (30 * DAY_MS) / MINUTE_MS;

/** 99.9 % of `POST /events` over 30 days. */
const [OBJECTIVE] = DEFAULT_OBJECTIVES as [(typeof DEFAULT_OBJECTIVES)[number]];
const ALLOWED_PPM = allowedPpm(OBJECTIVE);

const BURN_ALERTS = [
  'burn_page',
  'burn_ticket',
  'burn_high',
  'breached',
  'budget_low',
] as const satisfies AlertName[];

function badIn(minute: number): number {
  return OUTAGES.find(({ from, minutes }) => from <= minute && minute < from + minutes)?.bad ?? 0;
}

/** Both processes' rows from 30 days before the start on; of all that fails, three fifths were the first one's. */
function rowsOfTwoMonths(): MinuteTally[] {
  const rows: MinuteTally[] = [];
  for (let minute = -MINUTES; minute < MINUTES; minute += 1) {
    const bad = badIn(minute);
    const first = (bad * 3) / 5;
    const minute_at = START + minute * MINUTE_MS;
    rows.push({ minute_at, tally: { ...NO_TALLY, good: 60 - first, bad: first } });
    rows.push({ minute_at, tally: { ...NO_TALLY, good: 40 - (bad - first), bad: bad - first } });
  }
  return rows;
}

function readingOf(alert: (typeof BURN_ALERTS)[number], { window, burns }: Evidence): Reading {
  switch (alert) {
    case 'burn_page':
      return burnReading('page', burns, ALLOWED_PPM);
    case 'burn_ticket':
      return burnReading('ticket', burns, ALLOWED_PPM);
    case 'burn_high':
      return burnHighReading(burns['5m'], ALLOWED_PPM);
    case 'breached':
      return breachedReading(window, ALLOWED_PPM);
    case 'budget_low':
      return budgetLowReading(window, ALLOWED_PPM);
  }
}

/** The month, judged at the end of every minute; what was told, by alert. */
function playMonth(history: CountHistory): Record<string, string[]> {
  const states = new Map<string, AlertState>();
  const told: Record<string, string[]> = Object.fromEntries(BURN_ALERTS.map((alert) => [alert, []]));
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const now = START + minute * MINUTE_MS + MINUTE_MS - 1;
    const evidence = evidenceOf(OBJECTIVE, history, now);
    for (const alert of BURN_ALERTS) {
      const before = states.get(alert) ?? QUIET;
      const { state, effect } = advanceAlert(before, readingOf(alert, evidence), ALERTS[alert], now);
      states.set(alert, state);
      if (effect !== null) told[alert]!.push(`${placeOf(now)} ${textOf(alert, effect, now)}`);
    }
  }
  return told;
}

/** What is told by an alert's event. */
function textOf(alert: AlertName, effect: AlertEffect, updated_at: number): string {
  const { id: subject, account_id, name } = OBJECTIVE;
  const about = { alert, subject, account_id, name, service: 'signalbox' };
  const { resolved_at } = alertEvent(effect, about, { updated_at, measured: {} });
  return resolved_at === null ? 'open' : `resolve as of ${placeOf(resolved_at)}`;
}

/** Day and time of the minute that an instant lies in. */
function placeOf(at: number): string {
  const time = new Date(at).toISOString().slice(11, 16);
  return `day ${Math.floor((at - START) / DAY_MS)} ${time}`;
}

describe('a month with three outages', () => {
  const history = historyOf(OBJECTIVE, rowsOfTwoMonths());
  const statusAt = (day: number, hour: number) => {
    const now = START + day * DAY_MS + hour * HOUR_MS;
    return statusOf(OBJECTIVE, evidenceOf(OBJECTIVE, history, now), now);
  };

  it.each([
    ['before the first', 3, 9, 'ok', 4_320, 43.2],
    ['after the first', 5, 0, 'ok', 3_320, 33.2],
    ['after the second', 14, 0, 'ok', 2_720, 27.2],
    ['after the third', 29, 0, 'breached', -280, -2.8],
  ])('has a budget %s as computed by hand', (_what, day, hour, state, left, minutes) => {
    const status = statusAt(day, hour);
    expect(status.state).toBe(state);
    expect(status.sli).toBeCloseTo((4_320_000 - 4_320 + left) / 4_320_000, 12);
    expect(status.budget_left_ratio).toBeCloseTo(left / 4_320, 12);
    expect(status.budget_left_minutes).toBeCloseTo(minutes, 9);
  });

  it('foresees in the second outage when the budget will be spent', () => {
    // At 13:00 305 requests have failed, 3,015 are left; at 50 times the rate of 4,320 in 30 days, 5 a minute: 603 minutes.
    const now = START + 10 * DAY_MS + 13 * HOUR_MS;
    const status = statusOf(OBJECTIVE, evidenceOf(OBJECTIVE, history, now), now);
    expect(status).toMatchObject({
      state: 'warning',
      burn_rates: { '5m': 50, '1h': 50 },
      burn_band: 'incident',
    });
    expect(status.exhausted_at).toBe(now + 603 * MINUTE_MS);
  });

  it('opens and resolves alerts as computed by hand', () => {
    expect(playMonth(history)).toEqual({
      burn_page: [
        // 14.4 × 0.1 % of the 6,000 of an hour are 86.4: the first minute has 100.
        'day 3 10:00 open',
        // It is over once half an hour has no more than 6 × 0.1 % of 3,000, which are 18: as soon as no minute of the
        // outage is in it, at 10:39. So it stays for five minutes.
        'day 3 10:44 resolve as of day 3 10:39',
        // 5 a minute: the 18th makes 90.
        'day 10 12:17 open',
        // 18 are three minutes of 5, those of 13:57 on; they are the only ones left at 14:26.
        'day 10 14:31 resolve as of day 10 14:26',
        'day 20 08:00 open',
        'day 20 09:04 resolve as of day 20 08:59',
      ],
      burn_ticket: [
        // 3 × 0.1 % of the 144,000 of a day are 432, and so is 1 × of 432,000: the fifth minute has 500.
        'day 3 10:04 open',
        // It is over once two hours have no more than 36 of 12,000, and six hours no more than 36 of 36,000: with no
        // minute of the outage, at 16:09. So it stays for half an hour.
        'day 3 16:39 resolve as of day 3 16:09',
        // 5 a minute: the 87th makes 435.
        'day 10 13:26 open',
        // 36 are seven minutes of 5, those of 13:53 on; they are the only ones left at 19:52.
        'day 10 20:22 resolve as of day 10 19:52',
        'day 20 08:04 open',
        'day 20 14:59 resolve as of day 20 14:29',
      ],
      // The second alone lasts for an hour, and more than twice 0.1 % of 500, which is 1, fail from 12:00 on.
      // At 14:04 no minute of it is among the newest five.
      burn_high: ['day 10 13:00 open', 'day 10 14:09 resolve as of day 10 14:04'],
      // 1,600 are bad before the third; 4,321 are more than 4,320, in its 28th minute.
      breached: ['day 20 08:27 open'],
      // Three quarters are 3,240: in its 17th.
      budget_low: ['day 20 08:16 open'],
    });
  });

  it('is the same however the processes wrote it down', () => {
    const reversed = historyOf(OBJECTIVE, rowsOfTwoMonths().reverse());
    const now = START + 29 * DAY_MS;
    expect(evidenceOf(OBJECTIVE, reversed, now)).toEqual(evidenceOf(OBJECTIVE, history, now));
  });
});
