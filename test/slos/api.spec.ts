import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM } from '../../src/accounts/actor';
import { startGuarded, type GuardedClient, type GuardedService } from '../accounts/guarded-service';
import { stopServices } from '../harness/service';
import { temporaryFolder } from '../harness/temporary-folder';
import { monitorsOf, definitionOf } from '../monitors/watching';

const OBJECTIVES = `
objectives:
  - { id: error-rate, enabled: false }
  - { id: events-latency-p95, account: acme, below_ms: 150 }
  - { id: loose, kind: availability, routes: [GET /events, GET /no-such-route], objective: 0.9, window: 24h }
`;

let guarded: GuardedService;
let acme: GuardedClient;
let monitorId: string;

beforeAll(async () => {
  const file = join(temporaryFolder(), 'slos.yaml');
  writeFileSync(file, OBJECTIVES);
  guarded = await startGuarded({
    SLOS_FILE: file,
    STATUS_PAGES: 'initech=http://127.0.0.1:9/api/v2/summary.json',
  });
  acme = guarded.as((await guarded.makeKey('acme', ['read'])).key);
  const definition = definitionOf({ name: 'Shop', url: 'http://127.0.0.1:9/', paused: true });
  const monitor = { account_id: 'acme', origin: 'api', origin_key: null, definition } as const;
  monitorId = (await monitorsOf(guarded.service).create(SYSTEM, monitor))!.id;
});
afterAll(stopServices);

const idsOf = (body: Record<string, unknown>): string[] =>
  (body['slos'] as { account_id: string | null; id: string }[]).map(
    ({ account_id, id }) => `${account_id ?? 'all'}/${id}`,
  );

describe('GET /slos', () => {
  it('shows operators what is promised to everybody, and what to each account', async () => {
    const { body } = await guarded.admin.get('/slos?limit=500');
    const ids = idsOf(body);
    expect(ids).toEqual(
      expect.arrayContaining(['all/events-availability', 'all/loose', 'all/vendor-availability:initech']),
    );
    expect(ids).toEqual(
      expect.arrayContaining(['acme/events-latency-p95', `acme/monitor-availability:${monitorId}`]),
    );
    expect(ids).not.toContain('all/error-rate');
  });

  it('shows an account its own, and nothing of the service or of others', async () => {
    expect(idsOf((await acme.get('/slos')).body)).toEqual([
      'acme/events-latency-p95',
      `acme/monitor-availability:${monitorId}`,
    ]);
    expect((await acme.get('/slos?account_id=globex')).status).toBe(403);
    expect((await acme.get('/slos/events-availability')).body).toMatchObject({ code: 'slo_not_found' });
    expect((await acme.get('/reports/vendors')).status).toBe(403);
    expect((await guarded.nobody.get('/slos')).status).toBe(401);
  });

  it('gives a page at a time', async () => {
    const all = idsOf((await guarded.admin.get('/slos?limit=500')).body);
    const paged: string[] = [];
    let cursor = '';
    do {
      const { body } = await guarded.admin.get(`/slos?limit=4${cursor}`);
      paged.push(...idsOf(body));
      const next = body['next_cursor'] as string | null;
      cursor = next === null ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    expect(paged).toEqual(all);
    expect((await guarded.admin.get('/slos?cursor=nonsense!')).body).toMatchObject({
      code: 'invalid_cursor',
    });
  });

  it('says of what was never counted that there is no data, neither 0 nor 100 %', async () => {
    const { body } = await guarded.admin.get('/slos/stripe-availability');
    expect(body).toMatchObject({
      ...{
        id: 'stripe-availability',
        account_id: null,
        kind: 'availability',
        objective: 0.999,
        window: '30d',
      },
      ...{
        state: 'no_data',
        sli: null,
        plain_ratio: null,
        budget_left_ratio: null,
        budget_left_minutes: null,
      },
      ...{ burn_band: null, exhausted_at: null, incidents: [] },
      ...{ good: 0, bad: 0, unseen: 0 },
      burn_rates: { '5m': null, '72h': null },
    });
  });

  it('says what an objective is about, and what its alerts wait for', async () => {
    const { body } = await guarded.admin.get('/slos/stripe-latency-p95');
    expect(body['subject']).toEqual({
      ...{ routes: ['POST /ingest/stripe'], below_ms: 200, cache: null },
      ...{ queue: null, monitor: null, vendor: null },
    });
    const rules = body['burn_rules'] as Record<string, unknown>[];
    expect(rules.map(({ urgency, factor, threshold }) => [urgency, factor, threshold])).toEqual([
      ['page', 14.4, expect.closeTo(0.72, 12)],
      ['page', 6, expect.closeTo(0.3, 12)],
      ['ticket', 3, expect.closeTo(0.15, 12)],
      ['ticket', 1, expect.closeTo(0.05, 12)],
    ]);
    expect(rules[0]).toMatchObject({ long: '1h', short: '5m', is_firing: false });
  });

  it('says what an objective cannot do', async () => {
    const { body } = await guarded.admin.get('/slos/loose');
    expect(body['warnings']).toEqual([expect.stringContaining('14.4 × over 1h and 5m cannot fire')]);
  });
});

it('warns at the start of routes that there are not', () => {
  const warned = guarded.service.log.filter(
    ({ msg }) => msg === 'an objective names a route that there is not',
  );
  expect(warned).toMatchObject([{ objective: 'loose', route: 'GET /no-such-route' }]);
});

describe('GET /reports/slo', () => {
  it.each([
    ['json', 'application/json', '"totals":{'],
    ['md', 'text/markdown', '# Service levels, 7d'],
    ['html', 'text/html', '<h1>Service levels, 7d</h1>'],
    ['csv', 'text/csv', 'record,id,account,name,target'],
  ])('comes as %s', async (format, type, text) => {
    const { status, headers, body } = await guarded.admin.get(`/reports/slo?format=${format}`);
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining(type)]);
    expect(format === 'json' ? JSON.stringify(body) : body).toContain(text);
  });

  it('is about the account alone for whoever is one', async () => {
    const { body } = await acme.get('/reports/slo?window=30d');
    expect((body['objectives'] as { account_id: string }[]).map(({ account_id }) => account_id)).toEqual([
      'acme',
      'acme',
    ]);
  });
});
