import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CircuitBreakers } from '../../src/reliability/circuit-breakers';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { stopServices, type LogLine, type RunningService } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { Gate } from './gate';
import { LaneByHand } from './lane-by-hand';
import { incident, inShort, received, record, settled, startPaging } from './paging-service';

const PATIENT = { DELIVERY_TIMEOUT_MS: '10000' };

/** Longer than any test takes. */
const FOR_GOOD = { BREAKER_RESET_MS: '3600000' };

const OPENED = 'circuit breaker opened';
const PROBES = 'circuit breaker lets a probe through';
const CLOSED = 'circuit breaker closed';

let destination: FakeDestination;
let byHand: LaneByHand | undefined;

beforeEach(async () => {
  destination = await FakeDestination.start();
});

afterEach(async () => {
  await byHand?.stop();
  byHand = undefined;
  await stopServices();
  await destination.stop();
});

function transitions(service: RunningService): LogLine[] {
  return service.log.filter(({ msg }) => [OPENED, PROBES, CLOSED].includes(msg ?? ''));
}

function hasLogged(service: RunningService, message: string): Promise<void> {
  return eventually(() => expect(service.log.map(({ msg }) => msg)).toContain(message));
}

/** What /readyz says of the breakers; it is ready whatever they are. */
async function breakersOf(service: RunningService): Promise<Record<string, unknown>> {
  const { status, body } = await service.client.get<{ details: { breakers: Record<string, unknown> } }>(
    '/readyz',
  );
  expect(status).toBe(200);
  return body.details.breakers;
}

function some(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `inc-${n}`);
}

function recordAll(service: RunningService, ids: readonly string[]): Promise<unknown> {
  return record(service, ...ids.map((id) => incident(id)));
}

async function nothingIsPending(service: RunningService): Promise<void> {
  await eventually(async () => expect(await service.client.deliveries('?status=pending')).toEqual([]));
}

describe('promise 6: a sick destination', () => {
  it('is left alone after three failures, and what waits for it uses up no attempts', async () => {
    destination.always(answer(500));
    const service = await startPaging(destination, { ...PATIENT, ...FOR_GOOD, WORKER_CONCURRENCY: '1' });
    await recordAll(service, some(20));
    await hasLogged(service, OPENED);
    await record(service, incident('later'));
    expect(await breakersOf(service)).toMatchObject({
      status: 'degraded',
      breakers: [{ name: 'pagerduty', state: 'open', retry_at: expect.any(String) as string }],
    });
    expect(transitions(service)).toMatchObject([
      { msg: OPENED, level: 'warn', breaker: 'pagerduty', from: 'closed', to: 'open', failures: 3 },
    ]);
    const pending = await service.client.deliveries('?status=pending&limit=500');
    expect(pending).toHaveLength(21);
    expect(pending.filter(({ attempts }) => attempts.length > 0).length).toBeLessThanOrEqual(3);
    expect(destination.calls).toHaveLength(3);
  });

  it('gets nothing of what was claimed just before the breaker opened, and that costs no attempt', async () => {
    byHand = await LaneByHand.start(destination, { BREAKER_RESET_MS: '50' });
    const { app, claims } = byHand;
    const breaker = app.get(CircuitBreakers).named('pagerduty');
    const fail = (): Promise<unknown> =>
      breaker.call(
        () => Promise.reject(new Error('sick')),
        () => true,
      );
    claims.afterClaim = async () => {
      claims.afterClaim = () => undefined;
      await Promise.allSettled([fail(), fail(), fail()]);
    };
    await byHand.record(incident('inc'));
    byHand.lane.wake();
    await eventually(async () => {
      expect(await byHand!.deliveriesOf('inc')).toMatchObject([{ status: 'delivered', attempts: 1 }]);
    });
    expect(await byHand.attemptsOf('inc')).toMatchObject([{ outcome: 'released' }, { outcome: 'delivered' }]);
    expect(destination.calls).toHaveLength(1);
  });

  it('gets exactly one request once the time is over, and all the others when that went well', async () => {
    const gate = new Gate();
    destination.next(answer(500));
    destination.always(gate.behaviour);
    const service = await startPaging(destination, {
      ...PATIENT,
      BREAKER_FAILURES: '1',
      BREAKER_RESET_MS: '300',
    });
    await record(service, incident('first'));
    await hasLogged(service, OPENED);
    await recordAll(service, some(100));
    await received(destination, 2);
    await record(service, incident('more'));
    expect(await breakersOf(service)).toMatchObject({ breakers: [{ state: 'half_open' }] });
    expect(destination.calls).toHaveLength(2);
    const pending = await service.client.deliveries('?status=pending&limit=500');
    expect(pending).toHaveLength(102);
    expect(pending.filter(({ attempts }) => attempts.length > 0).length).toBeLessThanOrEqual(2);
    gate.open();
    await nothingIsPending(service);
    expect(destination.calls).toHaveLength(1 + 102);
    expect(transitions(service).map(({ msg }) => msg)).toEqual([OPENED, PROBES, CLOSED]);
    expect(await breakersOf(service)).toMatchObject({
      status: 'up',
      breakers: [{ state: 'closed', retry_at: null }],
    });
  });

  it('is left alone again after each probe that fails, and gets everything in the end', async () => {
    destination.next(answer(500), answer(503), answer(500));
    const service = await startPaging(destination, { ...PATIENT, BREAKER_FAILURES: '1' });
    await record(service, incident('first'));
    await hasLogged(service, OPENED);
    await recordAll(service, some(10));
    await nothingIsPending(service);
    expect(transitions(service).map(({ msg }) => msg)).toEqual([
      ...[OPENED, PROBES],
      ...[OPENED, PROBES],
      ...[OPENED, PROBES, CLOSED],
    ]);
    expect(destination.calls).toHaveLength(3 + 11);
  });

  it.each([301, 400, 404, 408, 425, 429])('is not taken for sick by %i', async (status) => {
    destination.next(answer(status));
    const service = await startPaging(destination, { ...PATIENT, ...FOR_GOOD, BREAKER_FAILURES: '1' });
    await record(service, incident('first'));
    await settled(service, 'first');
    await record(service, incident('second'));
    expect(inShort(await settled(service, 'second'))).toEqual(['trigger delivered']);
    expect(transitions(service)).toEqual([]);
    expect(await breakersOf(service)).toMatchObject({ status: 'up' });
  });

  it('is left alone altogether until the time that one 429 asks for', async () => {
    const returnedAt: number[] = [];
    let mayReturnAt = 0;
    destination.next((request, response) => {
      const date = new Date(Date.now() + 2_000).toUTCString();
      mayReturnAt = Date.parse(date);
      answer(429, { 'retry-after': date })(request, response);
    });
    destination.always((request, response) => {
      returnedAt.push(Date.now());
      answer(202)(request, response);
    });
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('first'));
    await eventually(async () => {
      const { deliveries } = await service.client.event('first');
      expect(deliveries).toMatchObject([{ attempts: [{ outcome: 'throttled' }] }]);
    });
    await recordAll(service, some(20));
    await nothingIsPending(service);
    expect(returnedAt).toHaveLength(21);
    expect(Math.min(...returnedAt)).toBeGreaterThanOrEqual(mayReturnAt);
    expect(transitions(service)).toEqual([]);
  });

  it('keeps nobody from reporting, nor from reading', async () => {
    const gate = new Gate();
    destination.always(gate.behaviour);
    const service = await startPaging(destination, { ...PATIENT, WORKER_CONCURRENCY: '1' });
    const webhooks = some(50).map((id) => service.client.stripe(payoutFailed(id)));
    for (const { status } of await Promise.all(webhooks)) expect(status).toBe(200);
    const pulled = await service.client.post('/ingest/pull-status');
    expect(pulled.body).toMatchObject({ stored: 2, routed: 1 });
    expect(await service.client.events('?severity=critical&limit=500')).toHaveLength(51);
    expect(destination.calls).toHaveLength(1);
    gate.open();
    await nothingIsPending(service);
  });
});

describe('promise 6: a sick page', () => {
  let server: Server;

  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('keeps nothing from being delivered', async () => {
    const { port } = server.address() as AddressInfo;
    const service = await startPaging(destination, {
      ...PATIENT,
      STATUS_PAGES: `silent=http://127.0.0.1:${port}/api/v2/summary.json`,
      STATUS_POLL_CRON: '0 0 29 2 *',
      PAGE_TIMEOUT_MS: '60000',
    });
    const connected = new Promise((resolve) => server.once('connection', resolve));
    let isPulled = false;
    const pull = service.client.post('/ingest/pull-status').finally(() => (isPulled = true));
    await connected;
    await service.client.stripe(payoutFailed('evt_1'));
    expect(inShort(await settled(service, 'evt_1'))).toEqual(['trigger delivered']);
    expect(isPulled).toBe(false);
    server.close();
    server.closeAllConnections();
    expect((await pull).body).toMatchObject({ errors: [{ page: 'silent' }] });
  });
});
