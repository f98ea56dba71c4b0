import type { OwnRedis } from './redis-server';
import { inRedisSession } from './redis-session';
import { redisFault } from './running-servers';
import { describeWith, startOwnRedis } from './servers';

const get = (url: string, key: string): Promise<string | null> =>
  inRedisSession(url, (redis) => redis.get(key));
const set = (url: string, key: string, value: string): Promise<unknown> =>
  inRedisSession(url, (redis) => redis.set(key, value));

describeWith({ ownRedis: true }, 'a Redis of its own', () => {
  let server: OwnRedis;

  beforeAll(async () => {
    server = await startOwnRedis('always');
  });
  afterAll(() => server.remove());

  it('is configured as the scaled profile wants it', async () => {
    const settings = await inRedisSession(server.url, (redis) =>
      Promise.all(['appendonly', 'appendfsync', 'maxmemory-policy'].map((name) => redis.config('GET', name))),
    );
    expect(settings).toEqual([
      ['appendonly', 'yes'],
      ['appendfsync', 'always'],
      ['maxmemory-policy', 'noeviction'],
    ]);
  });

  it('keeps what it has taken over a stop and over kill -9', async () => {
    await set(server.url, 'stopped', '1');
    await server.stop();
    await expect(get(server.url, 'stopped')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    await set(server.url, 'killed', '2');
    await server.kill9();
    await server.start();
    expect([await get(server.url, 'stopped'), await get(server.url, 'killed')]).toEqual(['1', '2']);
  });

  it('keeps nothing over a flush, not after the next start either', async () => {
    await set(server.url, 'flushed', '1');
    await server.flushAll();
    expect(await get(server.url, 'flushed')).toBeNull();
    await server.kill9();
    await server.start();
    expect(await get(server.url, 'flushed')).toBeNull();
  });

  it('would not be shared if it evicted keys', async () => {
    const setPolicy = (policy: string): Promise<unknown> =>
      inRedisSession(server.url, (redis) => redis.config('SET', 'maxmemory-policy', policy));
    expect(await redisFault(server.url)).toBeNull();
    await setPolicy('allkeys-lru');
    expect(await redisFault(server.url)).toBe('its maxmemory-policy is allkeys-lru, which may evict a job');
    await setPolicy('noeviction');
  });
});
