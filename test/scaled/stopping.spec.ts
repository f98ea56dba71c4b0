import { Queues } from '../../src/redis/queues';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { ScaledServices } from './scaled-services';
import { tenantEvent, tenantEvents } from './tenant-posts';

const POSTS = 20;
const EVENTS = 1_000;

describeWith({ postgres: true, redis: true }, 'promise 10: stop is clean', () => {
  let destination: FakeDestination;
  let services: ScaledServices;
  let api: RunningService;
  beforeEach(async () => {
    destination = await FakeDestination.start();
    services = await ScaledServices.onFreshStore({
      PAGERDUTY_EVENTS_URL: destination.url,
      ACCOUNT_BURST: '1000000',
      LOG_LEVEL: 'info',
    });
    api = await services.start('api');
  });
  afterEach(async () => {
    await stopServices();
    await destination.stop();
  });

  const stored = async (): Promise<number> => {
    const sql = 'SELECT count(*)::int AS count FROM events';
    return (await queryPostgres<{ count: number }>(services.databaseUrl, sql))[0]!.count;
  };

  it('for a process of all roles in the middle of its work: the others go on with it', async () => {
    for (let post = 0; post < POSTS; post++) {
      const batch = tenantEvents('acme', EVENTS - 1, `p-${post}`);
      const down = tenantEvent('acme', `down-${post}`, { kind: 'incident', severity: 'critical' });
      expect((await api.client.post('/events', [...batch, down])).body).toMatchObject({
        durability: 'queued',
      });
    }
    const stopping = await services.start(['api', 'scheduler', 'worker', 'notifier']);
    await eventually(async () => expect(await stored()).toBeGreaterThan(0));
    await stopping.stop();
    const before = await stored();
    const queue = api.app.get(Queues).queue('events');
    expect([await queue.getActiveCount(), await queue.getFailedCount()]).toEqual([0, 0]);
    // Deliveries that it had claimed and not begun it gives back, and says so.
    const said = stopping.log.filter(({ level, outcome }) => level !== 'info' && outcome !== 'released');
    expect(said).toEqual([]);
    // Stopped in the middle, or this shows nothing.
    expect(before).toBeLessThan(POSTS * EVENTS);
    await services.start(['worker', 'notifier']);
    await eventually(async () => expect(await stored()).toBe(POSTS * EVENTS), 60_000);
    await eventually(() => expect(new Set(destination.calls).size).toBe(POSTS));
    const { body } = await api.client.get('/accounts/acme/summary?window=1h');
    expect(body).toMatchObject({ total: POSTS * EVENTS, open_incidents: POSTS });
  }, 120_000);
});
