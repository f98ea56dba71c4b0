import { Database } from '../../src/database/database';
import { SummaryReader } from '../../src/events/summary/summary-reader';
import { Recorder } from '../../src/recording/recorder';
import { startGuarded } from '../accounts/guarded-service';
import { errorShape } from '../api/error-shape';
import { startService, stopServices, type RunningService } from '../harness/service';
import { event, TimedRecorder } from './recorded-at';

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
const FULL_HOUR = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/) as unknown;
const FULL_MINUTE = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/) as unknown;

const NOTHING = {
  total: 0,
  by_type: [],
  by_severity: { info: 0, warning: 0, critical: 0 },
  by_source: {},
  open_incidents: 0,
  top_users: [],
  approximate: false,
  generated_at: INSTANT,
};

describe('GET /accounts/:id/summary', () => {
  let service: RunningService;
  const summary = (query = '', account = 'acme') =>
    service.client.get(`/accounts/${account}/summary${query}`);

  beforeEach(async () => {
    service = await startService();
  });
  afterEach(stopServices);

  it('tells what happened in an account, in numbers', async () => {
    const recorder = service.app.get(Recorder);
    await recorder.record([
      event('a', { user_id: 'ann' }),
      event('b', { user_id: 'bob', type: 'order.failed', severity: 'warning' }),
      event('c', { user_id: 'bob', source: 'stripe' }),
      event('d', { account_id: 'other', user_id: 'ann' }),
    ]);
    await recorder.record([
      event('open', { kind: 'incident', severity: 'critical', type: 'outage' }),
      event('degraded', { kind: 'status', type: 'component' }),
      event('over', { kind: 'incident', type: 'outage', resolved_at: 1 }),
    ]);
    const answer = await summary();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      account_id: 'acme',
      window: '24h',
      window_start: FULL_HOUR,
      total: 6,
      by_type: [
        { type: 'order.created', count: 2 },
        { type: 'outage', count: 2 },
        { type: 'component', count: 1 },
        { type: 'order.failed', count: 1 },
      ],
      by_severity: { info: 4, warning: 1, critical: 1 },
      by_source: { app: 5, stripe: 1 },
      open_incidents: 2,
      top_users: [
        { user_id: 'bob', count: 2 },
        { user_id: 'ann', count: 1 },
      ],
      approximate: false,
      generated_at: INSTANT,
      cached: false,
    });
  });

  it.each([
    ['1h', FULL_MINUTE],
    ['24h', FULL_HOUR],
    ['7d', FULL_HOUR],
    ['30d', FULL_HOUR],
  ])('has zeros for an account that nobody has heard of: %s', async (window, window_start) => {
    const answer = await summary(`?window=${window}`, 'nobody');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ account_id: 'nobody', window, window_start, ...NOTHING, cached: false });
  });

  it('counts new events only: no repeats, no later states, nothing that is stale', async () => {
    const recorder = service.app.get(Recorder);
    const incident = event('inc', { kind: 'incident', user_id: 'ann', updated_at: 10 });
    await recorder.record([incident, incident, event('point', { user_id: 'ann' })]);
    const later = await recorder.record([
      { ...incident, severity: 'critical', updated_at: 20 },
      { ...incident, summary: 'Older', updated_at: 5 },
      event('point', { type: 'other', severity: 'critical', user_id: 'bob' }),
    ]);
    expect(later.map(({ outcome }) => outcome)).toEqual(['changed', 'stale', 'duplicate']);
    expect((await summary()).body).toMatchObject({
      total: 2,
      by_type: [{ type: 'order.created', count: 2 }],
      by_severity: { info: 2, warning: 0, critical: 0 },
      open_incidents: 1,
      top_users: [{ user_id: 'ann', count: 2 }],
    });
  });

  it('counts nothing of what was rolled back', async () => {
    const recorder = service.app.get(Recorder);
    const fail = (): Promise<never> => Promise.reject(new Error('no state today'));
    const results = await Promise.allSettled([
      recorder.record([event('kept', { user_id: 'ann' })]),
      recorder.record([event('lost', { user_id: 'bob' })], { alongside: fail }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await summary()).body).toMatchObject({ total: 1, top_users: [{ user_id: 'ann', count: 1 }] });
  });

  it('is kept for those who ask next, each window and account for itself', async () => {
    const recorder = service.app.get(Recorder);
    await recorder.record([event('a')]);
    const first = (await summary('?window=24h')).body;
    await recorder.record([event('b')]);
    expect((await summary()).body).toEqual({ ...first, cached: true });
    expect((await summary('?window=7d')).body).toMatchObject({ window: '7d', total: 2, cached: false });
    expect((await summary('', 'other')).body).toMatchObject({ account_id: 'other', total: 0, cached: false });
    expect((await summary()).body).toEqual({ ...first, cached: true });
  });

  it('counts no more than 200 types of an account by name, and says so', async () => {
    const events = Array.from({ length: 205 }, (_, n) => event(`e-${n}`, { type: `type-${n}` }));
    await service.app.get(Recorder).record(events);
    const { body } = await summary();
    expect(body).toMatchObject({
      total: 205,
      by_severity: { info: 205 },
      by_source: { app: 205 },
      approximate: true,
    });
    expect(body['by_type']).toHaveLength(50);
    const [{ n }] = await service.app
      .get(Database)
      .read.query<[{ n: number }]>('SELECT count(DISTINCT type) AS n FROM event_counts');
    expect(Number(n)).toBe(201);
  });

  it('shows the users of the full hours that the window of an hour touches, and says where that is more', async () => {
    const hour = Date.UTC(2026, 0, 15, 9);
    const recorder = new TimedRecorder(service);
    const reader = service.app.get(SummaryReader);
    await recorder.record(hour + 30 * 60_000, event('in-window', { user_id: 'ann' }));
    const now = hour + 80 * 60_000;
    const exact = await reader.readAt('acme', '1h', now);
    expect(exact).toMatchObject({ total: 1, top_users: [{ user_id: 'ann', count: 1 }], approximate: false });
    await recorder.record(hour + 19 * 60_000, event('before', { user_id: 'ann' }));
    const wider = await reader.readAt('acme', '1h', now);
    expect(wider).toMatchObject({ total: 1, top_users: [{ user_id: 'ann', count: 2 }], approximate: true });
    expect(await reader.readAt('acme', '24h', now)).toMatchObject({ total: 2, approximate: false });
  });
});

describe('GET /accounts/:id/summary, asked for something else', () => {
  let service: RunningService;
  const summary = (query = '', account = 'acme') =>
    service.client.get(`/accounts/${account}/summary${query}`);

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(stopServices);

  it.each([
    '',
    '1H',
    '24',
    '%2024h',
    '1h,24h',
    '365d',
    '-1h',
    '0',
    '__proto__',
    'constructor',
    '%00',
    '%F0%9F%92%A5',
    '24h&window=7d',
    '24h&window=24h',
    'x'.repeat(5_000),
  ])('refuses a window that is none: %j', async (window) => {
    const answer = await summary(`?window=${window}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      ...errorShape(400, answer.headers.get('x-request-id')),
      code: 'invalid_request',
      message: 'window must be one of 1h, 24h, 7d, 30d',
    });
  });

  it.each(['-acme', 'a%00b', 'a%20b', '%F0%9F%92%A5', 'x'.repeat(65), '..%2f..', "'%20OR%201=1--"])(
    'refuses an account that is none: %j',
    async (account) => {
      const answer = await summary('', account);
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    },
  );
});

describe('GET /accounts/:id/summary, with credentials', () => {
  afterEach(stopServices);

  it('is shown to its own account and to operators, and to nobody else', async () => {
    const guarded = await startGuarded();
    const reader = guarded.as((await guarded.makeKey('acme', ['read'])).key);
    const writer = guarded.as((await guarded.makeKey('acme', ['ingest'])).key);
    const other = guarded.as((await guarded.makeKey('other', ['read'])).key);
    const path = '/accounts/acme/summary';
    expect(await reader.get(path)).toMatchObject({ status: 200, body: { account_id: 'acme', total: 0 } });
    expect(await guarded.admin.get(path)).toMatchObject({ status: 200 });
    expect(await writer.get(path)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await other.get(path)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await other.get('/accounts/nobody/summary')).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect(await guarded.nobody.get(path)).toMatchObject({ status: 401 });
  });
});
