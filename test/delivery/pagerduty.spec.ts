import { createHash } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { FakeDestination } from '../harness/fake-destination';
import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { incident, inShort, NO_BREAKER, over, record, settled, startPaging } from './paging-service';

/** Longest body that PagerDuty is sent, in bytes. */
const MAX_BODY_BYTES = 512_000;

const SETTINGS = { ...NO_BREAKER, DELIVERY_TIMEOUT_MS: '10000' };

/** What the mock shows. */
interface Mock {
  readonly events: readonly (Record<string, unknown> & { payload?: { custom_details?: object } })[];
  readonly incidents: readonly { readonly dedup_key: string; readonly state: string }[];
}

afterEach(stopServices);

async function mockOf(service: RunningService): Promise<Mock> {
  const { status, body } = await service.client.get<Mock>('/destinations/pagerduty');
  expect(status).toBe(200);
  return body;
}

async function resolve(service: RunningService, eventId: string): Promise<void> {
  const { status } = await service.client.post(`/events/${encodeURIComponent(eventId)}/resolve`);
  expect(status).toBe(200);
}

describe("PagerDuty, played by the service's own mock", () => {
  it('gets a trigger and a resolve, which open and close one incident', async () => {
    const service = await startService(SETTINGS);
    await service.client.stripe(payoutFailed('evt_1'));
    await settled(service, 'evt_1');
    expect((await mockOf(service)).incidents).toEqual([
      expect.objectContaining({ dedup_key: 'default/evt_1', state: 'triggered' }),
    ]);
    await resolve(service, 'evt_1');
    expect(inShort(await settled(service, 'evt_1'))).toEqual(['trigger delivered', 'resolve delivered']);
    expect((await mockOf(service)).incidents).toEqual([
      expect.objectContaining({ dedup_key: 'default/evt_1', state: 'resolved' }),
    ]);
  });

  it('is given the key of a long id hashed, for the trigger and the resolve alike', async () => {
    const service = await startService(SETTINGS);
    const id = 'é'.repeat(512);
    await service.client.stripe(payoutFailed(id));
    await settled(service, id);
    await resolve(service, id);
    expect(inShort(await settled(service, id))).toEqual(['trigger delivered', 'resolve delivered']);
    const hash = createHash('sha256').update(`default/${id}`).digest('hex');
    const { events, incidents } = await mockOf(service);
    expect(events.map(({ dedup_key }) => dedup_key)).toEqual([hash, hash]);
    expect(incidents).toEqual([expect.objectContaining({ dedup_key: hash, state: 'resolved' })]);
  });

  it('takes a summary of 2,000 emoji, cut by characters', async () => {
    const service = await startService(SETTINGS);
    await record(service, incident('inc', { summary: '💥'.repeat(2_000) }));
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered']);
    expect((await mockOf(service)).events).toMatchObject([
      { payload: { summary: `${'💥'.repeat(1_023)}…` } },
    ]);
  });

  it('takes what a hostile sender put into an event', async () => {
    const service = await startService(SETTINGS);
    const object = '{"id":"a\\u0000b\\ud800","__proto__":{"x":1},"n":12345678901234567890}';
    await service.client.stripe(`{"id":"evt_1","type":"payout.failed","data":{"object":${object}}}`);
    expect(inShort(await settled(service, 'evt_1'))).toEqual(['trigger delivered']);
    expect((await mockOf(service)).events).toMatchObject([
      { payload: { summary: 'payout.failed: a\uFFFDb\uFFFD', source: 'stripe' } },
    ]);
  });

  const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === '::1'),
  );

  it.each(hasIpv6 ? ['0.0.0.0', 'localhost', '::', '::1'] : ['0.0.0.0', 'localhost'])(
    'is reached where the service listens on %s',
    async (HOST) => {
      const service = await startService({ ...SETTINGS, HOST, ALLOW_ANONYMOUS: 'true' });
      await record(service, incident('inc'));
      expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered']);
    },
  );
});

describe('PagerDuty, far away', () => {
  let destination: FakeDestination;

  beforeEach(async () => {
    destination = await FakeDestination.start();
  });

  afterEach(() => destination.stop());

  it('gets these bodies, with the id of the request that brought them', async () => {
    const key = 'R0utingKey0000000000000000000000';
    const service = await startPaging(destination, { ...SETTINGS, PAGERDUTY_ROUTING_KEY: key });
    const state = incident('inc', {
      description: 'Cards are declined',
      raw: '{"id":"inc","impact":"major"}',
    });
    await record(service, state);
    await settled(service, 'inc');
    await record(service, over('inc'));
    await settled(service, 'inc');
    const [trigger, resolution] = destination.received;
    expect(trigger!.body).toEqual({
      routing_key: key,
      event_action: 'trigger',
      dedup_key: 'default/inc',
      client: 'Signalbox',
      payload: {
        summary: 'Payments fail',
        source: 'acme',
        severity: 'critical',
        timestamp: new Date(state.started_at).toISOString(),
        component: 'acme',
        group: 'acme_status',
        class: 'incident',
        custom_details: {
          account_id: 'default',
          event_id: 'inc',
          source: 'acme_status',
          kind: 'incident',
          type: 'incident',
          user_id: null,
          description: 'Cards are declined',
          revision: 1,
          request_id: 'from-a-test',
          raw: { id: 'inc', impact: 'major' },
        },
      },
    });
    expect(resolution!.body).toEqual({ routing_key: key, event_action: 'resolve', dedup_key: 'default/inc' });
    for (const { headers } of destination.received) {
      expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-request-id': 'from-a-test' });
    }
  });

  it('gets the id of the very webhook', async () => {
    const service = await startPaging(destination, SETTINGS);
    const { headers } = await service.client.stripe(payoutFailed('evt_1'));
    await settled(service, 'evt_1');
    expect(headers.get('x-request-id')).toEqual(expect.any(String));
    expect(destination.received[0]!.headers['x-request-id']).toBe(headers.get('x-request-id'));
  });

  it('loses the details of a signal of a megabyte rather than the page', async () => {
    const service = await startPaging(destination, SETTINGS);
    const event = { ...payoutFailed('evt_1'), padding: 'x'.repeat(1_000_000) };
    expect((await service.client.stripe(event)).status).toBe(200);
    await settled(service, 'evt_1');
    const { headers, body } = destination.received[0]!;
    expect(Number(headers['content-length'])).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(body.payload).toMatchObject({
      summary: 'payout.failed: po_evt_1',
      custom_details: { event_id: 'evt_1' },
    });
    expect(body.payload!['custom_details']).not.toHaveProperty('raw');
    expect(await service.client.event('evt_1')).toMatchObject({ raw: event });
  });

  it('gets as much of a signal as there is room for', async () => {
    const service = await startPaging(destination, SETTINGS);
    const raw = JSON.stringify({ padding: '€'.repeat(150_000) });
    await record(service, incident('inc', { raw }));
    await settled(service, 'inc');
    const { headers, body } = destination.received[0]!;
    expect(body.payload).toMatchObject({ custom_details: { raw: JSON.parse(raw) as unknown } });
    expect(Number(headers['content-length'])).toBeLessThanOrEqual(MAX_BODY_BYTES);
  });

  it('gets no details at all where even the description is too long', async () => {
    const service = await startPaging(destination, SETTINGS);
    await record(service, incident('inc', { description: '💥'.repeat(200_000) }));
    await settled(service, 'inc');
    const { headers, body } = destination.received[0]!;
    expect(Number(headers['content-length'])).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(body.payload).toMatchObject({ summary: 'Payments fail', severity: 'critical' });
    expect(body.payload).not.toHaveProperty('custom_details');
  });
});
