import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Processor, Worker } from 'bullmq';
import type { QueueName } from './queue-names';
import type { Queues } from './queues';

/** What a watch over a worker has seen. Instants in milliseconds. */
export interface WatchedState {
  /** When a job was last begun or ended, or the worker made. */
  readonly progressAt: number;
  /** Whether it was made anew, and no job was begun or ended since. */
  readonly isRebuilt: boolean;
  /** Whether jobs wait that nobody works on. */
  readonly isWorkDue: boolean;
}

export type Verdict = 'fine' | 'rebuild' | 'give_up';

/** What to do about a worker: pure. One that stands still although work is due is made anew, and then given up. */
export function judge(
  { progressAt, isRebuilt, isWorkDue }: WatchedState,
  now: number,
  patienceMs: number,
): Verdict {
  if (!isWorkDue || now - progressAt < patienceMs) return 'fine';
  return isRebuilt ? 'give_up' : 'rebuild';
}

/** How a worker works, and for how long it may stand still while work is due. */
export interface WatchedOptions {
  readonly concurrency: number;
  readonly patienceMs: number;
  /** Whether its jobs wait for what another worker would wait for too: the database. */
  readonly isHeldUp: () => boolean;
  /** Called when a worker made anew stands still too. The supervisor starts the process again. */
  readonly giveUp: () => void;
}

/** Longer than any job takes, and than it takes Redis to give the jobs of a worker that died to another one. */
export const PATIENCE_MS = 60_000;

/** Looks so often in the time of its patience. */
const LOOKS = 4;

/** So long a worker that stops waits for Redis. What it cannot give back another worker takes over. */
const CLOSE_WAIT_MS = 2_000;

/**
 * A worker of a queue that is looked after. Workers have been known to stop for good after trouble with Redis, without
 * an error; so this one is made anew when it makes no progress while work is due, and where that does not help the
 * process ends, for its supervisor to start it again. Nothing is lost by that: the jobs are in Redis.
 */
export class WatchedWorker<Data> {
  private readonly logger = new Logger('Queues');
  private worker: Worker<Data, void>;
  private readonly timer: NodeJS.Timeout;
  private progressAt = Date.now();
  private isRebuilt = false;
  private isClosed = false;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly queues: Queues,
    private readonly name: QueueName,
    private readonly processor: (...job: Parameters<Processor<Data, void>>) => Promise<void>,
    private readonly options: WatchedOptions,
  ) {
    this.worker = this.build();
    queues.metrics.watch(name, () => this.progressAt);
    this.timer = setInterval(() => void this.look(), options.patienceMs / LOOKS);
  }

  /** Takes no more jobs, and waits for those that are being worked on; for Redis only a while, or not at all. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    const { worker } = this;
    await worker.pause(true);
    await Promise.allSettled(this.underWay);
    // Without force it would wait for ever for a Redis that is away.
    const closing = worker.close(!this.queues.areReachable).then(() => true);
    const isOver = await Promise.race([closing, sleep(CLOSE_WAIT_MS, false, { ref: false })]);
    if (isOver) return;
    this.logger.warn({ queue: this.name }, 'a worker ends without Redis, which does not answer');
    // Not waited for either: it is for its connections not to keep the process alive.
    worker
      .disconnect()
      .catch((error: unknown) => this.logger.debug({ err: error }, 'a connection to Redis stays'));
  }

  private build(): Worker<Data, void> {
    const watched: Processor<Data, void> = async (...call) => {
      this.notice();
      const work = this.processor(...call);
      this.underWay.add(work);
      try {
        await work;
        this.queues.metrics.noteDone(this.name, call[0].timestamp);
      } finally {
        this.underWay.delete(work);
        this.notice();
      }
    };
    return this.queues.work(this.name, watched, { concurrency: this.options.concurrency });
  }

  private notice(): void {
    this.progressAt = Date.now();
    this.isRebuilt = false;
  }

  private async look(): Promise<void> {
    try {
      const { waiting } = await this.queues.depth(this.name);
      if (this.isClosed) return;
      if (this.options.isHeldUp()) this.progressAt = Date.now();
      const state = { progressAt: this.progressAt, isRebuilt: this.isRebuilt, isWorkDue: waiting > 0 };
      await this.act(judge(state, Date.now(), this.options.patienceMs));
    } catch (error) {
      // Redis is away, and so no worker can be blamed for standing still.
      this.progressAt = Date.now();
      this.logger.debug({ err: error, queue: this.name }, 'cannot look at a queue');
    }
  }

  private async act(verdict: Verdict): Promise<void> {
    if (verdict === 'fine') return;
    if (verdict === 'give_up') {
      this.logger.fatal(
        { queue: this.name },
        'no progress although work is due: ending, to be started again',
      );
      this.options.giveUp();
      return;
    }
    this.logger.error({ queue: this.name }, 'no progress although work is due: making the worker anew');
    const old = this.worker;
    this.progressAt = Date.now();
    this.isRebuilt = true;
    this.worker = this.build();
    await old.close(true);
  }
}
