import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../src/config/settings';
import { startService, stopServices, type RunningService } from '../harness/service';
import { temporaryFolder } from '../harness/temporary-folder';
import { MonitorClient, type ShownMonitor } from './monitor-client';

afterEach(stopServices);

interface ShownPlan {
  readonly changes: readonly {
    readonly action: string;
    readonly kind: string;
    readonly account_id: string;
    readonly key: string;
    readonly fields: readonly {
      readonly field: string;
      readonly from: string | null;
      readonly to: string | null;
    }[];
  }[];
  readonly unchanged: number;
}

interface ShownWindow {
  readonly id: string;
  readonly key: string | null;
  readonly monitor_ids: readonly string[] | null;
}

const path = (): string => join(temporaryFolder(), 'monitors.yaml');

const start = (file: string, environment: Environment = {}): Promise<RunningService> =>
  startService({ ALLOW_PRIVATE_TARGETS: 'true', MONITORS_FILE: file, ...environment });

async function monitorsOf(service: RunningService): Promise<ReadonlyMap<string, ShownMonitor>> {
  const { body } = await service.client.get<{ monitors: ShownMonitor[] }>('/monitors');
  return new Map(body.monitors.map((monitor) => [monitor.key ?? monitor.name, monitor]));
}

async function windowsOf(service: RunningService): Promise<readonly ShownWindow[]> {
  const { body } = await service.client.get<{ maintenance_windows: ShownWindow[] }>('/maintenance-windows');
  return body.maintenance_windows;
}

const planOf = async (service: RunningService): Promise<ShownPlan> =>
  (await service.client.get<ShownPlan>('/monitors-file/plan')).body;

const apply = async (service: RunningService): Promise<ShownPlan> =>
  (await service.client.post<ShownPlan>('/monitors-file/apply')).body;

const monitor = (key: string, more = ''): string =>
  `  - { key: ${key}, name: ${key}, url: "http://127.0.0.1:9/", paused: true${more} }\n`;

const FIRST = `monitors:
${monitor('api', ', headers: { authorization: "Bearer first-secret" }')}${monitor('shop')}
maintenance_windows:
  - { key: sunday, name: Sunday, monitors: [api], repeats: weekly, on: [sun], local_time: "02:30", time_zone: UTC, duration_s: 3600 }
`;

const SECOND = `monitors:
${monitor('api', ', headers: { authorization: "Bearer second-secret" }, interval_s: 30')}${monitor('new')}
maintenance_windows:
  - { key: sunday, name: Sunday, monitors: [api, new], repeats: weekly, on: [sun], local_time: "02:30", time_zone: UTC, duration_s: 3600 }
`;

describe('the file of monitors', () => {
  it('is there from the start on, and stays the same at the next start', async () => {
    const file = path();
    writeFileSync(file, FIRST);
    const service = await start(file);
    const monitors = await monitorsOf(service);
    expect([...monitors.keys()].sort()).toEqual(['api', 'shop']);
    expect(monitors.get('api')).toMatchObject({ origin: 'file', headers: { authorization: '[redacted]' } });
    const api = monitors.get('api')!.id;
    expect(await windowsOf(service)).toMatchObject([{ key: 'sunday', monitor_ids: [api] }]);
    expect(await planOf(service)).toEqual({ changes: [], unchanged: 3 });
    await service.stop();
    const again = await start(file, service.environment);
    expect(await monitorsOf(again)).toEqual(monitors);
  });

  it('shows the difference, and makes it so when it is asked for', async () => {
    const file = path();
    writeFileSync(file, FIRST);
    const service = await start(file);
    const before = await monitorsOf(service);
    writeFileSync(file, SECOND);
    const plan = await planOf(service);
    expect(plan.unchanged).toBe(0);
    expect(plan.changes.map(({ action, kind, key }) => `${action} ${kind} ${key}`)).toEqual([
      'remove monitor shop',
      'change monitor api',
      'create monitor new',
      'change maintenance_window sunday',
    ]);
    expect(plan.changes[1]!.fields).toEqual([
      { field: 'headers.authorization', from: '[redacted]', to: '[redacted]' },
      { field: 'interval_s', from: '60', to: '30' },
    ]);
    expect(await monitorsOf(service)).toEqual(before);
    expect(await apply(service)).toEqual(plan);
    const after = await monitorsOf(service);
    expect([...after.keys()].sort()).toEqual(['api', 'new']);
    expect(after.get('api')).toMatchObject({ id: before.get('api')!.id, interval_s: 30 });
    const ids = ['api', 'new'].map((key) => after.get(key)!.id);
    expect(await windowsOf(service)).toMatchObject([{ monitor_ids: ids }]);
    expect(await apply(service)).toEqual({ changes: [], unchanged: 3 });
    const { entries } = (await service.client.get('/audit')).body as {
      entries: readonly { action: string; account_id: string; by: { kind: string } }[];
    };
    expect(entries.map(({ action }) => action).toSorted()).toEqual([
      'maintenance_window.added',
      'maintenance_window.changed',
      'monitor.added',
      'monitor.added',
      'monitor.added',
      'monitor.changed',
      'monitor.deleted',
    ]);
    for (const entry of entries)
      expect(entry).toMatchObject({ account_id: 'default', by: { kind: 'system' } });
    expect(JSON.stringify([plan, entries, service.log])).not.toMatch(/(first|second)-secret/);
  });

  it('with another type of monitor makes it anew, and its window follows', async () => {
    const file = path();
    writeFileSync(file, FIRST);
    const service = await start(file);
    const before = await monitorsOf(service);
    writeFileSync(
      file,
      FIRST.replace(/ {2}- \{ key: api.*\n/, '  - { key: api, type: heartbeat, name: api, period_s: 60 }\n'),
    );
    await apply(service);
    const after = await monitorsOf(service);
    expect(after.get('api')).toMatchObject({ type: 'heartbeat' });
    expect(after.get('api')!.id).not.toBe(before.get('api')!.id);
    expect(await windowsOf(service)).toMatchObject([{ monitor_ids: [after.get('api')!.id] }]);
    expect(await planOf(service)).toMatchObject({ changes: [] });
  });

  it('never touches what the API has made, and is not touched by the API', async () => {
    const file = path();
    writeFileSync(file, FIRST);
    const service = await start(file);
    const client = new MonitorClient(service);
    const own = await client.add({ name: 'own', url: 'http://127.0.0.1:9/', paused: true });
    const window = { name: 'Own', starts_at: '2096-01-01T00:00:00Z', ends_at: '2096-01-02T00:00:00Z' };
    await client.post('/maintenance-windows', window);
    writeFileSync(file, 'monitors: []');
    const [sunday] = (await windowsOf(service)).filter(({ key }) => key === 'sunday');
    const { id } = (await monitorsOf(service)).get('api')!;
    const refusal = { status: 409, body: { code: 'managed_by_file' } };
    expect(await client.patch(`/monitors/${id}`, { paused: false })).toMatchObject(refusal);
    expect(await client.delete(`/monitors/${id}`)).toMatchObject(refusal);
    expect(await client.patch(`/maintenance-windows/${sunday!.id}`, { name: 'x' })).toMatchObject(refusal);
    expect(await client.delete(`/maintenance-windows/${sunday!.id}`)).toMatchObject(refusal);
    await apply(service);
    expect([...(await monitorsOf(service)).keys()]).toEqual(['own']);
    expect((await client.get(`/monitors/${own.id}`)).body).toEqual(own);
    expect(await windowsOf(service)).toMatchObject([{ name: 'Own', key: null }]);
  });

  it('with a fault is refused whole, with all of its faults', async () => {
    const file = path();
    writeFileSync(file, FIRST);
    const service = await start(file);
    writeFileSync(
      file,
      'monitors:\n  - { key: api, name: API }\n  - { key: B, name: B, url: "http://127.0.0.1:9" }\n',
    );
    const refusal = {
      status: 409,
      body: {
        code: 'invalid_monitors_file',
        message:
          'line 2: monitors[0]: url is missing\n' +
          'line 3: monitors[1]: key must be 1 to 64 small letters, digits, dots, dashes and underscores',
      },
    };
    expect(await service.client.get('/monitors-file/plan')).toMatchObject(refusal);
    expect(await service.client.post('/monitors-file/apply')).toMatchObject(refusal);
    expect([...(await monitorsOf(service)).keys()].sort()).toEqual(['api', 'shop']);
  });

  it('of an account is about that account', async () => {
    const file = path();
    writeFileSync(file, `monitors:\n${monitor('api', ', account: acme')}${monitor('api')}`);
    const service = await start(file);
    const { body } = await service.client.get<{ monitors: ShownMonitor[] }>('/monitors?account_id=acme');
    expect(body.monitors).toMatchObject([{ key: 'api', account_id: 'acme' }]);
    expect([...(await monitorsOf(service)).keys()]).toEqual(['api']);
  });

  it('is none where the setting names none', async () => {
    const service = await startService();
    const refusal = { status: 404, body: { code: 'no_monitors_file' } };
    expect(await service.client.get('/monitors-file/plan')).toMatchObject(refusal);
    expect(await service.client.post('/monitors-file/apply')).toMatchObject(refusal);
  });

  it('applied by two at once is applied once', async () => {
    const file = path();
    writeFileSync(file, 'monitors: []');
    const service = await start(file);
    writeFileSync(file, `monitors:\n${['a', 'b', 'c', 'd'].map((key) => monitor(key)).join('')}`);
    await Promise.all([apply(service), apply(service), apply(service)]);
    expect([...(await monitorsOf(service)).keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
  });
});
