import { setTimeout as sleep } from 'node:timers/promises';
import type { EventsJob } from '../../src/ingest/queue/events-job';
import { Queues } from '../../src/redis/queues';
import { RedisConnection } from '../../src/redis/redis-connection';
import { eventually } from '../harness/eventually';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { TcpProxy } from '../harness/tcp-proxy';
import { ScaledServices } from './scaled-services';
import { tenantEvents } from './tenant-posts';

/** Longer than three tries of a job take, pauses included. */
const OUTAGE_MS = 2_500;

describeWith({ postgres: true, redis: true }, 'a database that is away', () => {
  let services: ScaledServices;
  let proxy: TcpProxy;
  let api: RunningService;
  beforeEach(async () => {
    services = await ScaledServices.onFreshStore();
    proxy = await TcpProxy.start(services.databaseUrl);
    api = await services.start('api');
  });
  afterEach(async () => {
    await proxy.heal();
    await stopServices();
    await proxy.stop();
  });

  /** A worker whose way to the database the test can cut. */
  const startWorker = (): Promise<RunningService> => services.start('worker', { DATABASE_URL: proxy.url });
  const post = async (name: string): Promise<void> => {
    const { body } = await api.client.post('/events', tenantEvents('acme', 120, name));
    expect(body).toMatchObject({ accepted: 120, durability: 'queued' });
  };
  const expectStored = async (count: number): Promise<void> => {
    await eventually(
      async () => expect(await api.client.events('?account_id=acme&limit=500')).toHaveLength(count),
      40_000,
    );
    const letters = await api.client.get('/dead-letters');
    expect(letters.body).toEqual({ dead_letters: [], next_cursor: null });
  };
  const jobs = (state: 'failed' | 'active' | 'delayed' | 'prioritized'): Promise<number> =>
    api.app.get(Queues).queue<EventsJob>('events').getJobCountByTypes(state);

  it('uses up no try of what is queued: all of it is stored, and nothing buried', async () => {
    const worker = await startWorker();
    await post('before');
    await proxy.cut();
    await post('during');
    await sleep(OUTAGE_MS);
    await post('late');
    await proxy.heal();
    await expectStored(360);
    expect(await jobs('failed')).toBe(0);
    const told = worker.log.filter(({ msg }) => msg === 'queued events wait for the database');
    expect(told.map(({ level }) => level)).toEqual(['warn']);
  });

  it('does not keep a process from stopping, not even with Redis away as well', async () => {
    const redis = await TcpProxy.start(services.environment['REDIS_URL'] as string);
    try {
      const worker = await services.start('worker', { DATABASE_URL: proxy.url, REDIS_URL: redis.url });
      await proxy.cut();
      await post('first');
      await eventually(async () => expect(await jobs('active')).toBe(3));
      await redis.cut();
      await eventually(() => expect(worker.app.get(RedisConnection).isUsable).toBe(false));
      await worker.stop();
      // Their locks are over after some seconds, and then they are given to another.
      expect([await jobs('active'), await jobs('failed')]).toEqual([3, 0]);
      await services.start('worker');
      await expectStored(120);
    } finally {
      await redis.stop();
    }
  });

  it('is no reason to keep jobs: a worker that stops leaves them to the others, with all their tries', async () => {
    const worker = await startWorker();
    await post('first');
    await expectStored(120);
    await proxy.cut();
    await post('second');
    await eventually(async () => expect(await jobs('active')).toBe(3));
    await worker.stop();
    expect([await jobs('active'), await jobs('failed')]).toEqual([0, 0]);
    const queue = api.app.get(Queues).queue<EventsJob>('events');
    const left = await queue.getJobs(['delayed', 'prioritized', 'waiting']);
    expect(left.map(({ attemptsMade }) => attemptsMade)).toEqual([0, 0, 0]);
    await services.start('worker');
    await expectStored(240);
  });
});
