import { setTimeout as sleep } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { DelayedError, type Job } from 'bullmq';
import { Settings } from '../../config/settings';
import { StorageUnavailableError } from '../../database/storage-error';
import type { NormalizedEvent } from '../../normalization/normalized-event';
import { Recorder } from '../../recording/recorder';
import { Queues } from '../../redis/queues';
import { PATIENCE_MS, WatchedWorker } from '../../redis/watched-worker';
import { Tracing } from '../../telemetry/tracing/tracing';
import { AccountBacklog } from './account-backlog';
import { DeadLetters, type BadEvent } from './dead-letters';
import { TRIES } from './event-queue';
import { countByAccount, type EventsJob, type QueuedPost } from './events-job';
import { QueueWaits } from './queue-waits';

/**
 * Jobs worked on at a time. They share transactions, and so there must be many; but whoever posts now waits for all of
 * them, whoever they are from.
 */
const CONCURRENCY = 64;

/** While the database is away it is tried again after this. */
const STORAGE_PAUSE_MS = 500;

/** Some events of a job cannot be stored, for their own sake: BullMQ tries the job again. */
class BadEventsError extends Error {
  constructor(bad: readonly BadEvent[]) {
    super(`${bad.length} events could not be stored: ${bad[0]?.error}`);
    this.name = 'BadEventsError';
  }
}

/**
 * Stores what the queue holds, by the same `record()` as everything else. Every job calls it by itself, and calls that
 * meet share a transaction.
 *
 * A database that is away is waited for within the job, and so uses up none of its tries. An event that fails for its
 * own sake is tried three times, with those it came with; they are known by then. After that it becomes a dead letter,
 * alone, and the job is done when that is on disk.
 */
@Injectable()
export class EventConsumer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Queues');
  private readonly stopping = new AbortController();
  private worker: WatchedWorker<EventsJob> | undefined;
  private isStorageAway = false;

  constructor(
    private readonly settings: Settings,
    private readonly queues: Queues,
    private readonly recorder: Recorder,
    private readonly backlog: AccountBacklog,
    private readonly deadLetters: DeadLetters,
    private readonly tracing: Tracing,
    private readonly waits: QueueWaits,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.settings.isScaled || !this.settings.hasRole('worker')) return;
    this.worker = new WatchedWorker<EventsJob>(
      this.queues,
      'events',
      (job, token) => this.process(job, token),
      {
        concurrency: CONCURRENCY,
        patienceMs: PATIENCE_MS,
        isHeldUp: () => this.isStorageAway,
        giveUp: () => process.exit(1),
      },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.worker?.close();
  }

  private async process(job: Job<EventsJob, void>, token: string | undefined): Promise<void> {
    const { posts } = job.data;
    try {
      const bad = (await Promise.all(posts.map((post) => this.store(post)))).flat();
      const tries = job.attemptsMade + 1;
      if (bad.length > 0 && tries < TRIES) throw new BadEventsError(bad);
      if (bad.length > 0) await this.whenStorageIsThere(() => this.deadLetters.add('events', bad, tries));
    } catch (error) {
      if (!this.stopping.signal.aborted || !(error instanceof StorageUnavailableError)) throw error;
      // Another worker goes on with it, with all its tries: at once, or where Redis is away too, when its lock is over.
      if (this.queues.areReachable) await job.moveToDelayed(Date.now(), token);
      throw new DelayedError();
    }
    const counts = countByAccount(posts);
    const waitedMs = Date.now() - job.timestamp;
    for (const [account_id, events] of counts)
      this.waits.tell({ queue: 'events', account_id, events, waitedMs });
    await this.backlog.remove(counts);
  }

  /** Stores a post; where that fails for an event's sake, its halves. Answers those that cannot be stored. */
  private async store(post: QueuedPost): Promise<BadEvent[]> {
    const { events, request_id, traceparent: parent = null } = post;
    try {
      await this.tracing.within('store queued events', { kind: SpanKind.CONSUMER, parent }, () =>
        this.whenStorageIsThere(() => this.recorder.record(events, { requestId: request_id })),
      );
      return [];
    } catch (error) {
      if (error instanceof StorageUnavailableError) throw error;
      if (events.length === 1) return [toBad(events[0] as NormalizedEvent, request_id, error)];
    }
    const middle = Math.ceil(events.length / 2);
    const halves = [events.slice(0, middle), events.slice(middle)];
    return (await Promise.all(halves.map((half) => this.store({ ...post, events: half })))).flat();
  }

  /** Waits for the database for as long as the process runs. */
  private async whenStorageIsThere<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await work();
        this.tellOfStorage(null);
        return result;
      } catch (error) {
        if (!(error instanceof StorageUnavailableError) || this.stopping.signal.aborted) throw error;
        this.tellOfStorage(error);
      }
      await sleep(STORAGE_PAUSE_MS);
    }
  }

  private tellOfStorage(fault: StorageUnavailableError | null): void {
    const isAway = fault !== null;
    if (isAway === this.isStorageAway) return;
    this.isStorageAway = isAway;
    if (isAway) this.logger.warn({ err: fault }, 'queued events wait for the database');
    else this.logger.log('queued events are stored again');
  }
}

function toBad(event: NormalizedEvent, requestId: string, error: unknown): BadEvent {
  return { event, request_id: requestId, error: String((error as Error).message ?? error) };
}
