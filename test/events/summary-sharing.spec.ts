import { Database } from '../../src/database/database';
import { RedisConnection } from '../../src/redis/redis-connection';
import { Recorder } from '../../src/recording/recorder';
import { eventually } from '../harness/eventually';
import type { Answer } from '../harness/service-client';
import { describeWith, startOwnRedis } from '../harness/servers';
import { startService, stopServices, type RunningService } from '../harness/service';
import { freshStore } from '../harness/store';
import { writeDownStatements } from './executed';
import { event } from './recorded-at';

const PATH = '/accounts/acme/summary';
const MANY = 30;

const computations = (executed: readonly { readonly sql: string }[]): number =>
  executed.filter(({ sql }) => sql.includes('event_counts r')).length;

const askAll = (services: readonly RunningService[]): Promise<Answer[]> =>
  Promise.all(Array.from({ length: MANY }, (_, n) => services[n % services.length]!.client.get(PATH)));

afterEach(async () => {
  jest.restoreAllMocks();
  await stopServices();
});

describe('a summary that many ask for', () => {
  it('is computed once', async () => {
    const service = await startService();
    await service.app.get(Recorder).record([event('a')]);
    const executed = await writeDownStatements(service);
    const answers = await askAll([service]);
    expect(computations(executed)).toBe(1);
    const [first] = answers;
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect({ ...body, cached: false }).toEqual({ ...first!.body, cached: false });
    }
    expect((await service.client.get(PATH)).body).toEqual({ ...first!.body, cached: true });
    expect(computations(executed)).toBe(1);
  });

  it('fails for all who asked where it cannot be computed, and is computed for the next', async () => {
    const service = await startService();
    const database = service.app.get(Database);
    await service.app.get(Recorder).record([event('a')]);
    await database.write((tx) => tx.query('ALTER TABLE event_counts RENAME TO hidden'));
    const answers = await askAll([service]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([500]));
    await database.write((tx) => tx.query('ALTER TABLE hidden RENAME TO event_counts'));
    expect(await service.client.get(PATH)).toMatchObject({ status: 200, body: { total: 1, cached: false } });
  });
});

if (globalThis.PROFILE === 'scaled') {
  describeWith({ postgres: true, redis: true }, 'a summary that several processes are asked for', () => {
    it('is computed once, and kept in Redis for 60 seconds', async () => {
      const store = await freshStore();
      const services = [await startService(store), await startService(store)];
      await services[0]!.app.get(Recorder).record([event('a')]);
      const executed = await writeDownStatements(services[0]!);
      const answers = await askAll(services);
      expect(computations(executed)).toBe(1);
      expect(new Set(answers.map(({ body }) => body['generated_at'])).size).toBe(1);
      const { client } = services[0]!.app.get(RedisConnection);
      const key = `${store['REDIS_PREFIX']}:summary:acme:24h`;
      const kept = JSON.parse((await client.get(key)) ?? 'null') as object;
      expect({ ...kept, cached: true }).toEqual({ ...answers[0]!.body, cached: true });
      expect(kept).not.toHaveProperty('cached');
      const leftMs = await client.pttl(key);
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThanOrEqual(60_000);
      expect(await client.exists(`${key}:lock`)).toBe(0);
    });

    it('is computed all the same where another process began and did not end', async () => {
      const store = await freshStore();
      const service = await startService(store);
      const { client } = service.app.get(RedisConnection);
      const lock = `${store['REDIS_PREFIX']}:summary:acme:24h:lock`;
      await client.set(lock, 'of a process that died', 'PX', 60_000);
      expect(await service.client.get(PATH)).toMatchObject({
        status: 200,
        body: { total: 0, cached: false },
      });
      expect(await service.client.get(PATH)).toMatchObject({ status: 200, body: { total: 0, cached: true } });
      // It is the other's lock, and not ours to take away.
      expect(await client.get(lock)).toBe('of a process that died');
    });
  });

  describeWith({ postgres: true, ownRedis: true }, 'a summary while Redis is away', () => {
    it('is computed once by each process, and kept there until Redis is back', async () => {
      const redis = await startOwnRedis();
      const store = { ...(await freshStore()), REDIS_URL: redis.url, ROLES: 'api' };
      const service = await startService(store);
      await service.app.get(Recorder).record([event('a')]);
      await redis.stop();
      const executed = await writeDownStatements(service);
      const answers = await askAll([service]);
      expect(computations(executed)).toBe(1);
      for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { total: 1 } });
      expect(await service.client.get(PATH)).toMatchObject({ status: 200, body: { total: 1, cached: true } });
      expect(computations(executed)).toBe(1);
      await redis.start();
      const connection = service.app.get(RedisConnection);
      await eventually(() => expect(connection.isUsable).toBe(true));
      expect(await service.client.get(PATH)).toMatchObject({ body: { total: 1, cached: false } });
      expect(await connection.client.exists(connection.key('summary', 'acme', '24h'))).toBe(1);
      await stopServices();
      await redis.remove();
    });
  });
}
