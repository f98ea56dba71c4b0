import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Queue, Worker, type Job, type Processor, type WorkerOptions } from 'bullmq';
import { Settings } from '../config/settings';
import { QueueMetrics } from './queue-metrics';
import type { QueueName } from './queue-names';
import { RedisConnection } from './redis-connection';

/** How many jobs wait to be done, those with a priority and those that are tried again included. */
export interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
}

/** A job whose worker died is given to another one after this. */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5_000;

/** How often a job may lose its worker. BullMQ's own limit of one would fail what a second kill -9 meets. */
const MAX_STALLED = 1_000_000;

/** A worker that waits for jobs asks again after so many seconds, should Redis have forgotten it. */
const DRAIN_DELAY_S = 2;

const MAX_RECONNECT_MS = 1_000;

/** A worker that met a fault of the connection tries again after this. BullMQ's 15 s would keep jobs waiting. */
const RETRY_MS = 1_000;

/**
 * BullMQ's queues, with the connections they need. Producers fail at once while Redis is away: they have other ways.
 * Workers wait for it.
 */
@Injectable()
export class Queues implements OnApplicationShutdown {
  private readonly logger = new Logger('Queues');
  private readonly queues = new Map<QueueName, Queue>();

  constructor(
    private readonly settings: Settings,
    private readonly redis: RedisConnection,
    readonly metrics: QueueMetrics,
  ) {}

  /** Whether Redis answers, as far as is known. */
  get areReachable(): boolean {
    return this.redis.isUsable;
  }

  /** The queue to put jobs into. What is done is removed, and nothing else is. */
  queue<Data>(name: QueueName): Queue<Data, void> {
    const queue = this.queues.get(name) ?? this.open(name);
    this.queues.set(name, queue);
    return queue as unknown as Queue<Data, void>;
  }

  /** A worker of its own connection. The caller closes it. */
  work<Data>(
    name: QueueName,
    processor: Processor<Data, void>,
    options: Pick<WorkerOptions, 'concurrency'>,
  ): Worker<Data, void> {
    const worker = new Worker<Data, void>(name, processor, {
      ...options,
      ...this.placed(),
      connection: {
        url: this.settings.REDIS_URL as string,
        retryStrategy: (times: number) => Math.min(times * 50, MAX_RECONNECT_MS),
        maxRetriesPerRequest: null,
      },
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED,
      drainDelay: DRAIN_DELAY_S,
      runRetryDelay: RETRY_MS,
      removeOnComplete: { count: 0 },
    });
    worker.on('error', (error) => this.tellOfTrouble(name, error));
    worker.on('failed', (job, error) => this.tellOfFailure(name, job, error));
    return worker;
  }

  /**
   * How much there is to do.
   *
   * @throws where Redis is away
   */
  async depth(name: QueueName): Promise<QueueDepth> {
    const counts = await this.queue(name).getJobCounts('wait', 'prioritized', 'delayed', 'active');
    const { wait = 0, prioritized = 0, delayed = 0, active = 0 } = counts;
    return { waiting: wait + prioritized + delayed, active };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private open(name: QueueName): Queue {
    const queue = new Queue(name, {
      ...this.placed(),
      connection: this.redis.client,
      // Both would ask Redis at once, and never again where it is away then.
      skipWaitingForReady: true,
      skipVersionCheck: true,
      defaultJobOptions: { removeOnComplete: true },
      // Nobody reads BullMQ's stream of what happened to each job.
      streams: { events: { maxLen: 1 } },
    });
    // The connection beside it tells of the same trouble, once.
    queue.on('error', (error) => this.logger.debug({ err: error, queue: name }, 'a queue has trouble'));
    return queue;
  }

  /** While Redis is away a worker has trouble several times a second, and the connection beside it has told why. */
  private tellOfTrouble(queue: QueueName, error: Error): void {
    const isOfConnection = 'syscall' in error || !this.redis.isUsable;
    const level = isOfConnection ? 'debug' : 'warn';
    this.logger[level]({ err: error, queue }, 'a worker of a queue has trouble');
  }

  private tellOfFailure(queue: QueueName, job: Job | undefined, error: Error): void {
    const line = { err: error, queue, job_id: job?.id, tries: job?.attemptsMade };
    this.metrics.noteFailed(queue);
    const isOver = job?.finishedOn !== undefined;
    if (isOver) this.logger.error(line, 'a job has failed for good, and stays in Redis');
    else this.logger.warn(line, 'a job has failed, and is tried again');
  }

  private placed(): { readonly prefix: string } {
    return { prefix: this.redis.key('queue') };
  }
}
