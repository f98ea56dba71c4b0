import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ThrottlerStorageService, type ThrottlerStorage } from '@nestjs/throttler';
import type { RedisConnection } from '../redis/redis-connection';
import { RedisScript } from '../redis/redis-script';
import { within } from '../reliability/within';

type Count = Awaited<ReturnType<ThrottlerStorage['increment']>>;

const REDIS_WAIT_MS = 100;

/**
 * Counts within a window that begins with the first hit. The hit that is too many starts the block; while that holds,
 * nothing is counted. KEYS[1] holds the hits; ARGV: milliseconds of the window, limit, milliseconds of the block.
 */
const INCREMENT = new RedisScript(`
local limit = tonumber(ARGV[2])
local hits = tonumber(redis.call('GET', KEYS[1]) or 0)
if hits <= limit then
  hits = redis.call('INCR', KEYS[1])
  if hits > limit then redis.call('PEXPIRE', KEYS[1], ARGV[3])
  elseif hits == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
end
return {hits, redis.call('PTTL', KEYS[1])}
`);

/** What addresses have used up: counted in Redis for all processes, in this one where there is no Redis or it is away. */
export class SharedThrottlerStorage implements ThrottlerStorage, OnApplicationShutdown {
  /** A Redis that takes longer, in milliseconds, is as good as away. */
  answerWithinMs = REDIS_WAIT_MS;
  private readonly logger = new Logger('Http');
  private readonly here = new ThrottlerStorageService();

  constructor(private readonly redis: RedisConnection) {}

  async increment(
    key: string,
    ttlMs: number,
    limit: number,
    blockMs: number,
    throttler: string,
  ): Promise<Count> {
    if (!this.redis.isConfigured) return this.here.increment(key, ttlMs, limit, blockMs, throttler);
    try {
      return await this.incrementShared(this.redis.key('throttle', throttler, key), [ttlMs, limit, blockMs]);
    } catch (error) {
      this.logger.debug({ err: error }, 'addresses are counted by this process alone: no Redis');
      return this.here.increment(key, ttlMs, limit, blockMs, throttler);
    }
  }

  onApplicationShutdown(): void {
    this.here.onApplicationShutdown();
  }

  private async incrementShared(key: string, values: readonly [number, number, number]): Promise<Count> {
    const answer = await within(this.answerWithinMs, INCREMENT.run(this.redis.client, [key], values));
    const [hits, endsInMs] = answer as [number, number];
    const isBlocked = hits > values[1];
    const timeToExpire = Math.ceil(endsInMs / 1_000);
    return { totalHits: hits, timeToExpire, isBlocked, timeToBlockExpire: isBlocked ? timeToExpire : 0 };
  }
}
