import { Redis } from 'ioredis';
import { inRedisSession } from './redis-session';
import { isLeftBehind, nameWithin, sessionName, TEST_PREFIX } from './run-name';

/** Keys of one test. */
export interface TestKeys {
  readonly url: string;
  /** For `REDIS_PREFIX`. */
  readonly prefix: string;
  /** Removes every key that begins with the prefix. */
  readonly remove: () => Promise<void>;
}

/** Keys of the tests' own on a Redis that others may use too. */
export class RedisKeys {
  constructor(
    private readonly url: string,
    private readonly run: string,
  ) {}

  /** A prefix that nobody else has. */
  reserve(): TestKeys {
    const prefix = `${nameWithin(this.run)}:`;
    return { url: this.url, prefix, remove: () => this.remove(prefix, () => true) };
  }

  /** Shows other runs that this one goes on, until the function that it gives is called. */
  async showRunning(): Promise<() => void> {
    const redis = new Redis(this.url, { lazyConnect: true, connectionName: sessionName(this.run) });
    // Where the server goes away, the tests say so.
    redis.on('error', () => undefined);
    await redis.connect();
    return () => redis.disconnect();
  }

  /** Removes what this run still has, and what runs left behind that were killed. */
  async removeLeftovers(now: number): Promise<void> {
    const own = `${TEST_PREFIX}${this.run}_`;
    // https://redis.io/docs/latest/commands/client-list/
    const clients = await inRedisSession(this.url, (redis) => redis.client('LIST'));
    const sessions = new Set([...String(clients).matchAll(/ name=(\S*)/g)].map(([, name]) => name!));
    await this.remove(TEST_PREFIX, (key) => key.startsWith(own) || isLeftBehind(key, sessions, now));
  }

  private async remove(prefix: string, isMeant: (key: string) => boolean): Promise<void> {
    await inRedisSession(this.url, async (redis) => {
      for await (const keys of scan(redis, prefix)) {
        const meant = keys.filter(isMeant);
        if (meant.length > 0) await redis.unlink(...meant);
      }
    });
  }
}

/** Never KEYS or FLUSHALL: the server is not ours alone. */
function scan(redis: Redis, prefix: string): AsyncIterable<string[]> {
  return redis.scanStream({ match: `${prefix}*`, count: 1_000 }) as AsyncIterable<string[]>;
}
