import { Database } from '../../src/database/database';
import { Statement } from '../../src/database/statement';
import { sketchOf, sketchText } from '../../src/monitors/model/latency-sketch';
import { INITIAL_STATE } from '../../src/monitors/model/state';
import { CheckRollupEntity } from '../../src/monitors/storage/check-rollup.entity';
import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { Recorder } from '../../src/recording/recorder';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { startService, type RunningService } from '../harness/service';
import { chargeSucceeded, payoutFailed } from '../harness/service-client';
import { TargetServers } from '../monitors/target-server';
import { definitionOf } from '../monitors/watching';
import { PageServer } from '../statuspage/page-server';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const PAGES = ['adyen', 'twilio', 'github', 'fastly', 'mailgun'];

/** A service in the middle of a bad day, and the vendors that it watches. */
export interface Scene {
  readonly service: RunningService;
  readonly pages: PageServer;
  readonly destination: FakeDestination;
  close(): Promise<void>;
}

/** An event of the past, as a source would have told it. */
export function pastEvent(
  fields: Partial<NormalizedEvent> & Pick<NormalizedEvent, 'event_id'>,
): NormalizedEvent {
  const now = Date.now();
  return {
    account_id: 'default',
    source: 'app',
    kind: 'incident',
    severity: 'critical',
    service: 'app',
    type: 'incident',
    user_id: null,
    summary: 'Something is wrong',
    description: null,
    started_at: now,
    resolved_at: null,
    updated_at: now,
    raw: '{}',
    ...fields,
  };
}

/** Records events as sources do. */
export async function recordAll(service: RunningService, events: readonly NormalizedEvent[]): Promise<void> {
  await service.app.get(Recorder, { strict: false }).record(events);
}

/** Starts a service with pages, monitors, webhooks, tenants, a day of history, a dead page and an outage. */
export async function startScene(): Promise<Scene> {
  const pages = await PageServer.start();
  const targets = new TargetServers();
  const destination = await FakeDestination.start();
  servePages(pages);
  const service = await startService({
    NODE_ENV: 'production',
    STATUS_PAGES: PAGES.map((name) => `${name}=${pages.summaryUrl(name)}`).join(','),
    STATUS_POLL_CRON: '0 0 1 1 *',
    PAGERDUTY_EVENTS_URL: destination.url,
    PAGERDUTY_ROUTING_KEY: 'R0123456789abcdefghijklmnopqrstu',
    ALLOW_PRIVATE_TARGETS: 'true',
    // They would come at the 20th second of some minute, or after the picture was taken.
    SLO_ALERTS: 'false',
  });
  await fillPast(service);
  destination.next(answer(400));
  await service.client.stripe(payoutFailed('evt_refused'));
  await eventually(async () => {
    if ((await service.client.deliveries('?status=dead')).length === 0)
      throw new Error('nothing is dead yet');
  });
  for (const id of ['evt_1', 'evt_2', 'evt_3']) await service.client.stripe(chargeSucceeded(id));
  await service.client.post('/ingest/pull-status');
  await service.client.post('/accounts', { id: 'acme', name: 'Acme Corporation' });
  await addRoutes(service);
  await addPeopleAndKeys(service);
  await postTenants(service);
  await addMonitors(service, targets);
  await makePublicPage(service);
  return {
    service,
    pages,
    destination,
    close: async () => {
      await pages.close();
      await targets.close();
      await destination.stop();
    },
  };
}

function servePages(pages: PageServer): void {
  const at = (agoMs: number): string => new Date(Date.now() - agoMs).toISOString();
  const incident = (id: string, name: string, impact: string, agoMs: number, body: string): object => ({
    id,
    name,
    status: 'investigating',
    impact,
    created_at: at(agoMs),
    started_at: at(agoMs),
    updated_at: at(agoMs / 2),
    resolved_at: null,
    incident_updates: [
      { id: `${id}-1`, status: 'investigating', body, created_at: at(agoMs), display_at: at(agoMs) },
    ],
  });
  const page = (name: string, incidents: readonly object[]): object => ({
    body: {
      page: { id: name, name, url: `https://status.${name}.test` },
      components: [],
      incidents,
      scheduled_maintenances: [],
    },
  });
  const adyen = incident(
    'ad1',
    'Card payments fail in Europe',
    'critical',
    42 * MINUTE_MS,
    'About 30 % of authorisations are declined.',
  );
  const twilio = incident(
    'tw1',
    'SMS to Brazil are delayed',
    'minor',
    3 * HOUR_MS,
    'Messages arrive up to 20 minutes late.',
  );
  pages.serveSummary('adyen', page('adyen', [adyen]));
  pages.serveSummary('twilio', page('twilio', [twilio]));
  pages.serveSummary('github', page('github', []));
  pages.serveSummary('fastly', page('fastly', []));
  pages.serveSummary('mailgun', { status: 503, body: 'maintenance' });
}

/** What the last 90 days brought: outages of some vendors, here and there. */
async function fillPast(service: RunningService): Promise<void> {
  const now = Date.now();
  const days = [2, 9, 10, 23, 37, 52, 61, 62, 80];
  const events = ['adyen', 'twilio', 'github'].flatMap((name, index) =>
    days
      .filter((day) => (day + index) % 3 !== 0)
      .map((day) => {
        const started_at = now - day * DAY_MS - index * HOUR_MS;
        const resolved_at = started_at + ((day * 7 + index * 5) % 19) * 40 * MINUTE_MS + 20 * MINUTE_MS;
        return pastEvent({
          event_id: `${name}_status:past-${day}`,
          source: `${name}_status`,
          service: name,
          severity: (day + index) % 2 === 0 ? 'critical' : 'warning',
          summary: `Errors at ${name}`,
          started_at,
          resolved_at,
          updated_at: resolved_at,
        });
      }),
  );
  await recordAll(service, events);
}

/** Who is told of what in the account acme: of everything that a rule can be, something. */
async function addRoutes({ client }: RunningService): Promise<void> {
  const routes = [
    { name: 'Sandbox', match: { service: ['sandbox*', '*-test'] }, to: [] },
    {
      name: 'Checkout by night',
      match: {
        type: 'checkout.*',
        severity: { from: 'warning' },
        time: { from: '22:00', to: '06:00', timezone: 'Europe/Berlin' },
      },
      to: ['pagerduty'],
      min_duration_s: 120,
      remind_every_s: 3_600,
      continue: true,
    },
    { name: 'Refunds', match: { type: 'refund.*', severity: 'critical' }, to: ['pagerduty'], percent: 25 },
    {
      name: 'Payouts',
      match: { type: 'payout.*' },
      to: ['pagerduty'],
      mute_until: new Date(Date.now() + 2 * HOUR_MS).toISOString(),
    },
    {
      name: 'All warnings',
      match: { severity: 'warning' },
      to: ['pagerduty'],
      shadow: true,
    },
    { name: 'Old rule', enabled: false, match: { source: 'upstream' }, to: ['pagerduty'] },
    { name: 'What users do', match: { kind: 'activity' }, to: [] },
  ];
  await client.get('/routes', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account_id: 'acme', routes }),
  });
}

async function addPeopleAndKeys({ client }: RunningService): Promise<void> {
  const invite = async (email: string, role: string): Promise<string> => {
    const { body } = await client.post('/accounts/acme/invitations', { email, role });
    return String(body['token']);
  };
  const token = await invite('ada@acme.example', 'admin');
  await client.post('/auth/accept', { token, password: 'a quite long sentence of mine' });
  await invite('grace@acme.example', 'operator');
  const expires_at = new Date(Date.now() + 90 * DAY_MS).toISOString();
  await client.post('/accounts/acme/keys', { scopes: ['ingest'] });
  await client.post('/accounts/acme/keys', { scopes: ['read'], expires_at });
}

async function postTenants(service: RunningService): Promise<void> {
  const types = ['checkout.completed', 'checkout.failed', 'refund.requested', 'login.succeeded'];
  const events = Array.from({ length: 240 }, (_, index) => ({
    event_id: `order-${4_711 + index}`,
    account_id: 'acme',
    user_id: `user-${(index * index) % 17}`,
    type: types[(index * 7) % types.length],
    kind: 'activity',
    severity: index % 40 === 3 ? 'warning' : 'info',
    timestamp: new Date(Date.now() - index * MINUTE_MS).toISOString(),
    metadata: { message: `Order ${4_711 + index}` },
  }));
  await service.client.post('/events', events);
}

async function addMonitors(service: RunningService, targets: TargetServers): Promise<void> {
  const well = await targets.http((_request, response) => void response.end('{"status":"ok"}'));
  const broken = await targets.http((_request, response) => void response.writeHead(503).end('busy'));
  const quick = { interval_s: 3_600, timeout_ms: 2_000, failure_threshold: 1, success_threshold: 1 };
  const monitors = [
    { name: 'Checkout API', service: 'checkout', url: `${broken}/health` },
    { name: 'Search', service: 'search', url: `${well}/search` },
    { name: 'Login', service: 'login', url: `${well}/login` },
    { name: 'Adyen, from here', service: 'adyen', url: `${well}/adyen`, severity: 'warning' },
  ];
  for (const monitor of monitors) {
    const { body } = await service.client.post('/monitors', { ...quick, ...monitor });
    const id = String(body['id']);
    await service.client.post(`/monitors/${id}/check`);
    await fillRollups(service, id, monitor.name === 'Checkout API');
  }
  await service.client.post('/monitors', { type: 'heartbeat', name: 'Nightly backup', period_s: 86_400 });
}

/** What everybody gets to see of the default account. */
async function makePublicPage(service: RunningService): Promise<void> {
  const names = {
    adyen: 'Card payments',
    checkout: 'Checkout',
    twilio: 'Text messages',
    search: 'Search',
    mailgun: 'Receipts by e-mail',
    stripe: 'Payouts',
  };
  const services = Object.entries(names).map(([service, name]) => ({ service, name }));
  const page = { slug: 'shop', title: 'Acme Shop', enabled: true, show_summaries: true, services };
  await service.client.post('/accounts/default/public-page', page, {}, 'PUT');
  const starts_at = new Date(Date.now() + 2 * DAY_MS).toISOString();
  const ends_at = new Date(Date.now() + 2 * DAY_MS + 2 * HOUR_MS).toISOString();
  const window = { name: 'Move of the search', starts_at, ends_at };
  const { body } = await service.client.get<{ monitors: { id: string; name: string }[] }>('/monitors');
  const monitor_ids = body.monitors.filter(({ name }) => name === 'Search').map(({ id }) => id);
  await service.client.post('/maintenance-windows', { ...window, monitor_ids });
}

/** Three months of checks, which no test can wait for. */
async function fillRollups(service: RunningService, monitor_id: string, isBroken: boolean): Promise<void> {
  const now = Date.now();
  const rollup = (span_ms: number, ago: number): CheckRollupEntity => {
    const down = isBroken && (ago === 1 || ago % 29 === 7) ? 4 : 0;
    const degraded = ago % 17 === 5 ? 6 : 0;
    const base = 90 + 40 * Math.sin(ago / 4) + (isBroken ? 120 : 0);
    const bucket_at = Math.floor(now / span_ms) * span_ms - ago * span_ms;
    const sketch = sketchText(sketchOf([base, base * 1.1, base * 1.3, base * 1.9]));
    return {
      monitor_id,
      span_ms,
      bucket_at,
      up: 60 - down - degraded,
      degraded,
      down,
      unknown: 0,
      maintenance: 0,
      sketch,
    };
  };
  const rows = [
    ...Array.from({ length: 168 }, (_, ago) => rollup(HOUR_MS, ago + 1)),
    ...Array.from({ length: 90 }, (_, ago) => rollup(DAY_MS, ago + 1)),
  ];
  await service.app.get(Database).write((tx) => tx.insert(CheckRollupEntity, rows).then(() => undefined));
}

/** Stores monitors that are never due: all of them up but for one. */
export async function storeMonitors(
  service: RunningService,
  account_id: string,
  count: number,
): Promise<void> {
  const now = Date.now();
  const numbers = Array.from({ length: count }, (_, number) => number);
  const idOf = (number: number): string => `m${String(number).padStart(15, '0')}`;
  const monitors = numbers.map((number) => {
    const definition = definitionOf({ name: `Monitor ${number}`, url: `https://${number}.example.com/` });
    const { type, name } = definition;
    return { id: idOf(number), account_id, type, name, definition: JSON.stringify(definition), at: now };
  });
  const states = numbers.map((number) => {
    const verdict = number === count / 2 ? 'down' : 'up';
    return { id: idOf(number), state: JSON.stringify({ ...INITIAL_STATE, verdict, since_at: now }), at: now };
  });
  await service.app.get(Database).write(async (tx) => {
    await STORE_MONITORS.run(tx, [JSON.stringify(monitors.map((row) => Object.values(row)))]);
    await STORE_STATES.run(tx, [JSON.stringify(states.map((row) => Object.values(row)))]);
  });
}

const STORE_MONITORS = new Statement(
  ({ rows }) => `
  INSERT INTO monitors (id, account_id, type, name, definition, revision, origin, created_at, updated_at)
  SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, 1, 'api',
    CAST(j.value ->> 5 AS bigint), CAST(j.value ->> 5 AS bigint) FROM ${rows('j')}`,
);

const STORE_STATES = new Statement(
  ({ rows }) => `
  INSERT INTO monitor_states (monitor_id, version, state, asked_since)
  SELECT j.value ->> 0, 1, j.value ->> 1, CAST(j.value ->> 2 AS bigint) FROM ${rows('j')}`,
);
