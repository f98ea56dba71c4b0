import { Database } from '../../src/database/database';
import { CheckRollupEntity } from '../../src/monitors/storage/check-rollup.entity';
import { MonitorStateEntity } from '../../src/monitors/storage/monitor-state.entity';
import type { GuardedClient } from '../accounts/guarded-service';
import { pastEvent, recordAll } from '../console/scene';
import { writeDownStatements } from '../events/executed';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { TargetServers } from '../monitors/target-server';
import { startWithPeople, type PeopleService } from '../people/people-service';
import { COMPONENT, INCIDENT, SUMMARY } from '../statuspage/documents';
import { PageServer } from '../statuspage/page-server';
import { Visitor, type ShownStatus } from './public-visitor';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let people: PeopleService;
let pages: PageServer;
let targets: TargetServers;
let visitor: Visitor;
/** Of the account `acme`. */
let admin: GuardedClient;

beforeAll(async () => {
  pages = await PageServer.start();
  targets = new TargetServers();
  people = await startWithPeople({
    STATUS_PAGES: `bank=${pages.summaryUrl('bank')}`,
    STATUS_POLL_CRON: '0 0 29 2 *',
    ALLOW_PRIVATE_TARGETS: 'true',
    BREAKER_FAILURES: '1000',
  });
  visitor = new Visitor(people.service);
  admin = people.asPerson(await people.join('acme', 'admin@acme.example', 'admin'));
});
afterAll(async () => {
  jest.restoreAllMocks();
  await stopServices();
  await pages.close();
  await targets.close();
});

const PAGE = {
  slug: 'acme',
  title: 'Acme',
  enabled: true,
  services: [
    { service: 'psp-internal', name: 'Card payments' },
    { service: 'search-internal', name: 'Search' },
  ],
};

function put(changes: object = {}, account = 'acme', client = admin): Promise<Answer> {
  return client.call('PUT', `/accounts/${account}/public-page`, { body: { ...PAGE, ...changes } });
}

const said = ({ status, body }: Answer<unknown>): unknown => ({
  status,
  body: { ...(body as object), requestId: '' },
});

const serviceIn = ({ services }: ShownStatus, id: string): ShownStatus['services'][number] =>
  services.find((one) => one.id === id)!;

describe('a public page', () => {
  it('is not there until it is made, and then not until it is enabled', async () => {
    expect(await admin.get('/accounts/acme/public-page')).toMatchObject({
      status: 200,
      body: { public_page: null },
    });
    const unknown = await visitor.get('/status/nobody');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'page_not_found' } });
    for (const slug of ['%00', 'ACME', 'a%2Fb', '%F0%9F%98%80', 'a'.repeat(5_000)]) {
      expect(said(await visitor.get(`/status/${slug}`))).toEqual(said(unknown));
    }
    for (const path of ['', '/status.json', '/feed.rss', '/badge.svg']) {
      expect(said(await visitor.get(`/status/acme${path}`))).toEqual(said(unknown));
    }
    expect(await put({ enabled: false })).toMatchObject({
      status: 200,
      body: { path: '/status/acme', enabled: false, show_summaries: false },
    });
    expect(said(await visitor.get('/status/acme'))).toEqual(said(unknown));
    const { body } = await admin.get('/accounts/acme/public-page');
    const { preview_path } = body['public_page'] as { preview_path: string };
    const preview = await visitor.get(preview_path);
    expect(preview).toMatchObject({
      status: 200,
      body: expect.stringContaining('This is a preview') as string,
    });
    expect(preview.headers.get('cache-control')).toBe('no-store');
    expect(said(await visitor.get(`${preview_path}0`))).toEqual(said(unknown));
    expect(said(await visitor.get('/status/acme'))).toEqual(said(unknown));
    expect((await put()).status).toBe(200);
    const shown = await visitor.get('/status/acme');
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await put({ enabled: false })).toMatchObject({ status: 200 });
    expect(said(await visitor.get('/status/acme'))).toEqual(said(unknown));
    await put();
  });

  it('is made, changed and removed by admins of its account alone, and somebody knows by whom', async () => {
    const { join, asPerson, as, makeKey } = people;
    const others = {
      operator: asPerson(await join('acme', 'operator@acme.example', 'operator')),
      viewer: asPerson(await join('acme', 'viewer@acme.example', 'viewer')),
      key: as((await makeKey('acme', ['read', 'ingest'])).key),
      stranger: asPerson(await join('other', 'admin@other.example', 'admin')),
    };
    for (const [who, client] of Object.entries(others)) {
      expect([who, (await put({}, 'acme', client)).status]).toEqual([who, 403]);
      expect([who, (await client.delete('/accounts/acme/public-page')).status]).toEqual([who, 403]);
      const { status } = await client.get('/accounts/acme/public-page');
      expect([who, status]).toEqual([who, who === 'stranger' ? 403 : 200]);
    }
    await put({ title: 'Acme Inc.' });
    const { entries } = (await admin.get('/audit')).body as { entries: Record<string, unknown>[] };
    expect(entries[0]).toMatchObject({
      action: 'public_page.changed',
      subject: 'acme',
      by: { kind: 'person', name: 'admin@acme.example' },
      changes: { title: { from: 'Acme', to: 'Acme Inc.' } },
    });
    expect(await put({}, 'other', others.stranger)).toMatchObject({
      status: 409,
      body: { code: 'slug_taken' },
    });
    expect((await put({ slug: 'other' }, 'other', others.stranger)).status).toBe(200);
    expect(await put({ slug: 'other' })).toMatchObject({ status: 409, body: { code: 'slug_taken' } });
    await put();
  });

  it('is one account’s alone, where two want the same address at once', async () => {
    for (const slug of ['raced-1', 'raced-2', 'raced-3', 'raced-4', 'raced-5']) {
      const both = ['acme', 'other'].map((account) => put({ slug }, account, people.admin));
      const answers = await Promise.all(both);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
    await put();
  });

  it.each([
    ['a slug of other characters', { slug: 'Acme/..' }],
    ['no service', { services: [] }],
    ['a service twice', { services: [PAGE.services[0], PAGE.services[0]] }],
    ['more than 50', { services: Array.from({ length: 51 }, (_, n) => ({ service: `s${n}`, name: 'S' })) }],
    ['a blank name', { services: [{ service: 'a', name: ' ' }] }],
    ['no list', { services: 'all' }],
    ['a list of nothing', { services: [null] }],
    ['no word for yes', { enabled: 'yes' }],
    ['what there is not', { colour: 'blue' }],
  ])('is refused with %s', async (_fact, changes) => {
    expect(await put(changes)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('goes with its account', async () => {
    const gone = await people.join('gone', 'admin@gone.example', 'admin');
    await put({ slug: 'gone' }, 'gone', people.asPerson(gone));
    expect((await visitor.get('/status/gone')).status).toBe(200);
    await people.admin.delete('/accounts/gone');
    visitor.comeBackLater();
    expect((await visitor.get('/status/gone')).status).toBe(404);
    expect(await put({ slug: 'gone' }, 'gone', people.admin)).toMatchObject({
      status: 409,
      body: { code: 'account_deleted' },
    });
  });
});

describe('what a public page tells', () => {
  const outage = pastEvent({
    account_id: 'acme',
    event_id: 'secret-order-17',
    user_id: 'user-4711',
    service: 'psp-internal',
    type: 'secret.type',
    summary: 'Cards <b>fail</b>',
    description: 'secret description',
    raw: '{"secret":"raw"}',
    started_at: Date.now() - 10 * MINUTE_MS,
  });

  it('cannot be told of services that nobody has heard of', async () => {
    await put();
    const status = await visitor.status('acme');
    expect(status).toMatchObject({ state: 'unknown', open: [], ended: [] });
    expect(status.services.map(({ state, basis }) => [state, basis])).toEqual(
      Array(2).fill(['unknown', 'none']),
    );
    expect(await visitor.everything('acme')).toContain('We cannot tell at the moment');
  });

  it('is an outage as it unfolds, on the page, in the feed and on the badge', async () => {
    await recordAll(people.service, [outage]);
    const during = await visitor.status('acme');
    expect(during).toMatchObject({
      state: 'outage',
      open: [{ service_id: 'card-payments', level: 'outage', ended_at: null, summary: null }],
    });
    const html = (await visitor.get('/status/acme')).body;
    expect(html).toContain('Outage of some services');
    expect(html).toContain(`id="i-${during.open[0]!.id}"`);
    const guids = async (): Promise<string[]> => {
      const { body } = await visitor.get('/status/acme/feed.rss');
      return [...body.matchAll(/<guid isPermaLink="false">([^<]+)</g)].map(([, guid]) => guid!);
    };
    expect(await guids()).toEqual([during.open[0]!.id]);
    const badge = async (query: string): Promise<string> =>
      (await visitor.get(`/status/acme/badge.svg${query}`)).body;
    expect(await badge('?service=card-payments')).toContain('aria-label="Card payments: Outage"');
    expect(await badge('')).toContain('aria-label="Acme: Outage"');
    expect(await badge('?service=search')).toContain('aria-label="Search: Cannot tell"');
    const at = Date.now();
    await recordAll(people.service, [{ ...outage, resolved_at: at, updated_at: at }]);
    const after = await visitor.status('acme');
    expect(after).toMatchObject({ open: [], ended: [{ id: during.open[0]!.id, level: 'outage' }] });
    expect(serviceIn(after, 'card-payments')).toMatchObject({ state: 'ok', basis: 'reported' });
    expect(await badge('?service=card-payments')).toContain('Card payments: No incident reported');
    expect(await guids()).toHaveLength(2);
    expect(await guids()).toContain(during.open[0]!.id);
    const days = serviceIn(after, 'card-payments').days;
    expect(days.reduce((sum, { outage_s }) => sum + outage_s, 0)).toBeGreaterThanOrEqual(599);
  });

  it('is nothing of an event but its service’s public name, how bad it was, and when', async () => {
    const told = await visitor.everything('acme');
    const secrets = [outage.event_id, 'user-4711', 'secret', 'internal', 'fail'];
    for (const secret of secrets) expect([secret, told.includes(secret)]).toEqual([secret, false]);
    expect(told).not.toMatch(/account|"event_id"/);
  });

  it('does no harm where summaries are told, whatever they hold', async () => {
    const hostile = (event_id: string, summary: string): ReturnType<typeof pastEvent> =>
      pastEvent({ account_id: 'acme', service: 'search-internal', event_id, summary });
    await put({ show_summaries: true });
    await recordAll(people.service, [
      hostile('h1', '<script>alert(1)</script>]]>&"\''),
      hostile('h2', '\u202Egnp.exe\u202C \u0007\u2067b'),
      hostile('h3', 'a'.repeat(100_000)),
    ]);
    const told = await visitor.everything('acme');
    expect(told).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    expect(told).not.toContain('\u0007');
    for (const path of ['', '/feed.rss', '/badge.svg']) {
      expect((await visitor.get(`/status/acme${path}`)).body).not.toContain('<script');
    }
    expect(told).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(told).toContain('gnp.exe b');
    expect(told).not.toContain('a'.repeat(201));
    expect(told.length).toBeLessThan(60_000);
    const at = Date.now();
    const ends = ['h1', 'h2', 'h3'].map((id) => ({ ...hostile(id, ''), resolved_at: at, updated_at: at }));
    await recordAll(people.service, ends);
    await put();
  });

  it('is the worst of its services, however many other events are open', async () => {
    const many = Array.from({ length: 60 }, (_, n) => {
      const severity = n === 0 ? 'critical' : n === 1 ? 'warning' : 'info';
      return pastEvent({ account_id: 'acme', service: 'psp-internal', event_id: `many-${n}`, severity });
    });
    for (const one of many) await recordAll(people.service, [one]);
    expect(await visitor.status('acme')).toMatchObject({
      state: 'outage',
      open: [{ level: 'outage' }, { level: 'degraded' }],
    });
    const at = Date.now();
    await recordAll(
      people.service,
      many.map((one) => ({ ...one, resolved_at: at, updated_at: at })),
    );
  });

  it('is nothing of what is about us, nor of what is merely worth knowing', async () => {
    const before = await visitor.status('acme');
    const own = { account_id: 'acme', service: 'psp-internal' };
    await recordAll(people.service, [
      pastEvent({ ...own, event_id: 'slo-1', source: 'slo' }),
      pastEvent({ ...own, event_id: 'info-1', severity: 'info' }),
      pastEvent({ ...own, event_id: 'activity-1', kind: 'activity' }),
    ]);
    const { state, open, ended } = await visitor.status('acme');
    expect({ state, open, ended }).toEqual({ state: before.state, open: [], ended: before.ended });
  });

  it('is planned maintenance where a vendor has begun one', async () => {
    const own = { account_id: 'acme', service: 'psp-internal', kind: 'status', severity: 'info' } as const;
    const maintenance = pastEvent({ ...own, event_id: 'maintenance-1', type: 'maintenance' });
    await recordAll(people.service, [maintenance]);
    const status = await visitor.status('acme');
    expect(serviceIn(status, 'card-payments').state).toBe('maintenance');
    expect(status.open).toMatchObject([{ level: 'maintenance' }]);
    const at = Date.now();
    await recordAll(people.service, [{ ...maintenance, resolved_at: at, updated_at: at }]);
    expect(serviceIn(await visitor.status('acme'), 'card-payments').state).toBe('ok');
  });

  it('is 90 days of history, the newest 100', async () => {
    const past = Array.from({ length: 120 }, (_, n) => {
      const started_at = Date.now() - 20 * DAY_MS + n * MINUTE_MS;
      const resolved_at = started_at + MINUTE_MS;
      return pastEvent({
        ...{ account_id: 'acme', service: 'search-internal', event_id: `past-${n}`, severity: 'warning' },
        ...{ started_at, resolved_at, updated_at: resolved_at },
      });
    });
    await recordAll(people.service, past);
    const { ended } = await visitor.status('acme');
    expect(ended).toHaveLength(100);
    const { body } = await visitor.get('/status/acme/feed.rss');
    expect(body.match(/<item>/g)).toHaveLength(100);
  });
});

describe('a vendor on a public page', () => {
  const document = (incidents: object[]): object => ({
    ...SUMMARY,
    components: [COMPONENT],
    incidents,
    scheduled_maintenances: [],
  });
  const pull = (): Promise<Answer> => people.admin.post('/ingest/pull-status');

  it('is well, broken, or nobody can tell; never well because nobody could look', async () => {
    const vendors = { slug: 'vendors', services: [{ service: 'bank', name: 'Our bank' }] };
    await put(vendors, 'default', people.admin);
    const shown = async (): Promise<unknown> => {
      const { state, basis } = serviceIn(await visitor.status('vendors'), 'our-bank');
      return [state, basis];
    };
    expect(await shown()).toEqual(['unknown', 'observed']);
    pages.serveSummary('bank', { body: document([]) });
    await pull();
    expect(await shown()).toEqual(['ok', 'observed']);
    pages.serveSummary('bank', { body: document([INCIDENT]) });
    await pull();
    expect(await shown()).toEqual(['outage', 'observed']);
    pages.serveSummary('bank', { status: 503 });
    await pull();
    expect(await shown()).toEqual(['outage', 'observed']);
    pages.serveSummary('bank', { body: document([]) });
    pages.serveIncidents('bank', {
      body: {
        ...SUMMARY,
        incidents: [{ ...INCIDENT, status: 'resolved', updated_at: '2031-03-01T10:00:00.000Z' }],
      },
    });
    await pull();
    expect(await shown()).toEqual(['ok', 'observed']);
    pages.serveSummary('bank', { status: 503 });
    await pull();
    expect(await shown()).toEqual(['unknown', 'observed']);
    expect(await visitor.everything('vendors')).toContain('We cannot tell at the moment');
  });

  it('is not on the page of an account whose it is not', async () => {
    await put({ slug: 'acme', services: [{ service: 'bank', name: 'The bank' }] });
    expect(await visitor.status('acme')).toMatchObject({ state: 'unknown', ended: [] });
    await put();
  });
});

describe('a monitor on a public page', () => {
  it('says how its service is, its uptime cut, and when somebody works on it', async () => {
    const url = await targets.http((_request, response) => void response.end('ok'));
    const monitor = {
      name: 'secret monitor',
      service: 'search-internal',
      url: `${url}/secret`,
      interval_s: 3_600,
    };
    const { body } = await admin.post('/monitors', monitor);
    const id = String(body['id']);
    await admin.post(`/monitors/${id}/check`);
    const day = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const counts = { up: 99_999, degraded: 0, down: 3, unknown: 50, maintenance: 7, sketch: '' };
    const rollup = { monitor_id: id, span_ms: DAY_MS, bucket_at: day - 10 * DAY_MS, ...counts };
    await people.service.app
      .get(Database)
      .write((tx) => tx.insert(CheckRollupEntity, rollup).then(() => undefined));
    const search = serviceIn(await visitor.status('acme'), 'search');
    expect(search).toMatchObject({ state: 'ok', basis: 'observed' });
    // 100 × 100,000 / 100,003 = 99.99700…, where the check of today is up.
    expect(search.uptime_percent).toMatchObject({ '24h': 100, '90d': 99.997 });
    const badge = await visitor.get('/status/acme/badge.svg?service=search&metric=uptime&window=90d');
    expect(badge.body).toContain('aria-label="Search, uptime 90d: 99.997 %"');
    const [state] = await people.service.app
      .get(Database)
      .write((tx) => tx.findBy(MonitorStateEntity, { monitor_id: id }));
    const setLastCheck = (last_check: object): Promise<unknown> =>
      people.service.app
        .get(Database)
        .write((tx) => tx.update(MonitorStateEntity, { monitor_id: id }, { last_check }));
    const checked = state!.last_check!;
    await setLastCheck({ ...checked, started_at: Date.now() - 4 * 3_600_000 });
    expect(serviceIn(await visitor.status('acme'), 'search').state).toBe('unknown');
    await setLastCheck(checked);
    const starts_at = new Date(Date.now() - DAY_MS).toISOString();
    const ends_at = new Date(Date.now() + DAY_MS).toISOString();
    const window = { name: 'secret window', monitor_ids: [id], starts_at, ends_at };
    await admin.post('/maintenance-windows', window);
    const status = await visitor.status('acme');
    expect(serviceIn(status, 'search').state).toBe('maintenance');
    expect(status.planned).toMatchObject([{ service_ids: ['search'] }]);
    expect(await visitor.everything('acme')).not.toMatch(/secret|127\.0\.0\.1:\d+\/secret/);
  });
});

describe('an answer', () => {
  it('may be kept for seconds, and is not sent to whoever has it', async () => {
    const paths = { '': 10, '/status.json': 10, '/feed.rss': 60, '/badge.svg': 30 };
    for (const [path, maxAge] of Object.entries(paths)) {
      const first = await visitor.get(`/status/acme${path}`);
      expect(first.headers.get('cache-control')).toBe(`public, max-age=${maxAge}`);
      const etag = first.headers.get('etag')!;
      const again = await visitor.get(`/status/acme${path}`, { 'if-none-match': `W/"x", ${etag}` });
      expect([path, again.status, again.body]).toEqual([path, 304, '']);
      expect((await visitor.get(`/status/acme${path}`, { 'if-none-match': '"x"' })).status).toBe(200);
    }
    const feed = await visitor.get('/status/acme/feed.rss');
    expect(Date.parse(feed.headers.get('last-modified')!)).toBeLessThanOrEqual(Date.now());
    visitor.comeBackLater();
    const later = await visitor.get('/status/acme/feed.rss');
    expect(later.headers.get('etag')).toBe(feed.headers.get('etag'));
  });

  it('may run nothing and load nothing', async () => {
    const { headers, body } = await visitor.get('/status/acme');
    const policy = headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; /);
    expect(policy).not.toContain('unsafe');
    expect(body).not.toMatch(/<script|\sstyle=|\son\w+=|src=/);
    const badge = await visitor.get('/status/acme/badge.svg');
    expect(badge.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  it('costs one look, however many come at once', async () => {
    visitor.comeBackLater();
    const executed = await writeDownStatements(people.service);
    const answers = await Promise.all(Array.from({ length: 50 }, () => visitor.get('/status/acme')));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
    expect(executed.filter(({ sql }) => sql.includes('FROM public_pages p'))).toHaveLength(1);
    expect(executed.filter(({ sql }) => sql.includes('row_number() OVER'))).toHaveLength(1);
  });

  it('says what was known and since when nobody could look, while the database is away', async () => {
    const before = await visitor.status('acme');
    await people.service.app.get(Database).close();
    // A short while is nothing to speak of: the page says of when it is.
    expect(await visitor.status('acme')).toEqual(before);
    visitor.comeBackLater(30_000);
    const after = await visitor.status('acme');
    expect(after).toMatchObject({ state: 'unknown', is_stale: true, generated_at: before.generated_at });
    expect(after.services.map(({ state }) => state)).toEqual(['unknown', 'unknown']);
    expect((await visitor.get('/status/acme')).body).toContain('Nobody could look since');
    expect((await visitor.get('/status/vendors-2')).status).toBe(503);
  });
});
