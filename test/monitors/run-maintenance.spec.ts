import { SYSTEM } from '../../src/accounts/actor';
import { MaintenanceWindowsRepository } from '../../src/monitors/storage/maintenance-windows.repository';
import type { MaintenanceWindowEntity } from '../../src/monitors/storage/maintenance-window.entity';
import { RollupsRepository } from '../../src/monitors/storage/rollups.repository';
import { DAY_MS } from '../../src/events/summary/time-buckets';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import { TargetServers } from './target-server';
import { calls, checked, checksOf, incidents, incidentsOf, startWatching, watch } from './watching';

let pagerduty: FakeDestination;
let targets: TargetServers;
let service: RunningService;
let status: number;
let url: string;

beforeEach(async () => {
  status = 200;
  pagerduty = await FakeDestination.start();
  targets = new TargetServers();
  url = await targets.http((_request, response) => response.writeHead(status).end());
  service = await startWatching(pagerduty);
});
afterEach(async () => {
  await stopServices();
  await targets.close();
  await pagerduty.stop();
});

const windows = (): MaintenanceWindowsRepository =>
  service.app.get(MaintenanceWindowsRepository, { strict: false });

/** A window of the whole account that has begun, and ends in an hour. */
async function begin(): Promise<MaintenanceWindowEntity> {
  const schedule = {
    repeats: 'once',
    starts_at: Date.now() - 60_000,
    ends_at: Date.now() + 3_600_000,
  } as const;
  const mine = {
    account_id: 'default',
    name: 'move',
    monitor_ids: null,
    origin: 'api',
    origin_key: null,
  } as const;
  return (await windows().create(SYSTEM, { ...mine, schedule }))!;
}

const isOf = (isIn: boolean, resultClass: string) => (check: { class: string; is_in_maintenance: number }) =>
  check.class === resultClass && check.is_in_maintenance === (isIn ? 1 : 0);

describe('maintenance', () => {
  it('pages nobody; what is still down after it is an incident that begins there', async () => {
    const window = await begin();
    status = 500;
    const monitor = await watch(service, { url });
    await checked(service, monitor, isOf(true, 'down'));
    expect(await incidentsOf(service, monitor)).toEqual([]);

    await windows().remove(SYSTEM, window);
    const [open] = await incidents(service, monitor, 1, 'open');
    const checks = await checksOf(service, monitor);
    const first = checks.find(isOf(false, 'down'));
    expect(open!.event_id).toBe(`monitor:${monitor.id}:${new Date(first!.started_at).toISOString()}`);
    const days = await service.app
      .get(RollupsRepository, { strict: false })
      .read([monitor.id], DAY_MS, 0, Date.now() + DAY_MS);
    const counts = days.map(({ maintenance, down }) => [maintenance, down > 0]);
    expect(counts).toEqual([[checks.filter(isOf(true, 'down')).length, true]]);
  });

  it('lets an incident end that was open when it began', async () => {
    status = 500;
    const monitor = await watch(service, { url });
    const [open] = await incidents(service, monitor, 1, 'open');
    await begin();
    status = 200;
    await checked(service, monitor, isOf(true, 'up'));
    await incidents(service, monitor, 1, 'over');
    await eventually(() => expect(calls(pagerduty, open!.event_id)).toEqual(['trigger', 'resolve']));
  });
});
