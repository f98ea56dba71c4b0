import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/events/summary/time-buckets';
import { SloAlerts } from '../../src/slos/alerting/slo-alerts';
import { Counting } from '../../src/slos/counting/counting';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { startService, stopServices, type RunningService } from '../harness/service';
import type { ShownEvent } from '../harness/service-client';
import { EVERYTHING_BUT_DATE, slo, storeCounts } from '../slos/shown-slos';

/**
 * The month of `src/slos/model/month.spec.ts`, whose numbers were computed by hand, played through the real counting,
 * database, judging and API: 100 requests a minute, kept to 99.9 % over 30 days, after a month without a fault. Of
 * 4,320,000 requests 4,320 may be bad, which are 43.2 minutes.
 *
 *   day 3   10:00 to 10:10   all fail        1,000 bad   1,000 in all   3,320 left   33.2 minutes
 *   day 10  12:00 to 14:00   5 of 100 fail     600 bad   1,600 in all   2,720 left   27.2 minutes
 *   day 20  08:00 to 08:30   all fail        3,000 bad   4,600 in all    -280 left   -2.8 minutes
 */
const START = Date.UTC(2031, 4, 1);
const OUTAGES = [
  { from: at(3, 10), until: at(3, 10, 10), bad: 100 },
  { from: at(10, 12), until: at(10, 14), bad: 5 },
  { from: at(20, 8), until: at(20, 8, 30), bad: 100 },
];
const POST_EVENTS = { series: 'http POST /events', account_id: '' };

function at(day: number, hour: number, minute = 0): number {
  return START + day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;
}

/** The days before the first outage, whose alerts are judged by what came in three of them, and the hours of the others. */
function isPlayedByMinutes(instant: number): boolean {
  if (at(0, 0) <= instant && instant < at(4, 0)) return true;
  const hour = instant - (instant % HOUR_MS);
  return OUTAGES.some(({ from, until }) => from < hour + HOUR_MS && hour < until);
}

describe('a month with three outages', () => {
  let service: RunningService;
  let destination: FakeDestination;
  let playedUntil = START - 30 * DAY_MS;

  beforeAll(async () => {
    jest.useFakeTimers({ doNotFake: EVERYTHING_BUT_DATE, now: playedUntil });
    destination = await FakeDestination.start();
    service = await startService({ PAGERDUTY_EVENTS_URL: destination.url });
  });
  afterAll(async () => {
    await stopServices();
    await destination.stop();
    jest.useRealTimers();
  });

  /**
   * Requests are made until an instant, and counted when they end: in every minute where something is judged or fails,
   * else an hour's together in its first minute. What is asked about other hours begins and ends with them.
   */
  async function play(until: number): Promise<void> {
    const counting = service.app.get(Counting);
    while (playedUntil < until) {
      const stepMs = isPlayedByMinutes(playedUntil) ? MINUTE_MS : HOUR_MS;
      const requests = (100 * stepMs) / MINUTE_MS;
      const bad = OUTAGES.find(({ from, until: end }) => from <= playedUntil && playedUntil < end)?.bad ?? 0;
      jest.setSystemTime(playedUntil + MINUTE_MS - 1);
      if (bad < requests) counting.count(POST_EVENTS, 'good', 5, requests - bad);
      if (bad > 0) counting.count(POST_EVENTS, 'bad', 5, bad);
      playedUntil += stepMs;
      if (playedUntil % DAY_MS === 0) await storeCounts(service);
    }
    jest.setSystemTime(playedUntil - 1);
    await storeCounts(service);
  }

  const alerts = async (): Promise<string[]> => {
    const events = (await service.client.events('?source=slo&limit=500')) as readonly (ShownEvent & {
      type: string;
      started_at: string;
    })[];
    return events
      .map(
        ({ type, started_at, resolved_at }) =>
          `${type} ${started_at.slice(8, 16)} ${resolved_at?.slice(8, 16)}`,
      )
      .sort();
  };

  it.each([
    ['before the first', at(3, 9), 'ok', 4_320, 43.2],
    ['after the first', at(5, 0), 'ok', 3_320, 33.2],
    ['after the second', at(14, 0), 'ok', 2_720, 27.2],
    ['after the third', at(29, 0), 'breached', -280, -2.8],
  ])('has a budget %s as computed by hand', async (what, until, state, left, minutes) => {
    if (what === 'after the first') await judgeEachMinute(at(3, 9, 58), at(3, 10, 50));
    // A process that stops at any time takes nothing with it.
    if (what === 'after the third') await restart(at(20, 8, 13));
    await play(until);
    const shown = await slo(service, 'events-availability');
    expect(shown).toMatchObject({ state, coverage: 1, plain_ratio: shown.sli });
    expect(shown.sli).toBeCloseTo((4_320_000 - 4_320 + left) / 4_320_000, 9);
    expect(shown.budget_left_ratio).toBeCloseTo(left / 4_320, 9);
    expect(shown.budget_left_minutes).toBeCloseTo(minutes, 6);
  });

  it('has told of the first, paged, and told that it is over, as computed by hand', async () => {
    // 14.4 × 0.1 % of an hour's 6,000 are 86.4: the first minute has 100. Over once half an hour has no more than 18,
    // with no minute of the outage left in it, at 10:39. 3 × 0.1 % of a day's 144,000 are 432: the fifth minute has 500.
    expect(await alerts()).toEqual(['burn_page 04T10:00 04T10:39', 'burn_ticket 04T10:04 undefined']);
    const key = 'default/slo:all/events-availability:burn_page:2031-05-04T10:00:59.999Z';
    expect(destination.calls).toEqual([`trigger ${key}`, `resolve ${key}`]);
  });

  it('shows how the budget went, and in which windows it was spent', async () => {
    const { budget_over_time, windows, bad_by_fault } = await slo(service, 'events-availability');
    expect(budget_over_time).toHaveLength(30);
    const leftAt = (day: number): number | null =>
      budget_over_time.find((point) => Date.parse(point.at) === at(day, 0))!.budget_left_ratio;
    expect([leftAt(3), leftAt(4), leftAt(11), leftAt(21)]).toEqual(
      [4_320, 3_320, 2_720, -280].map((left) => expect.closeTo(left / 4_320, 9) as number),
    );
    expect(windows.find(({ window }) => window === '30d')).toMatchObject({ good: 4_315_400, bad: 4_600 });
    expect(bad_by_fault).toEqual({ own: 0, vendor: 0, unexplained: 4_600 });
  });

  it('is reported, with the change against the month before', async () => {
    await play(at(30, 0));
    jest.setSystemTime(at(30, 0));
    const { body } = await service.client.get<{ objectives: Record<string, unknown>[] }>(
      '/reports/slo?window=30d',
    );
    expect(body.objectives.find(({ id }) => id === 'events-availability')).toEqual({
      id: 'events-availability',
      account_id: null,
      name: 'POST /events is available',
      target: 0.999,
      counts: { good: 4_315_400, bad: 4_600, unseen: 0 },
      actual: expect.closeTo(1 - 4_600 / 4_320_000, 9) as number,
      result: 'missed',
      budget_consumed: expect.closeTo(4_600 / 4_320, 9) as number,
      actual_change: expect.closeTo(-4_600 / 4_320_000, 9) as number,
      budget_change: expect.closeTo(4_600 / 4_320, 9) as number,
    });
  });

  it('counts on in rows of its own where the clock is set back', async () => {
    const before = await slo(service, 'events-availability');
    const counting = service.app.get(Counting);
    jest.setSystemTime(at(29, 12));
    counting.count(POST_EVENTS, 'bad', 5, 7);
    jest.setSystemTime(at(30, 0, 1));
    await storeCounts(service);
    const after = await slo(service, 'events-availability');
    const badOf = ({ windows }: typeof before): number => windows.find(({ window }) => window === '30d')!.bad;
    expect(badOf(after) - badOf(before)).toBe(7);
  });

  async function judgeEachMinute(from: number, until: number): Promise<void> {
    for (let end = from + MINUTE_MS; end <= until; end += MINUTE_MS) {
      await play(end);
      await service.app.get(SloAlerts).judge();
      // Before the clock is set: deliveries would find their leases over, and their age.
      await eventually(async () => {
        expect(await service.client.deliveries('?status=pending')).toEqual([]);
      });
    }
  }

  async function restart(when: number): Promise<void> {
    await play(when);
    await service.stop();
    service = await startService(service.environment);
  }
});
