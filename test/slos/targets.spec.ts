import { SYSTEM } from '../../src/accounts/actor';
import { Database } from '../../src/database/database';
import { MINUTE_MS } from '../../src/events/summary/time-buckets';
import { MaintenanceWindowsRepository } from '../../src/monitors/storage/maintenance-windows.repository';
import type { AlertName } from '../../src/slos/model/alerts';
import { SloAlerts } from '../../src/slos/alerting/slo-alerts';
import { TargetWatch } from '../../src/slos/counting/target-watch';
import { SloAlertEntity } from '../../src/slos/storage/alert.entity';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import { change } from '../delivery/paging-service';
import { payoutFailed } from '../harness/service-client';
import { checked, incidents, monitorsOf, startWatching, watch } from '../monitors/watching';
import { TargetServers } from '../monitors/target-server';
import { PageServer } from '../statuspage/page-server';
import { withIncident } from '../statuspage/documents';
import { NEVER, pull } from '../statuspage/polled-service';
import { countsOf, slo, slos } from './shown-slos';

let destination: FakeDestination;
const targets = new TargetServers();
/** What the checked server answers. */
let status = 200;
let url: string;
let pages: PageServer;
let service: RunningService;

beforeAll(async () => {
  destination = await FakeDestination.start();
  url = await targets.http((_request, response) => response.writeHead(status).end());
  pages = await PageServer.start();
  service = await startWatching(destination, {
    NODE_ENV: 'production',
    STATUS_PAGES: `acme=${pages.summaryUrl('acme')}`,
    STATUS_POLL_CRON: NEVER,
  });
});
afterAll(async () => {
  await stopServices();
  await Promise.all([destination.stop(), targets.close(), pages.close()]);
});

/** Judges everything now. */
function judge(): Promise<void> {
  return service.app.get(SloAlerts).judge();
}

/** Types of the alerts about a subject that are open, and of those that are over. */
async function alertsAbout(subject: string): Promise<{ open: string[]; over: string[] }> {
  const events = (await service.client.events('?source=slo&limit=500')) as readonly {
    event_id: string;
    resolved_at: string | null;
  }[];
  const those = events.filter(({ event_id }) => event_id.includes(`/${subject}:`));
  const typeOf = ({ event_id }: { event_id: string }): string =>
    event_id.split(`/${subject}:`)[1]!.split(':')[0]!;
  return {
    open: those
      .filter(({ resolved_at }) => resolved_at === null)
      .map(typeOf)
      .sort(),
    over: those
      .filter(({ resolved_at }) => resolved_at !== null)
      .map(typeOf)
      .sort(),
  };
}

describe('a monitor', () => {
  it('that was down for some minutes has as many bad ones, and its alerts open and end with it', async () => {
    status = 500;
    const monitor = await watch(service, { url });
    const id = `monitor-availability:${monitor.id}`;
    await incidents(service, monitor, 1, 'open');
    await service.app.get(TargetWatch).look();

    // An hour ago it was made and has been watched since; ten minutes ago it went down.
    const now = await service.app.get(Database).now();
    await change(service, 'UPDATE monitors SET created_at = ? WHERE id = ?', [
      now - 60 * MINUTE_MS,
      monitor.id,
    ]);
    await change(service, 'UPDATE slo_watches SET from_at = ?', [now - 60 * MINUTE_MS]);
    await change(service, 'UPDATE monitor_spans SET from_at = ? WHERE monitor_id = ?', [
      now - 10 * MINUTE_MS,
      monitor.id,
    ]);
    const { good, bad, unseen } = await countsOf(service, id, '?account_id=default');
    // Ten minutes and what has begun of the next.
    expect([10, 11]).toContain(bad);
    expect([60, 61]).toContain(good + bad + unseen);
    expect(await slo(service, id, '?account_id=default')).toMatchObject({
      name: 'API is up',
      kind: 'monitor',
      state: 'breached',
      coverage: 1,
      bad_by_fault: { vendor: 0 },
    });

    await judge();
    expect(await alertsAbout(id)).toEqual({
      open: ['breached', 'budget_low', 'burn_page', 'burn_ticket'],
      over: [],
    });
    await monitorsOf(service).remove(SYSTEM, monitor);
    await judge();
    expect(await alertsAbout(id)).toEqual({
      open: [],
      over: ['breached', 'budget_low', 'burn_page', 'burn_ticket'],
    });
  });

  it('that is paused or in maintenance is not to be watched, and one that nobody looked at is unseen', async () => {
    status = 200;
    const monitor = await watch(service, { url });
    await checked(service, monitor, ({ class: result }) => result === 'up');
    const id = `monitor-availability:${monitor.id}`;
    const now = await service.app.get(Database).now();
    const minutesAgo = (minutes: number): number => now - (now % MINUTE_MS) - minutes * MINUTE_MS;
    await change(service, 'UPDATE monitors SET created_at = ? WHERE id = ?', [minutesAgo(60), monitor.id]);
    await change(service, 'UPDATE slo_watches SET from_at = ?', [minutesAgo(50)]);
    await service.app.get(TargetWatch).look();
    await change(
      service,
      'INSERT INTO monitor_spans (monitor_id, state, from_at, until_at) VALUES (?, ?, ?, ?)',
      [monitor.id, 'paused', minutesAgo(40), minutesAgo(30)],
    );
    await service.app.get(MaintenanceWindowsRepository, { strict: false }).create(SYSTEM, {
      account_id: 'default',
      name: 'Upgrade',
      monitor_ids: [monitor.id],
      schedule: { repeats: 'once', starts_at: minutesAgo(20), ends_at: minutesAgo(15) },
      origin: 'api',
      origin_key: null,
    });
    const { good, bad, unseen } = await countsOf(service, id, '?account_id=default');
    expect({ bad, unseen }).toEqual({ bad: 0, unseen: 10 });
    // 60 minutes and the one that goes on, without 10 that it was paused, 5 of maintenance and 10 unseen.
    expect([36, 37]).toContain(good);
    await monitorsOf(service).remove(SYSTEM, monitor);
  });
});

it('a vendor’s minutes are bad while its page says so, and unknown before its page was read', async () => {
  const noData = { good: 0, bad: 0, unseen: 0 };
  expect(await countsOf(service, 'vendor-availability:acme')).toEqual(noData);
  const now = Date.now();
  const started_at = new Date(now - 6 * MINUTE_MS).toISOString();
  pages.serveSummary('acme', {
    body: withIncident({ impact: 'critical', created_at: started_at, started_at }),
  });
  expect((await pull(service)).body).toMatchObject({ fetched: { acme: 1 } });
  await service.app.get(TargetWatch).look();
  await change(service, `UPDATE slo_watches SET from_at = ? WHERE subject = 'page acme'`, [
    now - 30 * MINUTE_MS,
  ]);
  const { good, bad, unseen } = await countsOf(service, 'vendor-availability:acme');
  expect([6, 7]).toContain(bad);
  expect(unseen).toBe(0);
  expect([23, 24, 25]).toContain(good);
  const { incidents: spent, bad_by_fault } = await slo(service, 'vendor-availability:acme');
  expect(bad_by_fault).toEqual({ own: 0, vendor: bad, unexplained: 0 });
  expect(spent).toMatchObject([{ fault: 'vendor', bad, resolved_at: null }]);
});

it('a dead delivery makes an alert once it has been there for five minutes, which a replay resolves', async () => {
  destination.next(answer(400));
  await service.client.stripe(payoutFailed('evt_dead'));
  const [dead] = await eventually(async () => {
    const found = await service.client.deliveries('?status=dead');
    expect(found).toHaveLength(1);
    return found;
  });
  await judge();
  expect(await alertsAbout('deliveries')).toEqual({ open: [], over: [] });

  await passMinutes('dead_delivery', 5);
  await judge();
  expect(await alertsAbout('deliveries')).toEqual({ open: ['dead_delivery'], over: [] });

  await service.client.post(`/deliveries/${dead!.id}/replay`);
  await eventually(async () => {
    const statuses = (await service.client.event('evt_dead')).deliveries.map(({ status }) => status);
    expect(statuses).toEqual(['dead', 'delivered']);
  });
  await judge();
  await passMinutes('dead_delivery', 5);
  await judge();
  expect(await alertsAbout('deliveries')).toEqual({ open: [], over: ['dead_delivery'] });
});

it('shows what a promise cannot do', async () => {
  const heartbeat = await watch(service, { type: 'heartbeat', name: 'Backup', period_s: 3_600 });
  const { warnings } = await slo(service, `monitor-availability:${heartbeat.id}`, '?account_id=default');
  expect(warnings).toEqual([expect.stringContaining('would page for one failed check')]);
  expect(
    (await slos(service)).every(({ state }) => ['ok', 'warning', 'breached', 'no_data'].includes(state)),
  ).toBe(true);
});

/** Lets time pass for an alert that is waiting for it: its condition has held, or has been over, for so much longer. */
async function passMinutes(alert: AlertName, minutes: number): Promise<void> {
  const { state } = await service.app.get(Database).read.findOneByOrFail(SloAlertEntity, { alert });
  const ms = minutes * MINUTE_MS;
  const aged =
    state.phase === 'open'
      ? { ...state, clear_at: state.clear_at! - ms }
      : { ...state, since_at: (state as { since_at: number }).since_at - ms };
  await change(service, 'UPDATE slo_alerts SET state = ? WHERE alert = ?', [JSON.stringify(aged), alert]);
}
