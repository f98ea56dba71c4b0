import { SYSTEM } from '../../src/accounts/actor';
import { Database } from '../../src/database/database';
import { CheckRetention } from '../../src/monitors/run/check-retention';
import { CheckRunner } from '../../src/monitors/run/check-runner';
import { DatabaseClock } from '../../src/monitors/run/database-clock';
import { ResultKeeper, type Keeping } from '../../src/monitors/run/result-keeper';
import { countOf, readSketch } from '../../src/monitors/model/latency-sketch';
import type { CheckResult } from '../../src/monitors/model/monitor';
import type { MonitorEntity } from '../../src/monitors/storage/monitor.entity';
import { RollupsRepository } from '../../src/monitors/storage/rollups.repository';
import { WatchedMonitors, type WatchedMonitor } from '../../src/monitors/storage/watched-monitors';
import { DAY_MS, HOUR_MS } from '../../src/events/summary/time-buckets';
import { change } from '../delivery/paging-service';
import { FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import { TargetServers } from './target-server';
import { checked, checksOf, incidentsOf, monitorsOf, startWatching, watch } from './watching';

let pagerduty: FakeDestination;
let targets: TargetServers;
let service: RunningService;
let url: string;

beforeEach(async () => {
  pagerduty = await FakeDestination.start();
  targets = new TargetServers();
  url = await targets.http((_request, response) => response.end('ok'));
  service = await startWatching(pagerduty);
});
afterEach(async () => {
  await stopServices();
  await targets.close();
  await pagerduty.stop();
});

/** A monitor that nobody checks by himself during a test. */
const slowMonitor = async (fields: Record<string, unknown> = {}): Promise<WatchedMonitor> => {
  const monitor = await watch(service, { url, interval_s: 86_400, retry_s: 86_400, ...fields });
  await checked(service, monitor, () => true);
  return read(monitor);
};

const read = async ({ id }: MonitorEntity): Promise<WatchedMonitor> =>
  (await service.app.get(WatchedMonitors, { strict: false }).find(id))!;

const resultOf = (changes: Partial<CheckResult> = {}): CheckResult => ({
  class: 'down',
  reason: 'status',
  failed: [],
  started_at: Date.now(),
  duration_ms: 12.34,
  timings: null,
  http_status: 500,
  tls_days_left: null,
  limit_ms: null,
  ...changes,
});

function keep(watched: WatchedMonitor, slot_at: number, result = resultOf()): Promise<Keeping> {
  const keeper = service.app.get(ResultKeeper, { strict: false });
  const plan = (): { next_at: number; begun_at: null } => ({ next_at: slot_at + DAY_MS, begun_at: null });
  return keeper.keep(watched, { slot_at, result, plan });
}

describe('a result', () => {
  it('is kept once, however many have it', async () => {
    const watched = await slowMonitor({ failure_threshold: 3 });
    const slot = Date.now();
    const kept = await Promise.all(Array.from({ length: 20 }, () => keep(watched, slot)));
    expect(kept.toSorted()).toEqual([...Array<string>(19).fill('repeated'), 'stored']);
    expect(await checksOf(service, watched.monitor)).toHaveLength(2);
    expect((await read(watched.monitor)).known.state.streaks.down).toMatchObject({ count: 1 });
  });

  it('of many that change the state at once is one incident', async () => {
    const watched = await slowMonitor();
    const [slot, startedAt] = [Date.now(), Date.now()];
    const kept = await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        return keep(watched, slot + n, resultOf({ started_at: startedAt + n }));
      }),
    );
    expect(kept).toEqual(Array(20).fill('stored'));
    expect(await incidentsOf(service, watched.monitor)).toHaveLength(1);
    expect(await checksOf(service, watched.monitor)).toHaveLength(21);
    const days = await service.app
      .get(RollupsRepository, { strict: false })
      .read([watched.monitor.id], DAY_MS, 0, Date.now() + DAY_MS);
    expect(days.reduce((sum, { down }) => sum + down, 0)).toBe(20);
    expect(days.reduce((sum, { up }) => sum + up, 0)).toBe(1);
    expect(days.reduce((sum, { sketch }) => sum + countOf(readSketch(sketch)), 0)).toBe(1);
  });

  it('of a definition that is no more is dropped', async () => {
    const watched = await slowMonitor();
    const { monitor } = watched;
    await monitorsOf(service).change(SYSTEM, monitor, { ...monitor.definition, name: 'Shop' });
    expect(await keep(watched, Date.now())).toBe('outdated');
    await monitorsOf(service).remove(SYSTEM, monitor);
    expect(await keep(watched, Date.now())).toBe('outdated');
    expect(await incidentsOf(service, monitor)).toEqual([]);
  });
});

describe('a check that somebody wants now', () => {
  it('is run and kept beside those that are due', async () => {
    const { monitor } = await slowMonitor();
    const runner = service.app.get(CheckRunner, { strict: false });
    const before = service.app.get(DatabaseClock, { strict: false }).now();
    const check = await runner.checkNow(monitor.id);
    expect(check).toMatchObject({ class: 'up', http_status: 200, monitor_id: monitor.id });
    expect(check!.slot_at).toBeGreaterThanOrEqual(before);
    expect((await checksOf(service, monitor)).at(-1)).toEqual(check);
    expect(runner.load).toMatchObject({ running: 0, waiting: 0, held_since: null });
  });

  it('is none where the monitor is paused or gone', async () => {
    const paused = await watch(service, { url, paused: true });
    const runner = service.app.get(CheckRunner, { strict: false });
    expect(await runner.checkNow(paused.id)).toBeNull();
    expect(await runner.checkNow('nobody0000000000')).toBeNull();
  });
});

describe('a limit that is learnt', () => {
  it('is learnt from the same hour of the days before, and said in the check', async () => {
    const watched = await slowMonitor({ expect: { degraded_above_ms: 'auto' }, timeout_ms: 5_000 });
    const { id } = watched.monitor;
    expect((await checksOf(service, watched.monitor))[0]!.details.limit_ms).toBeNull();
    const hourAt = Date.now() - (Date.now() % HOUR_MS);
    for (const days of [1, 2]) {
      // 60 checks of 100.49 ms: bucket 231 of the sketch.
      const fields = [id, HOUR_MS, hourAt - days * DAY_MS, '[1,0,[231,60]]'];
      await change(
        service,
        `INSERT INTO check_rollups (monitor_id, span_ms, bucket_at, up, degraded, down, unknown, maintenance, sketch)
         VALUES (?, ?, ?, 60, 0, 0, 0, 0, ?)`,
        fields,
      );
    }
    // It has asked the same for long; and a new definition is learnt for anew.
    await change(service, 'UPDATE monitor_states SET asked_since = 0 WHERE monitor_id = ?', [id]);
    await change(service, 'UPDATE monitors SET revision = revision + 1 WHERE id = ?', [id]);
    const check = await service.app.get(CheckRunner, { strict: false }).checkNow(id);
    const limitMs = check!.details.limit_ms!;
    expect(limitMs).toBeGreaterThan(150);
    expect(limitMs).toBeLessThan(175);
  });
});

describe('retention', () => {
  it('removes checks after 7 days, minutes after 14, and all of a monitor that is gone', async () => {
    const { monitor } = await slowMonitor();
    const { monitor: gone } = await slowMonitor();
    await monitorsOf(service).remove(SYSTEM, gone);
    const retention = service.app.get(CheckRetention, { strict: false });
    const counts = async (table: string): Promise<string[]> => {
      const rows = await service.app
        .get(Database)
        .read.query<{ monitor_id: string; span_ms?: number }[]>(`SELECT * FROM ${table}`);
      return rows.map(({ monitor_id, span_ms }) => `${monitor_id} ${span_ms ?? ''}`.trim()).toSorted();
    };
    expect(await counts('checks')).toHaveLength(2);
    await retention.removeOld(Date.now() + 6 * DAY_MS);
    expect(await counts('checks')).toEqual([monitor.id]);
    await retention.removeOld(Date.now() + 8 * DAY_MS);
    expect(await counts('checks')).toEqual([]);
    expect(await counts('check_rollups')).toHaveLength(3);
    await retention.removeOld(Date.now() + 15 * DAY_MS);
    expect(await counts('check_rollups')).toEqual([`${monitor.id} ${HOUR_MS}`, `${monitor.id} ${DAY_MS}`]);
    await retention.removeOld(Date.now() + 93 * DAY_MS);
    expect(await counts('check_rollups')).toEqual([]);
  });

  it('deletes the monitors of a deleted account', async () => {
    await service.client.post('/accounts', { id: 'acme', name: 'Acme' });
    const { definition } = await watch(service, { url, paused: true });
    const mine = { account_id: 'acme', origin: 'api', origin_key: null, definition } as const;
    const theirs = await monitorsOf(service).create(SYSTEM, mine);
    await service.client.post('/accounts/acme', undefined, {}, 'DELETE');
    await service.app.get(CheckRetention, { strict: false }).endWithAccounts();
    expect(await monitorsOf(service).find('acme', theirs!.id)).toBeNull();
    expect(await monitorsOf(service).list('default', 5)).toHaveLength(1);
  });
});
