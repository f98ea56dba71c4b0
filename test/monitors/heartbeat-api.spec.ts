import { gzipSync } from 'node:zlib';
import { startGuarded } from '../accounts/guarded-service';
import { startService, stopServices, type RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { MonitorClient, type ShownMonitor } from './monitor-client';

const UNKNOWN = `/heartbeats/${'a'.repeat(32)}`;

let service: RunningService;
let client: MonitorClient;

beforeAll(async () => {
  service = await startService();
  client = new MonitorClient(service);
});
afterAll(stopServices);

const add = (fields: Record<string, unknown> = {}): Promise<ShownMonitor> =>
  client.add({ type: 'heartbeat', period_s: 86_400, severity: 'info', ...fields });

const stateOf = async ({ id }: ShownMonitor): Promise<string> =>
  (await client.get(`/monitors/${id}`)).body.state;

const call = (path: string, init: RequestInit = {}): Promise<Answer> => service.client.get(path, init);

describe('a call of a job', () => {
  it.each(['POST', 'GET', 'HEAD'])('by %s says that it has done its work, or has failed', async (method) => {
    const monitor = await add();
    const path = monitor.heartbeat_path!;
    expect(await stateOf(monitor)).toBe('unknown');
    const answer = await call(path, { method });
    expect(answer).toMatchObject({ status: 200, body: method === 'HEAD' ? '' : { received: true } });
    expect(await stateOf(monitor)).toBe('up');
    expect((await call(`${path}/fail`, { method })).status).toBe(200);
    expect(await stateOf(monitor)).toBe('down');
    expect((await call(`${path}/start`, { method })).status).toBe(200);
    expect(await stateOf(monitor)).toBe('down');
    expect((await call(path, { method })).status).toBe(200);
    expect(await stateOf(monitor)).toBe('up');
    const { body } = await client.get<{ checks: { state: string; reason: string | null }[] }>(
      `/monitors/${monitor.id}/checks`,
    );
    expect(body.checks.map(({ state, reason }) => [state, reason])).toEqual([
      ['up', null],
      ['down', 'job_failed'],
      ['up', null],
    ]);
  });

  it('sets the next deadline', async () => {
    const monitor = await add({ period_s: 3_600, grace_s: 60 });
    await call(monitor.heartbeat_path!);
    const { body } = await client.get(`/monitors/${monitor.id}`);
    const calledAt = Date.parse(String(body.last_check!['started_at' as never]));
    expect(Date.parse(body.next_check_at!)).toBe(calledAt + 3_660_000);
  });

  it.each<[what: string, init: RequestInit]>([
    ['the output of the job', { body: 'rsync: 17 files\n' }],
    ['text that is no JSON', { body: '{', headers: { 'content-type': 'application/json' } }],
    ['a form', { body: new URLSearchParams({ a: 'b' }) }],
    ['bytes', { body: Buffer.from([0, 255, 254, 0]) }],
    ['a compressed file', { body: gzipSync('x'), headers: { 'content-type': 'application/gzip' } }],
  ])('may bring %s', async (_, init) => {
    const monitor = await add();
    expect(await call(monitor.heartbeat_path!, { method: 'POST', ...init })).toMatchObject({ status: 200 });
    expect(await stateOf(monitor)).toBe('up');
  });

  it('cannot bring more than a megabyte', async () => {
    const monitor = await add();
    const init = { method: 'POST', body: 'x'.repeat(1_048_577) };
    expect(await call(monitor.heartbeat_path!, init)).toMatchObject({ status: 413 });
    expect(await stateOf(monitor)).toBe('unknown');
  });

  it('to a paused monitor is taken, and changes nothing', async () => {
    const monitor = await add({ paused: true });
    expect((await call(monitor.heartbeat_path!)).status).toBe(200);
    expect(await stateOf(monitor)).toBe('paused');
  });

  it('that nobody waits for is a 404, and says no more', async () => {
    const deleted = await add();
    await client.delete(`/monitors/${deleted.id}`);
    const http = await client.add({ url: 'https://192.0.66.2/', paused: true });
    const paths = [
      UNKNOWN,
      `${UNKNOWN}/start`,
      `${UNKNOWN}/fail`,
      deleted.heartbeat_path!,
      `/heartbeats/${http.id}`,
      '/heartbeats/%00',
      '/heartbeats/null',
      `/heartbeats/${'a'.repeat(5_000)}`,
      `/heartbeats/${deleted.heartbeat_path!.slice(12).toLowerCase()}`,
    ];
    for (const path of paths) {
      for (const method of ['POST', 'GET']) {
        expect(await call(path, { method })).toMatchObject({
          status: 404,
          body: { code: 'heartbeat_not_found', message: 'Nobody is waiting for this call.' },
        });
      }
    }
  });

  it('of another kind, or by another method, is a 404', async () => {
    const { heartbeat_path: path } = await add();
    for (const [method, rest] of [
      ['POST', '/end'],
      ['GET', '/start/fail'],
      ['PUT', ''],
      ['DELETE', ''],
      ['PATCH', '/fail'],
    ] as const) {
      expect(await call(`${path}${rest}`, { method })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
  });
});

describe('who may call', () => {
  it('is whoever knows the token, which only those see who may change the monitor', async () => {
    const { admin, nobody, as, makeKey } = await startGuarded();
    const heartbeat = { account_id: 'acme', type: 'heartbeat', name: 'Backup', period_s: 60 };
    const { body } = await admin.post('/monitors', heartbeat);
    const path = `/monitors/${String(body['id'])}?account_id=acme`;
    const reader = as((await makeKey('acme', ['read', 'ingest'])).key);
    expect((await admin.get(path)).body).toHaveProperty('heartbeat_path');
    const shown = await reader.get(path);
    expect(shown.status).toBe(200);
    expect(shown.body).not.toHaveProperty('heartbeat_path');
    expect(await nobody.get(String(body['heartbeat_path']))).toMatchObject({ status: 200 });
    expect((await reader.get(path)).body).toMatchObject({ state: 'up' });
  });

  it('is never throttled for calls that somebody waits for, and soon for others', async () => {
    const throttled = await startService({ THROTTLE_LIMIT: '20' });
    const monitor = await new MonitorClient(throttled).add({ type: 'heartbeat', period_s: 60 });
    const statuses = async (path: string): Promise<number[]> => {
      const answers = Array.from({ length: 30 }, () => throttled.client.get(path));
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    expect(new Set(await statuses(monitor.heartbeat_path!))).toEqual(new Set([200]));
    expect(new Set(await statuses(UNKNOWN))).toEqual(new Set([404, 429]));
    expect(new Set(await statuses(monitor.heartbeat_path!))).toEqual(new Set([200]));
  });
});
