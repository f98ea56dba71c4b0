import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { startService, stopServices, type LogLine, type RunningService } from '../harness/service';
import { payoutFailed, STRIPE_SECRET } from '../harness/service-client';
import { signatureHeader } from '../../src/ingest/stripe-signature';
import { request, sendRaw } from './raw-http';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let destination: FakeDestination;
let service: RunningService;

beforeAll(async () => {
  destination = await FakeDestination.start();
  service = await startService({ PAGERDUTY_EVENTS_URL: destination.url });
});
afterAll(async () => {
  await stopServices();
  await destination.stop();
});

async function idOf(id?: string): Promise<string | null> {
  const { headers } = await service.client.get(
    '/healthz',
    id === undefined ? {} : { headers: { 'x-request-id': id } },
  );
  return headers.get('x-request-id');
}

const linesOf = (id: string): LogLine[] => service.log.filter((line) => line['request_id'] === id);

describe('x-request-id', () => {
  it.each(['a', 'req-1.2_3', '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11', 'x'.repeat(128)])(
    'is taken: %s',
    async (id) => {
      expect(await idOf(id)).toBe(id);
    },
  );

  it.each(['x'.repeat(129), 'a b', 'a,b', 'a"b', '<a>', 'a/b', '{"a":1}'])(
    'is made where it cannot be used: %s',
    async (id) => {
      expect(await idOf(id)).toMatch(UUID);
    },
  );

  it('is made where there is none, another one each time', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => idOf()));
    expect(new Set(ids).size).toBe(20);
    for (const id of ids) expect(id).toMatch(UUID);
  });

  it('is made where two are given', async () => {
    const answer = await sendRaw(
      service.url,
      request('GET', '/healthz', ['x-request-id: a', 'x-request-id: b']),
    );
    expect(answer.headers['x-request-id']).toMatch(UUID);
  });

  it('stands in the error that is answered, whoever answers it', async () => {
    const headers = ['x-request-id: mine'];
    const answers = await Promise.all([
      sendRaw(service.url, request('GET', '/events?limit=0', headers)),
      sendRaw(service.url, request('GET', '/nowhere', headers)),
      sendRaw(service.url, request('GET', '/events/%zz', headers)),
      sendRaw(service.url, request('POST', '/ai/summarize', headers, '{')),
      sendRaw(
        service.url,
        request('POST', '/ai/summarize', [...headers, 'Origin: https://elsewhere.example']),
      ),
      sendRaw(service.url, request('POST', '/ingest/stripe', headers, '{}')),
    ]);
    for (const answer of answers) {
      expect(answer.headers['x-request-id']).toBe('mine');
      expect(answer.body).toMatchObject({ requestId: 'mine' });
    }
  });

  it('is kept with the event, sent on with its deliveries, and named in every line about it', async () => {
    const body = JSON.stringify(payoutFailed('evt_traced'));
    const signature = signatureHeader(body, STRIPE_SECRET, Date.now());
    await service.client.get('/ingest/stripe', {
      method: 'POST',
      body,
      headers: { 'stripe-signature': signature, 'x-request-id': 'trace-1' },
    });
    await eventually(() => {
      expect(linesOf('trace-1').map(({ msg }) => msg)).toEqual(
        expect.arrayContaining(['stripe webhook', 'request', 'delivered']),
      );
    });
    expect(destination.received.at(-1)?.headers['x-request-id']).toBe('trace-1');
    expect(await service.client.event('evt_traced')).toMatchObject({
      request_id: 'trace-1',
      revisions: [{ request_id: 'trace-1' }],
      deliveries: [{ request_id: 'trace-1' }],
    });
  });

  it('of whoever resolved or replayed is kept too', async () => {
    await service.client.stripe(payoutFailed('evt_closed'));
    const headers = { 'x-request-id': 'trace-2' };
    await service.client.post('/events/evt_closed/resolve', { note: 'mended' }, headers);
    const { revisions, deliveries } = await service.client.event('evt_closed');
    expect(revisions.at(-1)).toMatchObject({ origin: 'operator', request_id: 'trace-2' });
    expect(deliveries.at(-1)).toMatchObject({ action: 'resolve', request_id: 'trace-2' });
  });

  it('is that of its own request in every line, however many run at once', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `many-${index}`);
    await Promise.all(
      ids.map((id) => service.client.post('/destinations/pagerduty', { note: id }, { 'x-request-id': id })),
    );
    await eventually(() => {
      for (const id of ids) {
        expect(linesOf(id).map(({ msg }) => msg)).toEqual(['mock PagerDuty refused an event', 'request']);
      }
    });
  });
});
