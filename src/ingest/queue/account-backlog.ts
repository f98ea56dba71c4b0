import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Queues } from '../../redis/queues';
import { RedisConnection } from '../../redis/redis-connection';
import { RedisScript } from '../../redis/redis-script';
import { Leadership } from '../../roles/leadership';

const RESET_EVERY_MS = 30_000;

/** Counts up the fields of the hash KEYS[1]: field, number, field, number, …; answers what they are then, in order. */
const COUNT_UP = new RedisScript(`
local counts = {}
for i = 1, #ARGV, 2 do counts[#counts + 1] = redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
return counts
`);

/** Counts them down; where nothing is left, neither is the field. */
const COUNT_DOWN = new RedisScript(`
for i = 1, #ARGV, 2 do
  if redis.call('HINCRBY', KEYS[1], ARGV[i], -ARGV[i + 1]) <= 0 then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
`);

/**
 * How many events of each account wait in the queue, and so who is next (`toJobs`). Counted in Redis, because several
 * processes add and take.
 *
 * A process that dies may leave a count too high, which makes its account wait for others who have as much. Whenever
 * the queue is empty all counts start anew.
 */
@Injectable()
export class AccountBacklog {
  private readonly logger = new Logger('Queues');

  constructor(
    private readonly redis: RedisConnection,
    private readonly queues: Queues,
    private readonly leadership: Leadership,
  ) {}

  /** Counts events that are being added, by account; answers what each of them has waiting then. */
  async add(additions: ReadonlyMap<string, number>): Promise<Map<string, number>> {
    const counts = await COUNT_UP.run(this.redis.client, [this.key], [...additions].flat());
    const accounts = [...additions.keys()];
    return new Map(accounts.map((account_id, index) => [account_id, (counts as number[])[index] as number]));
  }

  /** Counts events that are done, by account. */
  async remove(done: ReadonlyMap<string, number>): Promise<void> {
    try {
      await COUNT_DOWN.run(this.redis.client, [this.key], [...done].flat());
    } catch (error) {
      this.logger.debug({ err: error }, 'a backlog could not be counted down');
    }
  }

  @Interval(RESET_EVERY_MS)
  async resetWhenEmpty(): Promise<void> {
    if (!this.redis.isUsable || !this.leadership.isLeader) return;
    try {
      const { waiting, active } = await this.queues.depth('events');
      if (waiting + active === 0) await this.redis.client.del(this.key);
    } catch (error) {
      this.logger.debug({ err: error }, 'the backlogs could not be looked at');
    }
  }

  private get key(): string {
    return this.redis.key('backlog');
  }
}
