import { startPaging } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { ScaledServices } from '../scaled/scaled-services';
import { tenantEvent } from '../scaled/tenant-posts';
import { Collector, type ReceivedSpan } from './collector';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${CALLER}-01`;

let collector: Collector;
let destination: FakeDestination;
beforeEach(async () => {
  collector = await Collector.start();
  destination = await FakeDestination.start();
});
afterEach(async () => {
  await stopServices();
  await collector.stop();
  await destination.stop();
});

/** Waits for the page of an event, and gives the headers it came with. */
function pagedWith(key: string): Promise<Readonly<Record<string, unknown>>> {
  return eventually(() => {
    const request = destination.received.find(({ body }) => body.dedup_key === key);
    if (request === undefined) throw new Error(`no page for ${key}`);
    return request.headers;
  });
}

/** Each span by its name, as the name of the one that it belongs to. */
function parents(spans: ReadonlyMap<string, ReceivedSpan>): Record<string, string | undefined> {
  const names = new Map([...spans.values()].map(({ spanId, name }) => [spanId, name]));
  return Object.fromEntries(
    [...spans.values()].map(({ name, parentSpanId = '' }) => [name, names.get(parentSpanId) ?? parentSpanId]),
  );
}

/** What lines of the log say of a trace. */
function tracesIn({ log }: RunningService, message: string): unknown[] {
  return log.filter(({ msg }) => msg === message).map(({ trace_id }) => trace_id);
}

it('leads from the webhook through the commit and the delivery to the answer of the destination', async () => {
  const service = await startPaging(destination, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const webhook = JSON.stringify(payoutFailed('evt_traced'));
  const { headers } = await service.client.stripe(webhook, { headers: { traceparent: TRACEPARENT } });
  const paged = await pagedWith('default/evt_traced');
  await eventually(() => expect(tracesIn(service, 'delivered')).toEqual([TRACE]));
  await service.stop();

  const spans = collector.ofTrace(TRACE);
  expect(parents(spans)).toEqual({
    'POST /ingest/stripe': CALLER,
    record: 'POST /ingest/stripe',
    commit: 'record',
    'deliver trigger': 'record',
  });
  expect(paged['traceparent']).toBe(`00-${TRACE}-${spans.get('deliver trigger')?.spanId}-01`);
  expect(spans.get('deliver trigger')?.attributes).toEqual({
    'signalbox.destination': 'pagerduty',
    'signalbox.attempt': 1,
    'signalbox.outcome': 'delivered',
    'http.response.status_code': 202,
  });
  expect(spans.get('POST /ingest/stripe')?.attributes).toMatchObject({
    'http.response.status_code': 200,
    'signalbox.request_id': headers.get('x-request-id'),
  });
  expect(tracesIn(service, 'stripe webhook')).toEqual([TRACE]);
  expect(tracesIn(service, 'request')).toContain(TRACE);
});

it('goes on with the next attempt, though the service has stopped meanwhile', async () => {
  const slow = { DELIVERY_BASE_MS: '2000', DELIVERY_MAX_MS: '2000' };
  destination.next(answer(500));
  const service = await startPaging(destination, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...slow });
  await service.client.stripe(payoutFailed('evt_again'), { headers: { traceparent: TRACEPARENT } });
  await pagedWith('default/evt_again');
  await service.stop();
  const next = await startPaging(destination, service.environment);
  await eventually(() => expect(tracesIn(next, 'delivered')).toEqual([TRACE]));
  await next.stop();
  const attempts = collector.spans.filter(({ name }) => name === 'deliver trigger');
  expect(attempts.map(({ traceId }) => traceId)).toEqual([TRACE, TRACE]);
  expect(attempts.map(({ attributes }) => attributes['signalbox.outcome'])).toEqual([
    'server_error',
    'delivered',
  ]);
  expect(new Set(attempts.map(({ parentSpanId }) => parentSpanId)).size).toBe(1);
});

it('begins with the request where its sender has begun none, and leaves out probes', async () => {
  const service = await startPaging(destination, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await service.client.get('/healthz');
  await service.client.get('/readyz');
  await service.client.get('/metrics');
  await service.client.stripe(payoutFailed('evt_first'), { headers: { traceparent: 'nonsense' } });
  await service.client.stripe(payoutFailed('evt_second'));
  await pagedWith('default/evt_first');
  await pagedWith('default/evt_second');
  await service.stop();
  const requests = collector.spans.filter(({ name }) => /^[A-Z]+ \//.test(name));
  expect(requests.map(({ name }) => name)).toEqual(['POST /ingest/stripe', 'POST /ingest/stripe']);
  expect(requests.map(({ parentSpanId = '' }) => parentSpanId)).toEqual(['', '']);
  expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(2);
});

it('is none where traces are off', async () => {
  const service = await startPaging(destination);
  await service.client.stripe(payoutFailed('evt_off'), { headers: { traceparent: TRACEPARENT } });
  expect(await pagedWith('default/evt_off')).not.toHaveProperty('traceparent');
  await eventually(() => expect(tracesIn(service, 'delivered')).toEqual([undefined]));
});

it('that nobody takes is lost, and harms nothing', async () => {
  const service = await startPaging(destination, { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/refused` });
  expect((await service.client.stripe(payoutFailed('evt_lost'))).status).toBe(200);
  await pagedWith('default/evt_lost');
  await service.stop();
  expect(collector.spans).toEqual([]);
  expect(service.log).toContainEqual(
    expect.objectContaining({ level: 'warn', msg: 'the last spans could not be sent' }),
  );
});

describeWith({ postgres: true, redis: true }, 'a trace over several processes', () => {
  it('goes on behind the queue, and in the process that delivers', async () => {
    const services = await ScaledServices.onFreshStore({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      PAGERDUTY_EVENTS_URL: destination.url,
    });
    const api = await services.start('api');
    const others = [await services.start('worker'), await services.start(['notifier', 'scheduler'])];
    const event = tenantEvent('acme', 'queued', { kind: 'incident', severity: 'critical' });
    const { body } = await api.client.post('/events', event, { traceparent: TRACEPARENT });
    expect(body).toMatchObject({ durability: 'queued' });
    const paged = await pagedWith('acme/queued');
    await eventually(() => expect(tracesIn(api, 'delivered')).toContain(TRACE));
    for (const service of [api, ...others]) await service.stop();
    const spans = collector.ofTrace(TRACE);
    expect(parents(spans)).toEqual({
      'POST /events': CALLER,
      'store queued events': 'POST /events',
      record: 'store queued events',
      commit: 'record',
      'deliver trigger': 'record',
    });
    expect(paged['traceparent']).toContain(TRACE);
  });
});
