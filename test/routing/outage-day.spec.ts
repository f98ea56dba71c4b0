import { add, SECRET } from '../destinations/own-destinations';
import { Receiver, reply } from '../destinations/receiver';
import { NO_BREAKER } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { incidents, watch, WATCHING } from '../monitors/watching';
import { TargetServers } from '../monitors/target-server';
import { withComponent, withIncident } from '../statuspage/documents';
import { PageServer } from '../statuspage/page-server';
import { NEVER, pull } from '../statuspage/polled-service';

/** What a destination was told: what was done, of which source (PagerDuty: of which service), and how bad it was. */
type Told = readonly [action: string, source: string, severity: string];

let pages: PageServer;
let targets: TargetServers;
let receiver: Receiver;
let service: RunningService;

beforeAll(async () => {
  pages = await PageServer.start();
  targets = new TargetServers();
  receiver = await Receiver.start();
  service = await startService({
    ...NO_BREAKER,
    ...WATCHING,
    PAGERDUTY_EVENTS_URL: `${receiver.url}/v2/enqueue`,
    STATUS_PAGES: `paycorp=${pages.summaryUrl('paycorp')}`,
    STATUS_POLL_CRON: NEVER,
    NODE_ENV: 'production',
  });
  const at = (path: string): object => ({ url: `${receiver.url}/${path}`, secret: SECRET });
  await add(service, 'webhook', at('team'), { name: 'team' });
  await add(service, 'webhook', at('manager'), { name: 'manager' });
  await add(service, 'webhook', at('archive'), { name: 'archive' });
  const set = await service.client.post('/routes', { routes: ROUTES }, {}, 'PUT');
  expect(set).toMatchObject({ status: 200 });
});
afterAll(async () => {
  await stopServices();
  await targets.close();
  await pages.close();
  await receiver.stop();
});

const ROUTES = [
  { name: 'Everything is kept', to: ['archive'], continue: true },
  { name: 'Our own components are nobody’s page', match: { kind: 'status' }, to: ['team'] },
  {
    name: 'What a vendor says',
    match: { source: '*_status', severity: { from: 'warning' } },
    to: ['team'],
    continue: true,
  },
  { name: 'Payments that fail alone', match: { source: 'stripe', type: 'charge.*' }, to: [] },
  {
    name: 'Pages',
    match: { severity: 'critical' },
    to: ['pagerduty'],
    fallback: 'manager',
    fallback_after_s: 3_600,
  },
  { name: 'The rest', to: [] },
];

/** What PagerDuty got, or the webhook at a path: oldest first. */
function told(path: string): Told[] {
  return receiver.on(path).map(({ body }): Told => {
    const sent = JSON.parse(body) as Record<string, unknown>;
    if (path === '/v2/enqueue') {
      const { source = '', severity = '' } = (sent['payload'] ?? {}) as Record<string, string>;
      return [String(sent['event_action']), source, severity];
    }
    const { source, severity } = sent['data'] as Record<string, string>;
    return [String(sent['type']).replace('event.', ''), source!, severity!];
  });
}

/** One after the other: what is told of several events has no order of its own. */
async function untilTold(expected: Readonly<Record<string, readonly Told[]>>): Promise<void> {
  await eventually(() => {
    for (const [path, all] of Object.entries(expected)) expect([path, told(path)]).toEqual([path, all]);
  }, 20_000);
}

describe('one day on which a vendor is out', () => {
  it('tells everybody what concerns them, once, and that it is over', async () => {
    let isUp = true;
    const url = await targets.http((_request, response) => response.writeHead(isUp ? 200 : 503).end());
    const monitor = await watch(service, { url, name: 'Paycorp API' });
    const component = { name: 'API', status: 'partial_outage', updated_at: '2031-03-01T09:00:00.000Z' };
    const expected = {
      '/archive': [] as Told[],
      '/team': [] as Told[],
      '/v2/enqueue': [] as Told[],
      '/manager': [] as Told[],
    };
    const tell = async (news: Partial<Record<keyof typeof expected, Told>>): Promise<void> => {
      for (const [path, one] of Object.entries(news)) expected[path as keyof typeof expected].push(one);
      await untilTold(expected);
    };

    // Morning: single payments fail, which concerns nobody but the archive.
    await service.client.stripe({ ...payoutFailed('evt_charge'), type: 'charge.failed' });
    await tell({ '/archive': ['triggered', 'stripe', 'warning'] });

    // Our own check is the first to see it.
    isUp = false;
    const [down] = await incidents(service, monitor, 1, 'open');
    expect(down).toMatchObject({ severity: 'critical' });
    await tell({
      '/archive': ['triggered', 'monitor', 'critical'],
      '/v2/enqueue': ['trigger', 'Paycorp API', 'critical'],
    });

    // The vendor says so too: small at first, then worse.
    pages.serveSummary('paycorp', { body: withIncident({ impact: 'minor' }) });
    await pull(service);
    await tell({
      '/archive': ['triggered', 'paycorp_status', 'warning'],
      '/team': ['triggered', 'paycorp_status', 'warning'],
    });
    pages.serveSummary('paycorp', {
      body: withIncident({ impact: 'critical', updated_at: '2031-03-01T09:10:00.000Z' }),
    });
    await pull(service);
    await tell({
      '/archive': ['triggered', 'paycorp_status', 'critical'],
      '/team': ['triggered', 'paycorp_status', 'critical'],
      '/v2/enqueue': ['trigger', 'paycorp', 'critical'],
    });

    // Payouts fail while PagerDuty refuses: the stand-in is told, long before its hour has come.
    receiver.reaction = (received, response) =>
      reply(received.path === '/v2/enqueue' ? 400 : 200)(received, response);
    await service.client.stripe(payoutFailed('evt_payout'));
    await tell({
      '/archive': ['triggered', 'stripe', 'critical'],
      '/v2/enqueue': ['trigger', 'stripe', 'critical'],
      '/manager': ['triggered', 'stripe', 'critical'],
    });
    receiver.reaction = reply(200);

    // Why? Anybody may ask. What has arrived is written down a little later.
    await eventually(async () => {
      const { body: why } = await service.client.post('/routes/explain', { event_id: 'evt_payout' });
      expect(why['sent']).toMatchObject([
        { name: 'archive', says: expect.stringMatching(/^Trigger delivered/) as unknown },
        { name: 'pagerduty', says: 'Trigger given up: the destination refused it (answered 400).' },
        { name: 'manager', says: expect.stringMatching(/^Trigger delivered/) as unknown },
      ]);
    });

    // Noon: from now on the team wants no vendor's news, and a lasting mute is put on all pages. What is open stays so.
    const muted = ROUTES.map((route) => ({
      ...route,
      ...(route.name === 'What a vendor says' ? { enabled: false } : {}),
      ...(route.name === 'Pages' ? { mute_until: new Date(Date.now() + 86_400_000).toISOString() } : {}),
    }));
    await service.client.post('/routes', { routes: muted }, {}, 'PUT');
    await service.client.stripe(payoutFailed('evt_muted'));
    await tell({ '/archive': ['triggered', 'stripe', 'critical'] });

    // Afternoon: it is over, and everybody who was told of it hears so, whatever the routes say by now.
    isUp = true;
    await incidents(service, monitor, 1, 'over');
    await tell({ '/archive': ['resolved', 'monitor', 'critical'], '/v2/enqueue': ['resolve', '', ''] });
    pages.serveSummary('paycorp', {
      body: withIncident({
        impact: 'critical',
        status: 'resolved',
        updated_at: '2031-03-01T12:00:00.000Z',
        resolved_at: '2031-03-01T12:00:00.000Z',
      }),
    });
    await pull(service);
    await tell({
      '/archive': ['resolved', 'paycorp_status', 'critical'],
      '/team': ['resolved', 'paycorp_status', 'critical'],
      '/v2/enqueue': ['resolve', '', ''],
    });
    await service.client.post('/events/evt_payout/resolve', { note: 'paid again' });
    await tell({
      '/archive': ['resolved', 'stripe', 'critical'],
      '/manager': ['resolved', 'stripe', 'critical'],
    });

    // A component that was down for a moment was the team's alone.
    pages.serveSummary('paycorp', { body: withComponent(component) });
    await pull(service);
    await tell({
      '/archive': ['triggered', 'paycorp_status', 'critical'],
      '/team': ['triggered', 'paycorp_status', 'critical'],
    });

    // Evening: the mute is lifted, and what is open still is told at once.
    await service.client.post('/routes', { routes: ROUTES }, {}, 'PUT');
    await tell({ '/v2/enqueue': ['trigger', 'stripe', 'critical'] });
    await eventually(async () => {
      const { body } = await service.client.get('/events/evt_muted');
      expect(body['deliveries']).toMatchObject([
        { action: 'trigger', status: 'delivered', hold: null },
        { action: 'trigger', status: 'delivered', hold: 'mute' },
        { action: 'trigger', hold: 'fallback' },
      ]);
    });
  }, 90_000);
});
