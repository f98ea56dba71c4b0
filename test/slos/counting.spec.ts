import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RequestObserver } from '../../src/http/request-observer';
import { DAY_MS, MINUTE_MS } from '../../src/events/summary/time-buckets';
import type { BookRow } from '../../src/slos/counting/tally-book';
import { NO_TALLY } from '../../src/slos/model/tally';
import { CountsRepository } from '../../src/slos/storage/counts.repository';
import { SloRetention } from '../../src/slos/storage/slo-retention';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { temporaryFolder } from '../harness/temporary-folder';
import { countsOf, slo, storeCounts } from './shown-slos';

declare const PROFILE: 'embedded' | 'scaled';

const OBJECTIVES = `
objectives:
  - { id: error-rate, account: acme }
  - { id: checkout, account: acme, kind: availability, routes: [POST /events], objective: 0.99, window: 24h }
`;

let destination: FakeDestination;
let service: RunningService;

/** The routes of requests that have ended, as observers know. An answer comes before that. */
const ended: (string | null)[] = [];

beforeAll(async () => {
  destination = await FakeDestination.start();
  const file = join(temporaryFolder(), 'slos.yaml');
  writeFileSync(file, OBJECTIVES);
  service = await startService({ SLOS_FILE: file, PAGERDUTY_EVENTS_URL: destination.url });
  service.app.get(RequestObserver).observe(({ route }) => ended.push(route));
});
afterAll(async () => {
  await stopServices();
  await destination.stop();
});

/** Makes requests one after the other, and waits until all of them are counted and stored. */
async function make(...requests: (() => Promise<unknown>)[]): Promise<void> {
  const before = ended.length;
  for (const request of requests) await request();
  await eventually(() => expect(ended.length).toBeGreaterThanOrEqual(before + requests.length));
  await storeCounts(service);
}

const tenantEvent = (account_id: string): Record<string, unknown> => ({
  account_id,
  user_id: 'user-17',
  type: 'login',
  timestamp: new Date().toISOString(),
});

const post = (body: unknown) => () => service.client.post('/events', body);

describe('requests', () => {
  it('count by their route: what is answered is good, the client’s own fault is neither', async () => {
    await make(post(tenantEvent('globex')), post(tenantEvent('globex')), post({ not: 'an event' }));
    expect(await countsOf(service, 'events-availability')).toEqual({ good: 2, bad: 0, unseen: 0 });
    expect((await slo(service, 'events-availability')).plain_ratio).toBeCloseTo(2 / 3, 12);
    expect(await countsOf(service, 'events-latency-p99')).toMatchObject({ bad: 0 });
    expect(await countsOf(service, 'stripe-availability')).toEqual({ good: 0, bad: 0, unseen: 0 });
  });

  it('count all together for the error rate, what no route is for included, probes not', async () => {
    const get = (path: string) => () => service.client.get(path);
    await make(get('/nowhere'), get('/healthz'), get('/readyz'), get('/events'));
    expect(ended).toEqual(expect.arrayContaining([null, '/healthz', '/readyz', '/events']));
    await eventually(async () => {
      const counted = ended.filter((route) => route !== '/healthz' && route !== '/readyz').length;
      await storeCounts(service);
      expect(await countsOf(service, 'error-rate')).toEqual({ good: counted, bad: 0, unseen: 0 });
    });
  });

  it('count for an account that has an objective of its own', async () => {
    await make(post(tenantEvent('acme')), post([tenantEvent('acme'), tenantEvent('globex')]));
    expect(await countsOf(service, 'checkout', '?account_id=acme')).toEqual({ good: 2, bad: 0, unseen: 0 });
    expect(await countsOf(service, 'error-rate', '?account_id=acme')).toEqual({ good: 2, bad: 0, unseen: 0 });
  });

  it('are told apart by where a summary came from', async () => {
    const ask = (): Promise<unknown> => service.client.get('/accounts/initech/summary');
    await make(ask, ask, ask);
    expect(await countsOf(service, 'summary-latency-computed')).toEqual({ good: 1, bad: 0, unseen: 0 });
    expect(await countsOf(service, 'summary-latency-cached')).toEqual({ good: 2, bad: 0, unseen: 0 });
    expect(await countsOf(service, 'summary-availability')).toEqual({ good: 3, bad: 0, unseen: 0 });
  });
});

it('keeps counts for as long as windows and reports need them', async () => {
  const counts = service.app.get(CountsRepository);
  const key = { series: 'kept', account_id: '' };
  const now = Date.now();
  const rowAt = (days: number): BookRow => {
    const bucket_at = now - (now % MINUTE_MS) - days * DAY_MS;
    const tally = { ...NO_TALLY, good: 1 };
    return { ...key, span_ms: MINUTE_MS, bucket_at, writer: 'before', tally };
  };
  await counts.write([rowAt(62), rowAt(60), rowAt(1)]);
  const left = (): Promise<unknown[]> =>
    counts.read(key, [{ span_ms: MINUTE_MS, from_at: 0, until_at: now }]);
  expect(await left()).toHaveLength(3);
  await service.app.get(SloRetention).removeOld(now);
  expect(await left()).toHaveLength(2);
});

it('counts how long deliveries take from when their events were stored', async () => {
  await service.client.stripe(payoutFailed('evt_counted'));
  await eventually(async () => {
    await storeCounts(service);
    expect(await countsOf(service, 'delivery-latency')).toEqual({ good: 1, bad: 0, unseen: 0 });
  });
});

it('counts how long events wait in a queue, where there is one', async () => {
  await eventually(async () => {
    await storeCounts(service);
    const { good, bad } = await countsOf(service, 'queue-latency');
    expect(good + bad).toBe(PROFILE === 'scaled' ? 5 : 0);
  });
});

it('goes on counting where the process before it has stopped, within the same minute or not', async () => {
  const before = await countsOf(service, 'events-availability');
  await make(post(tenantEvent('globex')));
  await service.client.post('/events', tenantEvent('globex'));
  await service.stop();
  service = await startService(service.environment);
  await service.client.post('/events', tenantEvent('globex'));
  await eventually(async () => {
    await storeCounts(service);
    expect(await countsOf(service, 'events-availability')).toEqual({ ...before, good: before.good + 3 });
  });
});
