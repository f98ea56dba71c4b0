import { Settings } from '../../src/config/settings';
import { ANSWER_MS, EventQueue } from '../../src/ingest/queue/event-queue';
import { RedisConnection, RedisPolicyError } from '../../src/redis/redis-connection';
import { eventually } from '../harness/eventually';
import { inRedisSession } from '../harness/redis-session';
import type { OwnRedis } from '../harness/redis-server';
import { describeWith, startOwnRedis } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { TcpProxy } from '../harness/tcp-proxy';
import { ScaledServices } from './scaled-services';
import { tenantEvent } from './tenant-posts';

/** Later than Redis is to answer, and soon enough for its commands not to fail. */
const LATE_MS = 600;

describeWith({ postgres: true, redis: true }, 'a Redis that is slow or away', () => {
  let services: ScaledServices;
  let redis: TcpProxy;
  let database: TcpProxy;
  let api: RunningService;
  beforeEach(async () => {
    services = await ScaledServices.onFreshStore();
    redis = await TcpProxy.start(services.environment['REDIS_URL'] as string);
    database = await TcpProxy.start(services.databaseUrl);
    api = await services.start('api', { REDIS_URL: redis.url, DATABASE_URL: database.url });
  });
  afterEach(async () => {
    await Promise.all([redis.heal(), database.heal()]);
    await stopServices();
    await Promise.all([redis.stop(), database.stop()]);
  });

  const post = async (id: string): Promise<unknown> => {
    const { status, body } = await api.client.post('/events', tenantEvent('acme', id));
    return [status, body];
  };
  const committed = (id: string): unknown => [
    202,
    { accepted: 1, deduped: 0, event_ids: [id], durability: 'committed' },
  ];
  const queued = (id: string): unknown => [202, { accepted: 1, event_ids: [id], durability: 'queued' }];
  const ids = async (): Promise<string[]> =>
    (await api.client.events('?account_id=acme')).map(({ event_id }) => event_id).sort();
  const told = (): unknown[] =>
    api.log.filter(({ msg }) => msg === 'Redis does not take events: committing them instead');

  it('is not waited for: the post is committed, and stored once though Redis has it too', async () => {
    expect(await post('fast')).toEqual(queued('fast'));
    const { answerWithinMs } = api.app.get(EventQueue);
    api.app.get(EventQueue).answerWithinMs = ANSWER_MS;
    redis.delay(LATE_MS);
    expect(await post('slow-1')).toEqual(committed('slow-1'));
    expect(await post('slow-2')).toEqual(committed('slow-2'));
    expect(await ids()).toEqual(['slow-1', 'slow-2']);
    expect(told()).toHaveLength(1);
    await redis.heal();
    api.app.get(EventQueue).answerWithinMs = answerWithinMs;
    await eventually(async () => expect(await post('again')).toEqual(queued('again')));
    await services.start('worker');
    await eventually(async () => {
      const { body } = await api.client.get('/dead-letters');
      expect(body['dead_letters']).toEqual([]);
      expect(await ids()).toEqual(['again', 'fast', 'slow-1', 'slow-2']);
    });
    const { body } = await api.client.get('/accounts/acme/summary?window=1h');
    expect(body).toMatchObject({ total: 4 });
  });

  it('is done without while it is away, and used again when it is back', async () => {
    await redis.cut();
    expect(await post('away-1')).toEqual(committed('away-1'));
    expect(await post('away-2')).toEqual(committed('away-2'));
    await redis.heal();
    await eventually(async () => expect(await post('back')).toEqual(queued('back')));
  });

  it('lets the queue take what the database does not, and only without both a post is refused', async () => {
    await database.cut();
    await eventually(async () => expect(await post('queued')).toEqual(queued('queued')));
    await redis.cut();
    expect(await post('refused')).toEqual([
      503,
      expect.objectContaining({ code: 'storage_unavailable' }) as unknown,
    ]);
    await Promise.all([redis.heal(), database.heal()]);
    await services.start('worker');
    await eventually(async () => expect(await ids()).toEqual(['queued']));
  });

  it('does not keep a process from stopping', async () => {
    const all = await services.start(['api', 'scheduler', 'worker', 'notifier'], { REDIS_URL: redis.url });
    await redis.cut();
    await eventually(() => expect(all.app.get(RedisConnection).isUsable).toBe(false));
    const mark = all.log.length;
    await all.stop();
    // Such as that a worker has waited for Redis in vain.
    expect(all.log.slice(mark).filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  it('is complained of once by a process, and not with every try to reach it', async () => {
    await api.stop();
    const { log } = await services.start(['worker', 'notifier'], { REDIS_URL: redis.url });
    await redis.cut();
    const of = (level: string): unknown[] => log.filter((line) => line.level === level).map(({ msg }) => msg);
    // Workers try on connections of their own.
    await eventually(() => {
      const troubles = of('debug').filter((msg) => msg === 'a worker of a queue has trouble');
      expect(troubles.length).toBeGreaterThan(8);
    });
    expect(of('error')).toEqual(['Redis is away: doing without until it is back']);
    expect(of('warn')).toEqual([]);
    await redis.heal();
    await eventually(() => expect(of('info')).toContain('Redis is back'));
  });
});

describeWith({ ownRedis: true, postgres: true }, 'a Redis that may drop keys', () => {
  let redis: OwnRedis;
  beforeEach(async () => {
    redis = await startOwnRedis();
  });
  afterEach(async () => {
    await stopServices();
    await redis.remove();
  });

  /** For now, and for when it is started again. */
  const setPolicy = (policy: string): Promise<unknown> =>
    inRedisSession(redis.url, async (client) => {
      await client.config('SET', 'maxmemory-policy', policy);
      await client.config('REWRITE');
    });
  const settings = (): Settings =>
    Settings.load({
      DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
      REDIS_URL: redis.url,
      AUTH_SECRET: 'only-for-tests-and-for-nothing-else',
    });

  it('is refused at boot, by a sentence that says what to do', async () => {
    await setPolicy('allkeys-lru');
    const opening = RedisConnection.open(settings());
    await expect(opening).rejects.toThrow(RedisPolicyError);
    await expect(opening).rejects.toThrow(
      'Redis runs with maxmemory-policy=allkeys-lru, and so may drop events that it was given to keep. ' +
        'Set maxmemory-policy to noeviction.',
    );
  });

  it('is not used where it turns up later, and used once that is mended', async () => {
    const services = await ScaledServices.onFreshStore({ REDIS_URL: redis.url });
    const { client, app, log } = await services.start('api');
    const durability = async (id: string): Promise<unknown> =>
      (await client.post('/events', tenantEvent('acme', id))).body['durability'];
    expect(await durability('e-1')).toBe('queued');
    await setPolicy('volatile-ttl');
    await redis.stop();
    await redis.start();
    await eventually(() =>
      expect(log).toContainEqual(
        expect.objectContaining({
          level: 'error',
          msg: expect.stringContaining('maxmemory-policy=volatile-ttl') as unknown,
        }),
      ),
    );
    expect(app.get(RedisConnection).isUsable).toBe(false);
    expect(await durability('e-2')).toBe('committed');
    await setPolicy('noeviction');
    await redis.stop();
    await redis.start();
    await eventually(async () => expect(await durability('e-3')).toBe('queued'));
  });
});
