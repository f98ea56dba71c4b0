import fc from 'fast-check';
import { Redis } from 'ioredis';
import { AccountLimits } from '../../src/accounts/account-limits';
import { takeFromShared } from '../../src/accounts/shared-bucket';
import { decisionOf, FULL_BUCKET, takeFrom, type AccountLimit } from '../../src/accounts/token-bucket';
import type { Environment } from '../../src/config/settings';
import { eventually } from '../harness/eventually';
import { describeWith, redisServer, startOwnRedis } from '../harness/servers';
import { startService, stopServices } from '../harness/service';
import type { TestKeys } from '../harness/redis-keys';
import { freshScaledStore } from '../harness/store';
import { TcpProxy } from '../harness/tcp-proxy';
import { startGuarded } from './guarded-service';

afterEach(stopServices);

const SLOW = { events_per_minute: 1, burst: 5 };

describe('the limit of an account', () => {
  it('is its own where it has one, from the moment on that it is set, and the default otherwise', async () => {
    const { admin, service } = await startGuarded({ ACCOUNT_EVENTS_PER_MINUTE: '1', ACCOUNT_BURST: '3' });
    const limits = service.app.get(AccountLimits);
    expect(await limits.take('acme', 3)).toMatchObject({ isAllowed: true, limit: 3, remaining: 0 });
    expect(await limits.take('acme', 1)).toMatchObject({ isAllowed: false, limit: 3 });
    expect(await limits.take('other', 3)).toMatchObject({ isAllowed: true, limit: 3 });
    await admin.post('/accounts', { id: 'acme', name: 'Acme', limits: { burst: 5 } });
    expect(await limits.take('acme', 2)).toMatchObject({ isAllowed: true, limit: 5, remaining: 0 });
    await admin.patch('/accounts/acme', { limits: { burst: null, events_per_minute: 2 } });
    expect(await limits.take('acme', 4)).toMatchObject({ isAllowed: false, limit: 3 });
  });

  it('lets nobody post for an account that is deleted', async () => {
    const { admin, service } = await startGuarded();
    await admin.post('/accounts', { id: 'gone', name: 'Gone' });
    await admin.delete('/accounts/gone');
    await expect(service.app.get(AccountLimits).take('gone', 1)).rejects.toMatchObject({
      status: 403,
      code: 'forbidden',
    });
  });

  it('is told in headers, and answered with 429 where it is used up', async () => {
    const { client } = await startService({ ACCOUNT_EVENTS_PER_MINUTE: '60', ACCOUNT_BURST: '2' });
    const event = { account_id: 'acme', user_id: 'u', type: 't', timestamp: new Date().toISOString() };
    const first = await client.post('/events', [event, event]);
    expect(first.status).toBe(202);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'ratelimit-limit': '2',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '2',
    });
    const second = await client.post('/events', [event, event]);
    expect(second).toMatchObject({ status: 429, body: { code: 'account_limit_exceeded' } });
    expect(second.headers.get('retry-after')).toBe('2');
  });
});

describeWith({ redis: true }, 'the limit in Redis', () => {
  let redis: Redis;
  let keys: TestKeys;
  beforeAll(() => {
    keys = redisServer()!.reserve();
    redis = new Redis(keys.url);
  });
  afterAll(async () => {
    await keys.remove();
    redis.disconnect();
  });

  const upTo = (few: number, many: number): fc.Arbitrary<number> =>
    fc.oneof(fc.integer({ min: 1, max: few }), fc.integer({ min: 1, max: many }));
  const anyRate = upTo(600_000, 1_000_000_000);
  const anyTakes = fc.array(
    fc.record({ burst: upTo(2_000, 1_000_000_000), events: fc.integer({ min: 1, max: 5_000 }) }),
    { minLength: 1, maxLength: 12 },
  );

  it('decides as the one in memory does, whatever is asked', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(anyRate, anyTakes, async (events_per_minute, takes) => {
        const key = `${keys.prefix}limit:${runs++}`;
        let bucket = FULL_BUCKET;
        for (const { burst, events } of takes) {
          const limit = { events_per_minute, burst };
          const taken = await takeFromShared(redis, key, limit, events);
          const expected = takeFrom(bucket, limit, events, taken.at);
          ({ bucket } = expected);
          expect(decisionOf(limit, events, taken)).toEqual(expected.decision);
          expect(taken.missing).toBe(bucket.missing);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps a bucket for as long as something is missing in it', async () => {
    const key = `${keys.prefix}limit:kept`;
    const limit: AccountLimit = { events_per_minute: 60, burst: 10 };
    await takeFromShared(redis, key, limit, 4);
    const ttlMs = await redis.pttl(key);
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThanOrEqual(4_000);
  });

  it('lets exactly the burst in where all come at once', async () => {
    const key = `${keys.prefix}limit:race`;
    const takes = Array.from({ length: 50 }, () => takeFromShared(redis, key, SLOW, 1));
    const taken = await Promise.all(takes);
    expect(taken.filter(({ isAllowed }) => isAllowed)).toHaveLength(5);
  });
});

describeWith({ postgres: true, redis: true, ownRedis: true }, 'in the scaled profile', () => {
  let store: Environment;
  beforeEach(async () => {
    store = { ...(await freshScaledStore()), DATABASE_POOL_MAX: '4' };
  });
  const limit = { ACCOUNT_EVENTS_PER_MINUTE: '1', ACCOUNT_BURST: '5' };

  it('processes share the limit of an account', async () => {
    const services = [await startService({ ...store, ...limit }), await startService({ ...store, ...limit })];
    const [one, two] = services.map(({ app }) => app.get(AccountLimits)) as [AccountLimits, AccountLimits];
    expect(await one.take('acme', 3)).toMatchObject({ isAllowed: true, remaining: 2 });
    expect(await two.take('acme', 2)).toMatchObject({ isAllowed: true, remaining: 0 });
    expect(await one.take('acme', 1)).toMatchObject({ isAllowed: false });
  });

  it('each process decides by itself while Redis is away or slow, and they share it again afterwards', async () => {
    const own = await startOwnRedis();
    const proxy = await TcpProxy.start(own.url);
    const service = await startService({ ...store, ...limit, REDIS_URL: proxy.url });
    const limits = service.app.get(AccountLimits);
    expect(await limits.take('acme', 5)).toMatchObject({ isAllowed: true, remaining: 0 });

    const { answerWithinMs } = limits;
    limits.answerWithinMs = 100;
    proxy.delay(1_000);
    expect(await limits.take('acme', 5)).toMatchObject({ isAllowed: true, remaining: 0 });
    expect(await limits.take('acme', 1)).toMatchObject({ isAllowed: false });
    proxy.delay(0);
    limits.answerWithinMs = answerWithinMs;
    await own.stop();
    expect(await limits.take('acme', 1)).toMatchObject({ isAllowed: false });
    expect(service.log).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: expect.stringContaining('no Redis') as unknown }),
    );
    // It has lost its scripts too.
    await own.start();
    await eventually(async () => {
      await limits.take('other', 1);
      expect(service.log.map(({ msg }) => msg)).toContain(
        'limits of accounts are shared again, by way of Redis',
      );
    });
    expect(await limits.take('acme', 5)).toMatchObject({ isAllowed: false });
    await service.stop();
    await proxy.stop();
    await own.remove();
  });
});
