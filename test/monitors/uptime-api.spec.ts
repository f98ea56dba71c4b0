import { Database } from '../../src/database/database';
import { sketchOf, sketchText } from '../../src/monitors/model/latency-sketch';
import { CheckEntity } from '../../src/monitors/storage/check.entity';
import { CheckRollupEntity } from '../../src/monitors/storage/check-rollup.entity';
import { startService, stopServices, type RunningService } from '../harness/service';
import { MonitorClient } from './monitor-client';
import { TargetServers } from './target-server';

interface ShownUptime {
  readonly uptime_percent: number | null;
  readonly coverage_percent: number | null;
  readonly checks: Readonly<Record<string, number>>;
  readonly latency: Readonly<Record<string, number>> | null;
  readonly maintenance_s: number;
  readonly incidents: readonly { readonly event_id: string; readonly resolved_at: string | null }[];
  readonly from: string;
}

const DAY_MS = 86_400_000;
const WINDOWS = ['24h', '7d', '30d', '90d'] as const;

const servers = new TargetServers();
let service: RunningService;
let client: MonitorClient;
let url: string;
let status = 200;

beforeAll(async () => {
  service = await startService({ ALLOW_PRIVATE_TARGETS: 'true' });
  client = new MonitorClient(service);
  url = await servers.http((_request, response) => response.writeHead(status).end());
});
afterAll(async () => {
  await stopServices();
  await servers.close();
});

/** Adds a monitor whose regular checks hardly ever come, once its first one is stored. */
async function addChecked(fields: Record<string, unknown> = {}): Promise<string> {
  status = 200;
  const { id } = await client.add({ url, interval_s: 86_400, retry_s: 86_400, ...fields });
  for (;;) {
    const { body } = await client.get(`/monitors/${id}`);
    if (body.last_check !== null) return id;
  }
}

async function check(id: string, answer: number): Promise<void> {
  status = answer;
  const { status: answered } = await client.post(`/monitors/${id}/check`);
  expect(answered).toBe(200);
}

const uptime = async (id: string, window: string): Promise<ShownUptime> =>
  (await client.get<ShownUptime>(`/monitors/${id}/uptime?window=${window}`)).body;

describe('uptime', () => {
  it('is good / (good + bad), in each window, without reading a check', async () => {
    const id = await addChecked({ failure_threshold: 2, success_threshold: 1, severity: 'info' });
    for (const answer of [503, 503, 200, 200, 200, 200, 200, 200]) await check(id, answer);
    await service.app.get(Database).write((tx) => tx.delete(CheckEntity, { monitor_id: id }));
    for (const window of WINDOWS) {
      const answer = await uptime(id, window);
      expect(answer).toMatchObject({
        uptime_percent: 77.777,
        coverage_percent: 100,
        checks: { up: 7, degraded: 0, down: 2, unknown: 0, maintenance: 0 },
        maintenance_s: 0,
        incidents: [
          { event_id: expect.stringContaining(id) as unknown, resolved_at: expect.any(String) as unknown },
        ],
      });
      expect(answer.latency!['p50_ms']).toBeGreaterThanOrEqual(0);
    }
  });

  it('says the same of many monitors at once, and hour by hour', async () => {
    const id = await addChecked({ severity: 'info' });
    for (const answer of [503, 200, 200]) await check(id, answer);
    const { body } = await client.get<{ uptimes: readonly Record<string, unknown>[] }>(
      `/uptimes?monitor_ids=${id},nobodysmonitor00`,
    );
    const history = await client.get(`/monitors/${id}/uptime/history?window=30d`);
    const percents = await Promise.all(
      WINDOWS.map(async (window) => (await uptime(id, window)).uptime_percent),
    );
    expect(percents[0]).toBe(75);
    expect(body.uptimes).toEqual([
      {
        monitor_id: id,
        uptime_percent: Object.fromEntries(WINDOWS.map((window, index) => [window, percents[index]])),
        hours: expect.any(Array) as unknown,
      },
    ]);
    const sumOf = (buckets: unknown): number => {
      const counts = (buckets as { checks: { up: number; down: number } }[]).map(({ checks }) => checks);
      return counts.reduce((sum, { up, down }) => sum + up + down, 0);
    };
    expect(sumOf(body.uptimes[0]!['hours'])).toBe(4);
    expect(history.body).toMatchObject({ monitor_id: id, window: '30d', bucket_s: 86_400 });
    expect(sumOf((history.body as unknown as { buckets: unknown }).buckets)).toBe(4);
  });

  it('leaves maintenance out, and shows it', async () => {
    const id = await addChecked();
    const window = { name: 'Now', monitor_ids: [id], starts_at: at(-60_000), ends_at: at(3_600_000) };
    expect((await client.post('/maintenance-windows', window)).status).toBe(201);
    for (const answer of [503, 503, 503, 503]) await check(id, answer);
    const answer = await uptime(id, '24h');
    expect(answer).toMatchObject({
      uptime_percent: 100,
      checks: { up: 1, down: 0, maintenance: 4 },
      incidents: [],
    });
  });

  it('of 90 days is read from days, and merges what checks took', async () => {
    const id = await addChecked();
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const days = Array.from({ length: 89 }, (_none, day) => ({
      monitor_id: id,
      span_ms: DAY_MS,
      bucket_at: today - (day + 1) * DAY_MS,
      up: 99,
      degraded: 0,
      down: 1,
      unknown: 0,
      maintenance: 0,
      sketch: sketchText(sketchOf(Array<number>(99).fill(day < 2 ? 500 : 100))),
    }));
    await service.app.get(Database).write((tx) => tx.insert(CheckRollupEntity, days));
    const quarter = await uptime(id, '90d');
    expect(quarter).toMatchObject({
      uptime_percent: 99.0,
      checks: { up: 89 * 99 + 1, down: 89 },
    });
    expect(quarter.latency!['p95_ms']).toBeGreaterThan(98);
    expect(quarter.latency!['p95_ms']).toBeLessThan(102);
    expect(quarter.latency!['p99_ms']).toBeGreaterThan(494);
    expect(quarter.latency!['p99_ms']).toBeLessThan(506);
    expect((await uptime(id, '30d')).checks).toMatchObject({ up: 30 * 99 + 1, down: 30 });
    expect((await uptime(id, '24h')).checks).toMatchObject({ up: 1, down: 0 });
  });

  it('of a monitor that was never checked is not known', async () => {
    const { id } = await client.add({ url, paused: true });
    expect(await uptime(id, '7d')).toMatchObject({ uptime_percent: null, latency: null, incidents: [] });
  });

  it('is of the last day where nothing is asked for', async () => {
    const { id } = await client.add({ url, paused: true });
    expect(await client.get(`/monitors/${id}/uptime`)).toMatchObject({
      status: 200,
      body: { window: '24h' },
    });
  });

  it.each(['1y', '', '24H', '7', '24h&window=7d', '__proto__', 'toString'])(
    'of a window that is none, %j, is a 400',
    async (window) => {
      const { id } = await client.add({ url, paused: true });
      expect(await client.get(`/monitors/${id}/uptime?window=${window}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    },
  );
});

function at(fromNow: number): string {
  return new Date(Date.now() + fromNow).toISOString();
}
