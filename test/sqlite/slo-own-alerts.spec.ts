import type { ServerResponse } from 'node:http';
import { MINUTE_MS } from '../../src/events/summary/time-buckets';
import { DeadLetters } from '../../src/ingest/queue/dead-letters';
import { SloAlerts } from '../../src/slos/alerting/slo-alerts';
import { Counting } from '../../src/slos/counting/counting';
import type { Outcome } from '../../src/slos/model/tally';
import { change, incident, settled } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import { payoutFailed, type ShownEvent } from '../harness/service-client';
import { TargetServers } from '../monitors/target-server';
import { checked, startWatching, watch } from '../monitors/watching';
import { EVERYTHING_BUT_DATE, storeCounts } from '../slos/shown-slos';

/** Alerts that need no budget, from what causes them to their events and pages, minute by minute of a set clock. */
let service: RunningService;
let destination: FakeDestination;
const targets = new TargetServers();
/** The judging is at the 20th second of each minute. */
let now = Date.UTC(2031, 4, 1, 10, 0, 20);

beforeAll(async () => {
  jest.useFakeTimers({ doNotFake: EVERYTHING_BUT_DATE, now });
  destination = await FakeDestination.start();
  service = await startWatching(destination);
});
afterAll(async () => {
  await stopServices();
  await Promise.all([destination.stop(), targets.close()]);
  jest.useRealTimers();
});

/** What happens in a minute, of which the first is number 0. */
type Minute = (number: number) => unknown;

/** Lets minutes pass: what happens in each is counted, stored when it is over, and judged. */
async function pass(minutes: number, happens: Minute = () => undefined): Promise<void> {
  for (let number = 0; number < minutes; number += 1) {
    jest.setSystemTime(now + 10_000);
    await happens(number);
    jest.setSystemTime(now + 40_000);
    await storeCounts(service);
    now += MINUTE_MS;
    jest.setSystemTime(now);
    await service.app.get(SloAlerts).judge();
    // Before the clock is set: deliveries would find their leases over.
    await eventually(async () => {
      expect(await service.client.deliveries('?status=pending&destination=pagerduty')).toEqual([]);
    });
  }
}

/** Happens in the first of some minutes. */
const once =
  (happens: () => unknown): Minute =>
  (number) =>
    number === 0 ? happens() : undefined;

/** Requests to `POST /events` in each minute, beside each other: how many ended how, and how long they took. */
const requests =
  (...some: readonly (readonly [times: number, outcome: Outcome, durationMs: number])[]): Minute =>
  () => {
    for (const [times, outcome, durationMs] of some) {
      for (const series of ['http', 'http POST /events']) {
        service.app.get(Counting).count({ series, account_id: '' }, outcome, durationMs, times);
      }
    }
  };

/** Deliveries that are to be tried again a year later. */
async function setWaiting(count: number): Promise<void> {
  await change(service, `DELETE FROM deliveries WHERE destination = 'slow'`);
  await change(
    service,
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO deliveries (account_id, event_id, revision, destination, action, severity, priority, status,
      created_at, due_at, attempts, claims)
    SELECT 'default', 'waiting-' || i, 1, 'slow', 'trigger', 'critical', 0, 'pending', ?, ?, 1, 1 FROM n`,
    [count, now, now + 365 * 1_440 * MINUTE_MS],
  );
}

/** When the alerts of a type were open, by the clock; of all subjects, or of some. */
async function opened(type: string, about = ''): Promise<string[]> {
  const events = (await service.client.events('?source=slo&limit=500')) as readonly (ShownEvent & {
    type: string;
    severity: string;
    started_at: string;
  })[];
  return events
    .filter((event) => event.type === type && event.event_id.includes(about))
    .map(({ severity, started_at, resolved_at }) => {
      return `${severity} ${started_at.slice(11, 16)} to ${resolved_at?.slice(11, 16) ?? 'now'}`;
    });
}

const clock = (): string => new Date(now).toISOString().slice(11, 16);

/** A target that answers nothing until it is let. */
const hanging: ServerResponse[] = [];
async function watchHanging(): Promise<void> {
  const url = await targets.http((_request, response) => hanging.push(response));
  await watch(service, { url, interval_s: 86_400, timeout_ms: 30_000 });
  await eventually(() => expect(hanging).toHaveLength(1));
  // A check is dead two minutes after it was due.
  now += 2 * MINUTE_MS;
}

it.each<[type: string, severity: string, nearly: Minute, holds: Minute, isOver: Minute]>([
  [
    'slow',
    'warning',
    requests([990, 'good', 5], [10, 'good', 500]),
    requests([989, 'good', 5], [11, 'good', 500]),
    requests([990, 'good', 5], [10, 'good', 500]),
  ],
  [
    'errors',
    'critical',
    // So many that those of the test itself do not matter.
    requests([990_000, 'good', 5], [10_000, 'bad', 5]),
    requests([980_000, 'good', 5], [9_000, 'refused', 5], [11_000, 'bad', 5]),
    requests([990_000, 'good', 5], [10_000, 'bad', 5]),
  ],
  [
    'queue_deep',
    'warning',
    once(() => setWaiting(10_000)),
    once(() => setWaiting(10_001)),
    once(() => setWaiting(8_000)),
  ],
  [
    'dead_letter',
    'critical',
    () => undefined,
    once(() => {
      const bad = { event: incident('unstorable'), request_id: 'a-request', error: 'it does not fit' };
      return service.app.get(DeadLetters, { strict: false }).add('events', [bad], 3);
    }),
    once(() => service.client.post('/dead-letters/replay', {})),
  ],
  [
    'dead_delivery',
    'critical',
    once(async () => {
      await service.client.stripe(payoutFailed('evt_arrives'));
      await settled(service, 'evt_arrives');
    }),
    once(async () => {
      destination.next(answer(400));
      await service.client.stripe(payoutFailed('evt_dies'));
      await settled(service, 'evt_dies');
    }),
    once(async () => {
      const [dead] = await service.client.deliveries('?status=dead');
      await service.client.post(`/deliveries/${dead!.id}/replay`);
      await settled(service, 'evt_dies');
    }),
  ],
  [
    'dead_check',
    'warning',
    () => undefined,
    once(watchHanging),
    once(async () => {
      hanging.at(-1)!.writeHead(200).end();
      const [{ id }] = (await service.client.get<{ monitors: [{ id: string }] }>('/monitors')).body.monitors;
      await checked(service, { id }, (check) => check.class === 'up');
    }),
  ],
])(
  '%s opens once it has held for five minutes, and is over after five without it',
  async (type, severity, nearly, holds, isOver) => {
    await pass(7, nearly);
    expect(await opened(type)).toEqual([]);

    await pass(1, holds);
    const since = clock();
    await pass(4, (number) => holds(number + 1));
    expect(await opened(type)).toEqual([]);
    await pass(1, (number) => holds(number + 5));
    expect(await opened(type)).toEqual([`${severity} ${since} to now`]);

    await pass(1, isOver);
    const until = clock();
    await pass(4, (number) => isOver(number + 1));
    expect(await opened(type)).toEqual([`${severity} ${since} to now`]);
    await pass(1, (number) => isOver(number + 5));
    expect(await opened(type)).toEqual([`${severity} ${since} to ${until}`]);

    // What is critical has paged, and has told the pager that it is over.
    const about = (): string[] => destination.calls.filter((call) => call.includes(`:${type}:`));
    const pages = severity === 'critical' ? ['trigger', 'resolve'] : [];
    await eventually(() => expect(about().map((call) => call.split(' ')[0])).toEqual(pages));
  },
);

it('burn_high opens once the budget was spent more than twice as fast as allowed for an hour', async () => {
  const twice = requests([998, 'good', 5], [2, 'bad', 5]);
  const more = requests([997, 'good', 5], [3, 'bad', 5]);
  const about = '/events-availability:';
  await pass(6, twice);
  await pass(1, more);
  const since = clock();
  await pass(59, more);
  expect(await opened('burn_high', about)).toEqual([]);
  await pass(1, more);
  expect(await opened('burn_high', about)).toEqual([`warning ${since} to now`]);
  // The newest 5 minutes are four that are over, and the one that goes on.
  await pass(4, twice);
  const until = clock();
  await pass(4, twice);
  expect(await opened('burn_high', about)).toEqual([`warning ${since} to now`]);
  await pass(1, twice);
  expect(await opened('burn_high', about)).toEqual([`warning ${since} to ${until}`]);
});
