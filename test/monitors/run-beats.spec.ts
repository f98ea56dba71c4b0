import { Heartbeats } from '../../src/monitors/run/heartbeats';
import type { MonitorEntity } from '../../src/monitors/storage/monitor.entity';
import { change } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import {
  calls,
  checked,
  checksOf,
  incidents,
  incidentsOf,
  monitorsOf,
  startWatching,
  watch,
} from './watching';

let pagerduty: FakeDestination;
let service: RunningService;

beforeEach(async () => {
  pagerduty = await FakeDestination.start();
  service = await startWatching(pagerduty);
});
afterEach(async () => {
  await stopServices();
  await pagerduty.stop();
});

const job = (fields: Record<string, unknown> = {}): Promise<MonitorEntity> =>
  watch(service, { type: 'heartbeat', name: 'backup', period_s: 3_600, grace_s: 60, ...fields });

const beat = (monitor: MonitorEntity, kind: 'start' | 'end' | 'fail' = 'end'): Promise<boolean> =>
  service.app.get(Heartbeats, { strict: false }).beat(monitor.token!, kind);

async function nextAt({ id }: MonitorEntity): Promise<number | null> {
  const [state] = await monitorsOf(service).statesOf([id]);
  return state!.next_at;
}

/** Makes it later: the deadline was so long ago. */
async function expire({ id }: MonitorEntity, agoMs: number): Promise<number> {
  const deadline = Date.now() - agoMs;
  await change(service, 'UPDATE monitor_states SET next_at = ?, version = version + 1 WHERE monitor_id = ?', [
    deadline,
    id,
  ]);
  return deadline;
}

describe('a job that calls in', () => {
  it('is up, and due again a period and the grace later', async () => {
    const monitor = await job();
    expect(await beat(monitor)).toBe(true);
    const [check] = await checksOf(service, monitor);
    expect(check).toMatchObject({ class: 'up', reason: null });
    expect(await nextAt(monitor)).toBe(check!.started_at + 3_660_000);
  });

  it('is kept as often as it calls, also at the same moment', async () => {
    const monitor = await job();
    await Promise.all(Array.from({ length: 8 }, () => beat(monitor)));
    expect(await checksOf(service, monitor)).toHaveLength(8);
  });

  it('takes as long as from its start to its end', async () => {
    const monitor = await job();
    await beat(monitor, 'start');
    const [state] = await monitorsOf(service).statesOf([monitor.id]);
    expect(state!.next_at).toBe(state!.begun_at! + 60_000);
    await beat(monitor);
    const [check] = await checksOf(service, monitor);
    expect(check!.duration_tenths).toBe((check!.started_at - state!.begun_at!) * 10);
    expect((await monitorsOf(service).statesOf([monitor.id]))[0]!.begun_at).toBeNull();
  });

  it('is down at once where it says that it failed, until it succeeds', async () => {
    const monitor = await job();
    await beat(monitor, 'fail');
    const [open] = await incidents(service, monitor, 1, 'open');
    expect(open).toMatchObject({ summary: 'backup is down', severity: 'critical' });
    await beat(monitor);
    await incidents(service, monitor, 1, 'over');
    await eventually(() => expect(calls(pagerduty, open!.event_id)).toEqual(['trigger', 'resolve']));
  });

  it('without a token of ours is nobody, and while it is paused nobody keeps it', async () => {
    const paused = await job({ paused: true });
    expect(await beat({ ...paused, token: 'nobody' })).toBe(false);
    expect(await beat(paused)).toBe(true);
    expect(await checksOf(service, paused)).toEqual([]);
  });
});

describe('a deadline that is over', () => {
  it('is an incident as of the deadline, and one more check a period later', async () => {
    const monitor = await job();
    const deadline = await expire(monitor, 1_000);
    const [open] = await incidents(service, monitor, 1, 'open');
    expect(open!.event_id).toBe(`monitor:${monitor.id}:${new Date(deadline).toISOString()}`);
    expect(await checksOf(service, monitor)).toMatchObject([{ slot_at: deadline, reason: 'missed' }]);
    expect(await nextAt(monitor)).toBe(deadline + 3_600_000);
  });

  it('after a start says that the job has not ended', async () => {
    const monitor = await job();
    await beat(monitor, 'start');
    await expire(monitor, 1_000);
    const [open] = await incidents(service, monitor, 1, 'open');
    expect(open!.description).toContain('a start at');
  });

  it('while nobody listened is unknown, and gives the job another period', async () => {
    const monitor = await job();
    await expire(monitor, 120_000);
    await checked(service, monitor, (check) => check.class === 'unknown');
    expect(await incidentsOf(service, monitor)).toEqual([]);
    expect(await nextAt(monitor)).toBeGreaterThan(Date.now() + 3_600_000);
  });
});
