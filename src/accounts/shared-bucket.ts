import type { Redis } from 'ioredis';
import { RedisScript } from '../redis/redis-script';
import { PARTS_PER_EVENT, type AccountLimit, type Taken } from './token-bucket';

/**
 * `takeFrom` of token-bucket.ts, in one step that all processes share, by the clock of Redis. KEYS[1] holds
 * "<missing> <at>" until the bucket is full again. Numbers are doubles there too, and these are whole ones.
 */
const TAKE = new RedisScript(`
local per_minute, burst, events = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local missing, at = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)$')
missing = math.max(0, tonumber(missing or 0) - math.max(0, now - tonumber(at or now)) * per_minute)
local is_allowed = missing <= math.max(0, burst - events) * ${PARTS_PER_EVENT}
if is_allowed then missing = missing + events * ${PARTS_PER_EVENT} end
local full_after = math.max(1, math.ceil(missing / per_minute))
redis.call('SET', KEYS[1], string.format('%.0f %.0f', missing, now), 'PX', string.format('%.0f', full_after))
return {is_allowed and 1 or 0, missing, now}
`);

/** What has come of a request, and when, by the clock of Redis. */
export interface TakenAt extends Taken {
  readonly at: number;
}

/** Takes `events` tokens from the bucket that Redis keeps under `key`. */
export async function takeFromShared(
  client: Redis,
  key: string,
  { events_per_minute, burst }: AccountLimit,
  events: number,
): Promise<TakenAt> {
  const answer = await TAKE.run(client, [key], [events_per_minute, burst, events]);
  const [isAllowed, missing, at] = answer as [number, number, number];
  return { isAllowed: isAllowed === 1, missing, at };
}
