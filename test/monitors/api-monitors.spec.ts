import { startService, stopServices, type RunningService } from '../harness/service';
import { MonitorClient, type Refusal, type ShownMonitor } from './monitor-client';

const URL = 'http://127.0.0.1:9/health';

let service: RunningService;
let monitors: MonitorClient;

beforeAll(async () => {
  service = await startService({ ALLOW_PRIVATE_TARGETS: 'true', ACCOUNT_MONITORS: '5' });
  monitors = new MonitorClient(service);
});
afterAll(stopServices);

describe('a monitor', () => {
  it('is added with the defaults, and found again', async () => {
    const { status, body } = await monitors.post('/monitors', { name: 'API', url: URL, paused: true });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{16}$/) as unknown,
      account_id: 'default',
      type: 'http',
      name: 'API',
      url: URL,
      service: null,
      method: 'GET',
      headers: {},
      body: null,
      interval_s: 60,
      retry_s: 15,
      timeout_ms: 10_000,
      failure_threshold: 3,
      success_threshold: 2,
      priority: 'normal',
      severity: 'critical',
      paused: true,
      expect: {
        status: ['200-299'],
        body_contains: null,
        json: {},
        headers: {},
        degraded_above_ms: null,
        down_above_ms: null,
        tls_days_left: null,
      },
      state: 'paused',
      state_since: null,
      last_check: null,
      next_check_at: null,
      incident: null,
      origin: 'api',
      key: null,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
      updated_at: body['created_at'],
    });
    expect(await monitors.get(`/monitors/${body.id}`)).toMatchObject({ status: 200, body });
    expect(await monitors.get(`/monitors/${body.id}?account_id=acme`)).toMatchObject({
      status: 404,
      body: { code: 'monitor_not_found' },
    });
    await monitors.delete(`/monitors/${body.id}`);
  });

  it('of type heartbeat gets a path that nobody guesses', async () => {
    const heartbeat = { type: 'heartbeat', name: 'Backup', period_s: 60, account_id: 'acme' };
    const one = await monitors.add(heartbeat);
    const other = await monitors.add(heartbeat);
    expect(one).toMatchObject({ account_id: 'acme', grace_s: 300, state: 'unknown' });
    expect(one).not.toHaveProperty('url');
    expect(one.heartbeat_path).toMatch(/^\/heartbeats\/[A-Za-z0-9_-]{32}$/);
    expect(other.heartbeat_path).not.toBe(one.heartbeat_path);
    for (const { id } of [one, other]) await monitors.delete(`/monitors/${id}?account_id=acme`);
  });

  it('is changed field by field, within what is expected too', async () => {
    const { id } = await monitors.add({ url: URL, paused: true, expect: { json: { '$.a': 1 } } });
    const changed = await monitors.patch(`/monitors/${id}`, {
      interval_s: 120,
      expect: { status: ['204'] },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { interval_s: 120, retry_s: 15, url: URL, expect: { status: ['204'], json: { '$.a': 1 } } },
    });
    const contradiction = await monitors.patch<Refusal>(`/monitors/${id}`, { timeout_ms: 120_000 });
    expect(contradiction).toMatchObject({ status: 400, body: { code: 'invalid_monitor' } });
    expect(MonitorClient.fieldsOf(contradiction)).toEqual(['timeout_ms']);
    const other = await monitors.patch<Refusal>(`/monitors/${id}`, { type: 'heartbeat', period_s: 60 });
    expect(other).toMatchObject({ status: 400, body: { message: 'type cannot be changed: it is http.' } });
    expect(await monitors.get(`/monitors/${id}`)).toMatchObject({ body: { interval_s: 120, type: 'http' } });
    await monitors.delete(`/monitors/${id}`);
  });

  it('changed by several at once is what all of them have made of it', async () => {
    const { id } = await monitors.add({ url: URL, paused: true });
    const changes = [{ name: 'New' }, { interval_s: 300 }, { severity: 'info' }, { priority: 'high' }];
    await Promise.all(changes.map((change) => monitors.patch(`/monitors/${id}`, change)));
    const { body } = await monitors.get(`/monitors/${id}`);
    expect(body).toMatchObject(Object.assign({}, ...changes) as object);
    await monitors.delete(`/monitors/${id}`);
  });

  it('shows its headers by their names only, and a change that sends the mask back keeps them', async () => {
    const headers = { Authorization: 'Bearer of-nobody-elses-business', accept: 'text/plain' };
    const added = await monitors.add({ url: URL, paused: true, headers });
    const { id } = added;
    const masked = { Authorization: '[redacted]', accept: '[redacted]' };
    expect(added.headers).toEqual(masked);
    await monitors.patch(`/monitors/${id}`, { headers: { ...added.headers, accept: 'text/html' } });
    const list = await monitors.get<{ monitors: ShownMonitor[] }>('/monitors');
    expect(list.body.monitors.find((one) => one.id === id)?.headers).toEqual(masked);
    expect(JSON.stringify([list.body, service.log])).not.toContain('of-nobody-elses-business');
    const unknown = await monitors.patch<Refusal>(`/monitors/${id}`, { headers: { 'x-new': '[redacted]' } });
    expect(unknown.status).toBe(400);
    expect(MonitorClient.fieldsOf(unknown)).toEqual(['headers.x-new']);
    await monitors.delete(`/monitors/${id}`);
  });

  it('is gone once it is deleted', async () => {
    const { id } = await monitors.add({ url: URL, paused: true });
    expect(await monitors.delete(`/monitors/${id}`)).toMatchObject({ status: 204, body: '' });
    const notFound = { status: 404, body: { code: 'monitor_not_found' } };
    expect(await monitors.delete(`/monitors/${id}`)).toMatchObject(notFound);
    expect(await monitors.get(`/monitors/${id}`)).toMatchObject(notFound);
    expect(await monitors.patch(`/monitors/${id}`, { paused: false })).toMatchObject(notFound);
    expect(await monitors.get(`/monitors/${id}/checks`)).toMatchObject(notFound);
    expect(await monitors.get(`/monitors/${id}/uptime`)).toMatchObject(notFound);
  });
});

describe('monitors', () => {
  it('are listed by pages, those of an account', async () => {
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      ids.push((await monitors.add({ name, url: URL, paused: true, account_id: 'paged' })).id);
    }
    interface Page {
      readonly monitors: readonly ShownMonitor[];
      readonly next_cursor: string | null;
    }
    const first = (await monitors.get<Page>('/monitors?account_id=paged&limit=2')).body;
    const query = `account_id=paged&limit=2&cursor=${first.next_cursor}`;
    const second = (await monitors.get<Page>(`/monitors?${query}`)).body;
    expect([first.monitors.length, second.monitors.length, second.next_cursor]).toEqual([2, 1, null]);
    expect([...first.monitors, ...second.monitors].map(({ id }) => id)).toEqual([...ids].sort());
    expect((await monitors.get<Page>('/monitors?account_id=nobody')).body.monitors).toEqual([]);
  });

  it('are no more than an account may have', async () => {
    const fields = { url: URL, paused: true, account_id: 'full' };
    for (let count = 0; count < 5; count++) await monitors.add(fields);
    const sixth = await monitors.post<Refusal>('/monitors', { name: 'Sixth', ...fields });
    expect(sixth).toMatchObject({ status: 409, body: { code: 'too_many_monitors' } });
    const { body } = await monitors.get<{ monitors: ShownMonitor[] }>('/monitors?account_id=full');
    await monitors.delete(`/monitors/${body.monitors[0]!.id}?account_id=full`);
    await monitors.add(fields);
  });

  it('cannot be added to an account that was deleted', async () => {
    await monitors.post('/accounts', { id: 'gone', name: 'Gone' });
    await monitors.delete('/accounts/gone');
    const answer = await monitors.post('/monitors', { name: 'API', url: URL, account_id: 'gone' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'account_deleted' } });
  });
});

describe('a definition with faults', () => {
  it('is refused with all of them, by their fields', async () => {
    const answer = await monitors.post<Refusal>('/monitors', {
      account_id: 'no account',
      url: 'ftp://example.com/',
      interval_s: 0,
      severty: 'critical',
      headers: { connection: 'close' },
      expect: { status: [], json: { 'a.b': 1 }, nonsense: true },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_monitor' } });
    expect(MonitorClient.fieldsOf(answer)).toEqual([
      'account_id',
      'interval_s',
      'name',
      'url',
      'headers.connection',
      'expect.status',
      'expect.json.a.b',
      'expect.nonsense',
      'severty',
    ]);
    expect(answer.body.message).toMatch(/^account_id must .*; see faults for the others\.$/);
  });

  it.each<[what: string, body: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['text', 'monitor'],
    ['a number', 1],
    ['an empty object', {}],
    ['another type', { type: 'ping', name: 'API', url: URL }],
    ['an account that is no text', { name: 'API', url: URL, account_id: 1 }],
    ['NUL', { name: 'a\0b', url: URL }],
    ['half a character', { name: 'a\ud800', url: URL }],
    ['a user name in the URL', { name: 'API', url: 'http://me:secret@127.0.0.1/' }],
    ['a body for GET', { name: 'API', url: URL, body: 'x' }],
    ['a file as URL', { name: 'API', url: 'file:///etc/passwd' }],
    ['a timeout as long as the interval', { name: 'API', url: URL, interval_s: 10, timeout_ms: 10_000 }],
    ['a field of a heartbeat', { name: 'API', url: URL, period_s: 60 }],
    ['an id', { name: 'API', url: URL, id: 'k3hq9zbtmxo0cv5u' }],
    ['a token', { type: 'heartbeat', name: 'API', period_s: 60, token: 'a' }],
    [
      'fifty thousand headers',
      {
        name: 'API',
        url: URL,
        headers: Object.fromEntries(Array.from({ length: 50_000 }, (_none, n) => [`x-${n}`, 'a'])),
      },
    ],
    ['__proto__', JSON.parse(`{"name":"API","url":"${URL}","__proto__":{"paused":true}}`)],
  ])('that is %s is a 400, also as a change', async (_, body) => {
    const { id } = await monitors.add({ url: URL, paused: true, account_id: 'rubbish' });
    const path = `/monitors/${id}?account_id=rubbish`;
    const before = (await monitors.get(path)).body;
    expect(await monitors.post('/monitors', body)).toMatchObject({
      status: 400,
      body: { code: expect.stringMatching(/^(invalid_monitor|invalid_request)$/) as unknown },
    });
    // Some of it is no fault of a change: it may be empty, or say over what is so.
    expect([200, 400]).toContain((await monitors.patch(path, body)).status);
    expect((await monitors.get(path)).body).toMatchObject({ url: before['url'], paused: true });
    await monitors.delete(path);
  });

  it.each(['../etc', '%00', 'k3hq9zbtmxo0cv5', 'K3HQ9ZBTMXO0CV5U', '%F0%9F%92%A5', 'a'.repeat(33)])(
    'and an id that is none, %s, is a 4xx',
    async (id) => {
      const answers = [
        await monitors.get(`/monitors/${id}`),
        await monitors.patch(`/monitors/${id}`, {}),
        await monitors.delete(`/monitors/${id}`),
      ];
      for (const { status } of answers) expect([400, 404]).toContain(status);
    },
  );
});

describe('a target in the private network', () => {
  it.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://[::ffff:192.168.0.1]/',
  ])('is refused: %s', async (url) => {
    const guarded = new MonitorClient(await guardedService());
    const added = await guarded.post<Refusal>('/monitors', { name: 'API', url, interval_s: 60 });
    expect(added).toMatchObject({ status: 400, body: { code: 'invalid_monitor' } });
    expect(MonitorClient.fieldsOf(added)).toEqual(['url']);
    const { id } = await guarded.add({ url: 'https://192.0.66.2/', paused: true });
    expect(await guarded.patch(`/monitors/${id}`, { url })).toMatchObject({ status: 400 });
    await guarded.delete(`/monitors/${id}`);
  });

  let guarded: Promise<RunningService> | null = null;
  const guardedService = (): Promise<RunningService> => (guarded ??= startService());
});
