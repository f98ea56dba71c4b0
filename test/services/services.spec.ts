import { startGuarded } from '../accounts/guarded-service';
import { recordAll, pastEvent } from '../console/scene';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { setOnlyRoute } from '../routing/only-route';
import { TargetServers } from '../monitors/target-server';
import { COMPONENT, INCIDENT, SUMMARY } from '../statuspage/documents';
import { PageServer } from '../statuspage/page-server';

interface Service {
  readonly service: string;
  readonly state: string;
  readonly since: string | null;
  readonly open: number;
  readonly last_event_at: string | null;
  readonly evidence: readonly { readonly by: string; readonly state: string; readonly detail: string }[];
  readonly days: readonly object[];
}

interface Services {
  readonly state: string;
  readonly services: readonly Service[];
  readonly services_total: number;
  readonly open_events: readonly { readonly event_id: string; readonly pages: readonly object[] }[];
  readonly open_total: number;
  readonly dead_24h: number;
}

let service: RunningService;
let pages: PageServer;
let targets: TargetServers;
let destination: FakeDestination;

beforeAll(async () => {
  pages = await PageServer.start();
  targets = new TargetServers();
  destination = await FakeDestination.start();
  service = await startService({
    NODE_ENV: 'production',
    STATUS_PAGES: ['bank', 'mail'].map((name) => `${name}=${pages.summaryUrl(name)}`).join(','),
    STATUS_POLL_CRON: '0 0 29 2 *',
    PAGERDUTY_EVENTS_URL: destination.url,
    PAGERDUTY_ROUTING_KEY: 'R0123456789abcdefghijklmnopqrstu',
    ALLOW_PRIVATE_TARGETS: 'true',
  });
});
afterAll(async () => {
  await stopServices();
  await pages.close();
  await targets.close();
  await destination.stop();
});

const read = async (query = ''): Promise<Services> =>
  (await service.client.get<Services>(`/services${query}`)).body;

/** What is said of a service, once that is so. */
async function said(name: string, expected: object): Promise<void> {
  await eventually(async () => {
    const { services } = await read();
    expect(services.find((one) => one.service === name)).toMatchObject(expected);
  });
}

describe('what is broken now', () => {
  it('is nothing where nothing is known', async () => {
    const { status, body } = await service.client.get<Services>('/services?account_id=nobody');
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'ok', services: [], open_events: [], open_total: 0, dead_24h: 0 });
  });

  it('cannot be told of a page that was never read', async () => {
    await said('bank', {
      state: 'unknown',
      since: null,
      evidence: [{ by: 'page', state: 'unknown', at: null }],
    });
    expect((await read()).state).toBe('unknown');
  });

  it('follows a page from an outage through not being readable to its end, and knows of the page to people', async () => {
    const document = (incidents: object[]): object => ({
      ...SUMMARY,
      components: [COMPONENT],
      incidents,
      scheduled_maintenances: [],
    });
    pages.serveSummary('mail', { body: document([]) });
    pages.serveSummary('bank', { body: document([INCIDENT]) });
    pages.serveIncidents('bank', {
      body: {
        ...SUMMARY,
        incidents: [
          {
            ...INCIDENT,
            status: 'resolved',
            resolved_at: '2031-03-01T10:00:00.000Z',
            updated_at: '2031-03-01T10:00:00.000Z',
          },
        ],
      },
    });
    await service.client.post('/ingest/pull-status');
    await said('bank', {
      state: 'outage',
      open: 1,
      since: INCIDENT.started_at,
      evidence: [{ by: 'page', state: 'outage' }],
    });
    await said('mail', {
      state: 'ok',
      open: 0,
      evidence: [{ by: 'page', state: 'ok', detail: 'nothing open' }],
    });
    await eventually(async () => {
      expect((await read()).open_events).toMatchObject([
        { service: 'bank', pages: [{ destination: 'pagerduty', status: 'delivered', reason: null }] },
      ]);
    });
    pages.serveSummary('bank', { status: 503 });
    await service.client.post('/ingest/pull-status');
    await said('bank', {
      state: 'outage',
      evidence: [{ by: 'page', state: 'outage', detail: 'not readable: http_5xx' }],
    });
    pages.serveSummary('bank', { body: document([]) });
    await service.client.post('/ingest/pull-status');
    await said('bank', { state: 'ok', open: 0, since: null });
  });

  it('puts our checks beside what the page says, the worst first', async () => {
    const url = await targets.http((_request, response) => void response.writeHead(500).end());
    const monitor = {
      name: 'Mail, from here',
      service: 'mail',
      url,
      failure_threshold: 1,
      severity: 'warning',
    };
    const { body } = await service.client.post('/monitors', { ...monitor, interval_s: 3_600 });
    await service.client.post(`/monitors/${String(body['id'])}/check`);
    await said('mail', {
      state: 'outage',
      evidence: [
        { by: 'page', state: 'ok', detail: 'nothing open' },
        { by: 'checks', state: 'outage', detail: '0 of 1 up' },
      ],
    });
    expect((await read()).services.map((one) => one.service)).toEqual(['mail', 'bank']);
  });

  it('counts pages that were given up, and knows Stripe once it was heard of', async () => {
    destination.next(answer(400));
    await service.client.stripe(payoutFailed('evt_1'));
    await eventually(async () => expect(await read()).toMatchObject({ dead_24h: 1 }));
    await said('stripe', { state: 'ok', evidence: [{ by: 'events', state: 'ok' }] });
  });

  it('knows that the page went out while its reminder waits', async () => {
    await setOnlyRoute(service, 'reminded', { remind_every_s: 3_600 });
    await recordAll(service, [pastEvent({ event_id: 'reminded', account_id: 'reminded' })]);
    await eventually(async () => {
      const { body } = await service.client.get('/events/reminded?account_id=reminded');
      expect(body['deliveries']).toMatchObject([
        { status: 'delivered' },
        { status: 'pending', hold: 'reminder' },
      ]);
    });
    expect((await read('?account_id=reminded')).open_events).toMatchObject([
      { pages: [{ destination: 'pagerduty', status: 'delivered' }] },
    ]);
  });

  it('keeps the days of the past', async () => {
    const day = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 5 * 86_400_000;
    const past = {
      service: 'search',
      started_at: day,
      resolved_at: day + 600_000,
      updated_at: day + 600_000,
    };
    await recordAll(service, [pastEvent({ event_id: 'past', ...past })]);
    const date = new Date(day).toISOString().slice(0, 10);
    await said('search', { state: 'ok', days: [{ date, outage_s: 600, degraded_s: 0 }] });
  });
});

describe('sources', () => {
  it('say whether they can be read, and why not', async () => {
    pages.serveSummary('mail', { status: 200, body: '<html>' });
    await service.client.post('/ingest/pull-status');
    await service.client.stripe(payoutFailed('evt_2'), { secret: 'whsec_of_somebody_else' });
    const { body } = await service.client.get('/sources');
    expect(body).toMatchObject({
      pages: [
        { page: 'bank', is_readable: true, last_error_code: null, next_poll_at: '2028-02-29T00:00:00.000Z' },
        {
          page: 'mail',
          is_readable: false,
          is_stale: false,
          last_error_message: expect.stringMatching(/\S/) as string,
        },
      ],
      stripe: {
        is_configured: true,
        refused: 1,
        last_refused_code: expect.stringMatching(/^signature_/) as string,
      },
    });
  });
});

it('shows what is broken behind a flood of what is open', async () => {
  const open = (event_id: string, name: string, ago_min: number, severity: 'critical' | 'info') =>
    pastEvent({
      account_id: 'flooded',
      event_id,
      service: name,
      severity,
      started_at: Date.now() - ago_min * 60_000,
    });
  await recordAll(service, [open('first', 'vault', 90, 'critical')]);
  const flood = Array.from({ length: 2_100 }, (_, number) => open(`notice-${number}`, 'shop', 1, 'info'));
  await recordAll(service, flood);
  const { state, services, open_events } = await read('?account_id=flooded');
  expect(state).toBe('outage');
  expect(services).toMatchObject([{ service: 'vault', state: 'outage', open: 1 }, { service: 'shop' }]);
  expect(open_events[0]).toMatchObject({ event_id: 'first' });
});

it('shows an account nothing of the others, nor of the operator’s pages', async () => {
  const guarded = await startGuarded({ STATUS_PAGES: `bank=${pages.summaryUrl('bank')}` });
  const { key } = await guarded.makeKey('acme', ['read']);
  await recordAll(guarded.service, [
    pastEvent({ event_id: 'theirs', service: 'search' }),
    pastEvent({ event_id: 'ours', account_id: 'acme', service: 'checkout' }),
  ]);
  const acme = guarded.as(key);
  expect((await acme.get('/services')).body).toMatchObject({
    services: [{ service: 'checkout', state: 'outage' }],
    services_total: 1,
    open_events: [{ event_id: 'ours' }],
  });
  expect((await acme.get('/sources')).body).toMatchObject({
    pages: [],
    stripe: { is_configured: false, refused: 0 },
    monitors: { up: 0, down: 0, last_check_at: null },
  });
  expect((await acme.get('/services?account_id=default')).status).toBe(403);
});
