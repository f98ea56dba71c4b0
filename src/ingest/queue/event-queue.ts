import { Injectable, Logger } from '@nestjs/common';
import { GroupCommit } from '../../database/group-commit';
import { loadOf } from '../../recording/intake-buffer';
import { Queues } from '../../redis/queues';
import { RedisConnection } from '../../redis/redis-connection';
import { within } from '../../reliability/within';
import { AccountBacklog } from './account-backlog';
import { countByAccount, toJobs, type EventsJob, type QueuedPost } from './events-job';

/** How often an event is tried that cannot be stored for its own sake. A database that is away uses none of them. */
export const TRIES = 3;

/** Pause before the second try; it doubles. */
const BACKOFF_MS = 500;

/** How long a post waits for Redis before it is committed instead. */
export const ANSWER_MS = 250;

/** After that it is not asked for a while: each post would wait. */
const PAUSE_MS = 1_000;

/** BullMQ's largest number, which is the least priority (BullMQ documentation, "Prioritized"). */
const LAST_PRIORITY = 2_097_151;

/** Redis takes a batch of these sizes in a fraction of `answerWithinMs`. */
const MAX_BATCH_POSTS = 1_000;
const MAX_BATCH_BYTES = 4_000_000;

/** What an event costs in a batch besides its signal. */
const EVENT_BYTES = 1_000;

/**
 * Hands tenants' posts to Redis, from where workers store them. Posts that come in together go to Redis together, in few
 * jobs.
 */
@Injectable()
export class EventQueue {
  /** A Redis that takes longer, in milliseconds, is as good as away. */
  answerWithinMs = ANSWER_MS;
  private readonly logger = new Logger('Queues');
  private readonly posts: GroupCommit<QueuedPost, void>;
  private pausedUntil = 0;
  private isTaking = true;

  constructor(
    private readonly queues: Queues,
    private readonly redis: RedisConnection,
    private readonly backlog: AccountBacklog,
  ) {
    this.posts = new GroupCommit((batch) => this.commit(batch), {
      maxItems: MAX_BATCH_POSTS,
      maxBytes: MAX_BATCH_BYTES,
      bytesOf: ({ events }) => loadOf(events).bytes + events.length * EVENT_BYTES,
    });
  }

  /** True once Redis holds the post. False where Redis does not answer: it may hold it all the same. */
  async add(post: QueuedPost): Promise<boolean> {
    if (!this.redis.isUsable || Date.now() < this.pausedUntil) return false;
    try {
      await this.posts.add(post);
      this.tell(null);
      return true;
    } catch (error) {
      this.pausedUntil = Date.now() + PAUSE_MS;
      this.tell(error);
      return false;
    }
  }

  private async commit(batch: readonly QueuedPost[]): Promise<PromiseSettledResult<void>[]> {
    if (Date.now() < this.pausedUntil) throw new Error('Redis did not take events just now');
    await within(this.answerWithinMs, this.enqueue(batch));
    return batch.map(() => ({ status: 'fulfilled', value: undefined }));
  }

  private tell(fault: unknown): void {
    const isTaking = fault === null;
    if (isTaking === this.isTaking) return;
    this.isTaking = isTaking;
    if (isTaking) this.logger.log('Redis takes events again');
    else this.logger.warn({ err: fault }, 'Redis does not take events: committing them instead');
  }

  private async enqueue(batch: readonly QueuedPost[]): Promise<void> {
    const backlogs = await this.backlog.add(countByAccount(batch));
    await this.queues.queue<EventsJob>('events').addBulk(
      toJobs(batch, backlogs).map(({ job, priority }) => ({
        name: 'store',
        data: job,
        opts: {
          attempts: TRIES,
          backoff: { type: 'exponential', delay: BACKOFF_MS },
          priority: Math.min(Math.max(priority, 1), LAST_PRIORITY),
          removeOnComplete: true,
        },
      })),
    );
  }
}
