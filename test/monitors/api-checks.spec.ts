import { startService, stopServices, type RunningService } from '../harness/service';
import { MonitorClient } from './monitor-client';
import { TargetServers } from './target-server';

interface ShownCheck {
  readonly slot_at: string;
  readonly started_at: string;
  readonly state: string;
  readonly reason: string | null;
  readonly http_status: number | null;
  readonly [field: string]: unknown;
}

interface Page {
  readonly checks: readonly ShownCheck[];
  readonly next_cursor: string | null;
}

const servers = new TargetServers();
let service: RunningService;
let client: MonitorClient;
let url: string;
let status = 200;

beforeAll(async () => {
  service = await startService({ ALLOW_PRIVATE_TARGETS: 'true' });
  client = new MonitorClient(service);
  url = await servers.http((_request, response) => response.writeHead(status).end('{"status":"ok"}'));
});
afterAll(async () => {
  await stopServices();
  await servers.close();
});
beforeEach(() => {
  status = 200;
});

/** A monitor whose regular checks hardly ever come. */
const rare = (fields: Record<string, unknown> = {}): Promise<{ readonly id: string }> =>
  client.add({ url, interval_s: 86_400, retry_s: 86_400, ...fields });

const checkNow = async (id: string): Promise<ShownCheck> => {
  const { status: answered, body } = await client.post<ShownCheck>(`/monitors/${id}/check`);
  if (answered !== 200) throw new Error(`answered ${answered}: ${JSON.stringify(body)}`);
  return body;
};

const page = async (id: string, query = ''): Promise<Page> =>
  (await client.get<Page>(`/monitors/${id}/checks${query}`)).body;

describe('a check that somebody wants now', () => {
  it('is answered as it is stored, and is the last one of its monitor', async () => {
    const { id } = await rare({ expect: { json: { '$.status': 'ok' } } });
    const check = await checkNow(id);
    expect(check).toEqual({
      slot_at: expect.stringMatching(/Z$/) as unknown,
      started_at: expect.stringMatching(/Z$/) as unknown,
      state: 'up',
      reason: null,
      failed: [],
      duration_ms: expect.any(Number) as unknown,
      timings: {
        dns_ms: null,
        connect_ms: expect.any(Number) as unknown,
        tls_ms: null,
        first_byte_ms: expect.any(Number) as unknown,
        total_ms: expect.any(Number) as unknown,
      },
      http_status: 200,
      tls_days_left: null,
      limit_ms: null,
      in_maintenance: false,
    });
    expect((await page(id)).checks[0]).toEqual(check);
    const { state, last_check } = (await client.get(`/monitors/${id}`)).body;
    expect(state).toBe('up');
    expect(check).toMatchObject(last_check!);
  });

  it('keeps what was expected and what was seen instead', async () => {
    const { id } = await rare({ failure_threshold: 1, severity: 'info' });
    await checkNow(id);
    status = 503;
    const check = await checkNow(id);
    expect(check).toMatchObject({
      state: 'down',
      http_status: 503,
      failed: [{ expectation: 'status', wanted: '200-299', seen: '503' }],
    });
    const { body: monitor } = await client.get(`/monitors/${id}`);
    expect(monitor).toMatchObject({ state: 'down', state_since: check.started_at });
    const event = await service.client.event(monitor.incident!.event_id);
    expect(event).toMatchObject({ source: 'monitor', kind: 'incident', resolved_at: null });
  });

  it('is refused where there is nothing to check', async () => {
    const paused = await rare({ paused: true });
    const heartbeat = await client.add({ type: 'heartbeat', period_s: 86_400 });
    expect(await client.post(`/monitors/${paused.id}/check`)).toMatchObject({
      status: 409,
      body: { code: 'monitor_paused' },
    });
    expect(await client.post(`/monitors/${heartbeat.id}/check`)).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_check' },
    });
    expect(await client.post('/monitors/k3hq9zbtmxo0cv5u/check')).toMatchObject({ status: 404 });
  });

  it('asked for by many at once is stored for each of them, or once', async () => {
    const { id } = await rare();
    const checks = await Promise.all(Array.from({ length: 8 }, () => checkNow(id)));
    const slots = new Set(checks.map(({ slot_at }) => slot_at));
    const stored = (await page(id)).checks.map(({ slot_at }) => slot_at);
    expect(stored).toEqual(expect.arrayContaining([...slots]));
    expect(new Set(stored).size).toBe(stored.length);
  });
});

describe('checks', () => {
  it('are listed by pages, newest first, and by how they ended', async () => {
    const { id } = await rare({ failure_threshold: 100 });
    const wanted = [200, 503, 200, 503, 200];
    for (status of wanted) await checkNow(id);
    const all = (await page(id)).checks;
    // The first of all was regular.
    expect(all.slice(0, 5).map(({ http_status }) => http_status)).toEqual(wanted.toReversed());
    const slots = all.map(({ slot_at }) => slot_at);
    expect(slots).toEqual([...slots].sort().reverse());
    const paged: string[] = [];
    for (let cursor: string | null = '9999999999999'; cursor !== null;) {
      const { checks, next_cursor }: Page = await page(id, `?limit=2&cursor=${cursor}`);
      paged.push(...checks.map(({ slot_at }) => slot_at));
      cursor = next_cursor;
    }
    expect(paged).toEqual(slots);
    const down = await page(id, '?state=down&limit=1');
    const older = await page(id, `?state=down&limit=1&cursor=${down.next_cursor}`);
    expect([...down.checks, ...older.checks].map(({ state }) => state)).toEqual(['down', 'down']);
    expect(older.next_cursor).toBeNull();
    expect((await page(id, '?state=unknown')).checks).toEqual([]);
  });

  it.each([
    '?limit=0',
    '?limit=501',
    '?state=broken',
    '?cursor=x',
    '?limit=1&limit=2',
    '?cursor=-1',
    '?state=',
  ])('asked for by %s are a 400', async (query) => {
    const { id } = await rare({ paused: true });
    expect(await client.get(`/monitors/${id}/checks${query}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});
