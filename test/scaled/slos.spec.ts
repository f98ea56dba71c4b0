import { Database } from '../../src/database/database';
import { AlertKeeper } from '../../src/slos/alerting/alert-keeper';
import type { Condition } from '../../src/slos/alerting/condition';
import { Leadership } from '../../src/roles/leadership';
import { SloAlerts } from '../../src/slos/alerting/slo-alerts';
import { Queues } from '../../src/redis/queues';
import { Counting } from '../../src/slos/counting/counting';
import type { AlertSubject } from '../../src/slos/model/alert-event';
import { OwnObjectivesReader } from '../../src/slos/objectives/own-objectives-reader';
import { AlertsRepository } from '../../src/slos/storage/alerts.repository';
import { eventually } from '../harness/eventually';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { countsOf, passMinutes, slos, storeCounts } from '../slos/shown-slos';
import { ScaledServices } from './scaled-services';

const POST_EVENTS = { series: 'http POST /events', account_id: '' };

/** Jobs that are handed to Redis at once: for very many, a busy machine takes longer than a command may. */
const BATCH = 500;

describeWith({ postgres: true, redis: true }, 'objectives of several processes', () => {
  let first: RunningService;
  let second: RunningService;
  /** Starts one more, which takes the lead once the others are gone. */
  let startNext: () => Promise<RunningService>;

  beforeAll(async () => {
    const services = await ScaledServices.onFreshStore();
    first = await services.start(['api', 'scheduler']);
    second = await services.start(['api', 'scheduler', 'worker']);
    startNext = () => services.start(['api', 'scheduler'], { SLO_ALERTS: 'true' });
  });
  afterAll(stopServices);

  const count = ({ app }: RunningService, outcome: 'good' | 'bad', times: number): void =>
    app.get(Counting).count(POST_EVENTS, outcome, 5, times);

  const alertsOf = async (): Promise<unknown[]> =>
    first.app
      .get(Database)
      .read.query(`SELECT event_id, revision FROM events WHERE source = 'slo' ORDER BY event_id`);

  it('are judged by what all of them have counted, however often each has stored it', async () => {
    count(first, 'good', 60);
    count(second, 'good', 39);
    await Promise.all([storeCounts(first), storeCounts(second)]);
    count(second, 'bad', 1);
    await Promise.all([storeCounts(first), storeCounts(second), storeCounts(second)]);
    for (const service of [first, second]) {
      expect(await countsOf(service, 'events-availability')).toEqual({ good: 99, bad: 1, unseen: 0 });
    }
  });

  it('make each alert once, where two processes judge at the same time as the lead changes hands', async () => {
    count(second, 'bad', 50);
    await storeCounts(second);
    await Promise.all([first, second].map(({ app }) => app.get(SloAlerts).judge()));
    await Promise.all([first, second].map(({ app }) => app.get(SloAlerts).judge()));
    const told = (await alertsOf()) as { event_id: string }[];
    const kinds = told.map(({ event_id }) => event_id.split(':')[2]);
    expect(kinds).toEqual([...new Set(kinds)]);
    expect(kinds).toEqual(expect.arrayContaining(['burn_page', 'breached']));
  });

  it('are not told of by a process that knows less than what is remembered', async () => {
    const before = await alertsOf();
    const { app } = first;
    const now = await app.get(Database).now();
    const about: AlertSubject = {
      alert: 'burn_page',
      subject: 'events-availability',
      account_id: null,
      name: 'POST /events is available',
      service: 'signalbox',
    };
    const conditions: Condition[] = [{ about, reading: 'above', measured: {} }];
    // It read before the alert was opened.
    await app.get(AlertKeeper).conclude([], conditions, now + 1);
    expect(await alertsOf()).toEqual(before);
    expect((await app.get(AlertsRepository).all()).map(({ alert }) => alert)).toContain('burn_page');
  });

  it('that an account sets in one process are known in the others', async () => {
    const body = { account_id: 'acme', objectives: [{ id: 'events-availability', objective: 0.99 }] };
    expect((await first.client.post('/objectives', body, {}, 'PUT')).status).toBe(200);
    const idsIn = async (service: RunningService): Promise<string[]> =>
      (await slos(service, '?account_id=acme')).map(({ id }) => id);
    expect(await idsIn(first)).toEqual(['events-availability']);
    await second.app.get(OwnObjectivesReader).look();
    expect(await idsIn(second)).toEqual(['events-availability']);
    await second.client.post('/objectives', { ...body, objectives: [] }, {}, 'PUT');
    await first.app.get(OwnObjectivesReader).look();
    expect(await idsIn(first)).toEqual([]);
  });

  describe('of which a queue of Redis is deep', () => {
    const fill = async (jobs: number): Promise<void> => {
      const later = { name: 'later', data: {}, opts: { delay: 86_400_000 } };
      const queue = first.app.get(Queues, { strict: false }).queue('checks');
      await queue.drain(true);
      for (let left = jobs; left > 0; left -= BATCH) {
        await queue.addBulk(Array.from({ length: Math.min(left, BATCH) }, () => later));
      }
    };
    const judge = (): Promise<void> => first.app.get(SloAlerts).judge();
    const toldBy = async ({ client }: RunningService): Promise<unknown[]> => {
      const events = await client.events('?source=slo&limit=500');
      const about = events.filter(({ event_id }) => event_id.startsWith('slo:all/queue:checks:queue_deep:'));
      return about.map(({ resolved_at }) => (resolved_at === null ? 'open' : 'over'));
    };

    it('are told of more than 10,000 that wait, until they are down to 8,000', async () => {
      await fill(10_001);
      await judge();
      expect(await toldBy(first)).toEqual([]);
      await passMinutes(first, 'queue_deep', 5);
      await judge();
      expect(await toldBy(first)).toEqual(['open']);
      await fill(8_001);
      await judge();
      await passMinutes(first, 'queue_deep', 5);
      await judge();
      expect(await toldBy(first)).toEqual(['open']);
      await fill(8_000);
      await judge();
      await passMinutes(first, 'queue_deep', 5);
      await judge();
      expect(await toldBy(first)).toEqual(['over']);
    });

    it('are judged by the one that leads, and by the next one from where that has left off', async () => {
      await fill(10_001);
      await judge();
      await passMinutes(first, 'queue_deep', 5);
      const next = await startNext();
      const tick = (): Promise<void> => next.app.get(SloAlerts).tick();
      await tick();
      expect(await toldBy(next)).toEqual(['over']);
      await Promise.all([first.stop(), second.stop()]);
      await eventually(() => expect(next.app.get(Leadership).isLeader).toBe(true));
      await tick();
      expect(await toldBy(next)).toEqual(['open', 'over']);
    });
  });
});
