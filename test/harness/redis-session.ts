import { Redis } from 'ioredis';

const LIMIT_MS = 5_000;

/** Does the work on a connection of its own, and closes it. Rejects where the server does not answer in 5 s. */
export async function inRedisSession<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: LIMIT_MS,
    commandTimeout: LIMIT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  });
  // ioredis rejects with "Connection is closed.", and tells why only here.
  let reason: unknown = null;
  redis.on('error', (error) => (reason = error));
  try {
    await redis.connect();
    return await work(redis);
  } catch (error) {
    throw reason ?? error;
  } finally {
    // Of a connection that has ended already, ioredis would wait 2 s for the end (its AbstractConnector).
    if (redis.status !== 'end') redis.disconnect();
  }
}
