import { SYSTEM } from '../../src/accounts/actor';
import { Database } from '../../src/database/database';
import { DAY_MS, MINUTE_MS } from '../../src/events/summary/time-buckets';
import { MaintenanceWindowsRepository } from '../../src/monitors/storage/maintenance-windows.repository';
import { SloAlerts } from '../../src/slos/alerting/slo-alerts';
import { TargetWatch } from '../../src/slos/counting/target-watch';
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
import { countsOf, passMinutes, slo, slos } from './shown-slos';

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

/** Those of 30 days. */
const WINDOW_MINUTES = 43_200;

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
    const shown = await slo(service, id, '?account_id=default');
    const { good, bad, unseen } = shown.windows.find(({ window }) => window === '30d')!;
    // Ten minutes and what has begun of the next; of a window that is longer than the monitor's life.
    expect([10, 11]).toContain(bad);
    expect([60, 61]).toContain(good + bad);
    expect(good + bad + unseen).toBe(WINDOW_MINUTES);
    expect(shown).toMatchObject({
      name: 'API is up',
      kind: 'monitor',
      state: 'warning',
      coverage: (good + bad) / WINDOW_MINUTES,
      bad_by_fault: { vendor: 0 },
    });

    await judge();
    const told = ['burn_page', 'burn_ticket'];
    expect(await alertsAbout(id)).toEqual({ open: told, over: [] });

    // Ten minutes later than the 43.2 that it may be down.
    const longAgo = now - 2 * DAY_MS;
    await change(service, 'UPDATE monitors SET created_at = ? WHERE id = ?', [longAgo, monitor.id]);
    await change(service, 'UPDATE monitor_spans SET from_at = ? WHERE monitor_id = ?', [
      now - 53 * MINUTE_MS,
      monitor.id,
    ]);
    expect(await slo(service, id, '?account_id=default')).toMatchObject({ state: 'breached' });
    await judge();
    const all = ['breached', 'budget_low', ...told];
    expect(await alertsAbout(id)).toEqual({ open: all, over: [] });
    await monitorsOf(service).remove(SYSTEM, monitor);
    await judge();
    expect(await alertsAbout(id)).toEqual({ open: [], over: all });
  });

  it('that is new has the budget of its whole window, of which two bad minutes spend two', async () => {
    status = 200;
    const monitor = await watch(service, { url });
    await checked(service, monitor, ({ class: result }) => result === 'up');
    const id = `monitor-availability:${monitor.id}`;
    await service.app.get(TargetWatch).look();
    const now = await service.app.get(Database).now();
    const minutesAgo = (minutes: number): number => now - (now % MINUTE_MS) - minutes * MINUTE_MS;
    await change(service, 'UPDATE monitors SET created_at = ? WHERE id = ?', [minutesAgo(9), monitor.id]);
    await change(service, 'UPDATE slo_watches SET from_at = ?', [minutesAgo(90)]);
    await change(
      service,
      'INSERT INTO monitor_spans (monitor_id, state, from_at, until_at) VALUES (?, ?, ?, ?)',
      [monitor.id, 'down', minutesAgo(3), minutesAgo(1)],
    );
    const shown = await slo(service, id, '?account_id=default');
    expect(shown.sli).toBeCloseTo(1 - 2 / WINDOW_MINUTES, 12);
    expect(shown.budget_left_minutes).toBeCloseTo(43.2 - 2, 6);
    // Of an hour, and not of the ten minutes that there were.
    expect(shown.burn_rates['1h']).toBeCloseTo(2 / 60 / 0.001, 6);
    expect(shown.burn_rates['72h']).toBeCloseTo(2 / 4_320 / 0.001, 6);

    await judge();
    // 2 of 60 minutes are more than 14.4 × what 99.9 % allows, as they would be of any other monitor.
    expect(await alertsAbout(id)).toEqual({ open: ['burn_page'], over: [] });
    await monitorsOf(service).remove(SYSTEM, monitor);
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
    // Nobody looked in the 10 before somebody did, nor before it was made.
    expect(bad).toBe(0);
    expect(good + unseen).toBe(WINDOW_MINUTES - 15);
    // 60 minutes and the one that goes on, without 10 that it was paused, 5 of maintenance and 10 unseen.
    expect([36, 37]).toContain(good);
    await monitorsOf(service).remove(SYSTEM, monitor);
  });
});

it('a vendor’s minutes are bad while its page says so, and unknown before its page was read', async () => {
  const unread = { good: 0, bad: 0, unseen: WINDOW_MINUTES };
  expect(await countsOf(service, 'vendor-availability:acme')).toEqual(unread);
  expect(await slo(service, 'vendor-availability:acme')).toMatchObject({ state: 'no_data', sli: null });
  const now = Date.now();
  const started_at = new Date(now - 6 * MINUTE_MS).toISOString();
  pages.serveSummary('acme', {
    body: withIncident({ impact: 'critical', created_at: started_at, started_at }),
  });
  expect((await pull(service)).body).toMatchObject({ fetched: { acme: 1 } });
  await service.app.get(TargetWatch).look();
  // What it says of the minutes before it was first read is not counted.
  expect((await countsOf(service, 'vendor-availability:acme')).bad).toBeLessThan(2);
  await change(service, `UPDATE slo_watches SET from_at = ? WHERE subject = 'page acme'`, [
    now - 30 * MINUTE_MS,
  ]);
  const { good, bad, unseen } = await countsOf(service, 'vendor-availability:acme');
  expect([6, 7]).toContain(bad);
  expect([23, 24, 25]).toContain(good);
  expect(good + bad + unseen).toBe(WINDOW_MINUTES);
  const { incidents: spent, bad_by_fault } = await slo(service, 'vendor-availability:acme');
  expect(bad_by_fault).toEqual({ own: 0, vendor: bad, unexplained: 0 });
  expect(spent).toMatchObject([{ account_id: 'default', fault: 'vendor', bad, resolved_at: null }]);
});

it('a dead delivery makes an alert once it has been there for five minutes, which a replay resolves', async () => {
  // The refusal is for this event, and for nothing of the tests before.
  await eventually(async () => expect(await service.client.deliveries('?status=pending')).toEqual([]));
  destination.next(answer(400));
  await service.client.stripe(payoutFailed('evt_dead'));
  const [dead] = await eventually(async () => {
    const found = await service.client.deliveries('?status=dead');
    expect(found).toHaveLength(1);
    return found;
  });
  await judge();
  expect(await alertsAbout('deliveries')).toEqual({ open: [], over: [] });

  await passMinutes(service, 'dead_delivery', 5);
  await judge();
  expect(await alertsAbout('deliveries')).toEqual({ open: ['dead_delivery'], over: [] });

  await service.client.post(`/deliveries/${dead!.id}/replay`);
  await eventually(async () => {
    const statuses = (await service.client.event('evt_dead')).deliveries.map(({ status }) => status);
    expect(statuses).toEqual(['dead', 'delivered']);
  });
  await judge();
  await passMinutes(service, 'dead_delivery', 5);
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
