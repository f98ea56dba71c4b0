import type { Server } from 'node:http';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Interval } from '@nestjs/schedule';
import { Settings } from '../config/settings';
import { WakeSignal } from '../outbox/wake-signal';
import { Queues } from '../redis/queues';
import { RedisConnection } from '../redis/redis-connection';
import { PATIENCE_MS, WatchedWorker } from '../redis/watched-worker';
import { TooSlowError, within } from '../reliability/within';
import { Leadership } from '../roles/leadership';
import { ClaimsRepository } from './claims.repository';
import { DeliveryWorker } from './delivery-worker';

/** What a job of the queue `deliveries` carries. The outbox has everything else. */
export interface WakeJob {
  readonly delivery_id: number;
}

/** How often the leader looks for deliveries that are due and that nobody woke for. */
const SWEEP_MS = 5_000;

/** So many jobs at a time wait for a free slot; those behind them stay in the queue, where they can be counted. */
const CONCURRENCY = 64;

/** So long a job waits for a free slot. A delivery that is due after that is put into the queue again. */
const MAX_WAIT_MS = 20_000;

/** More than are sent between two looks. */
const MAX_WAKES = 1_000;

/**
 * Wakes notifiers over Redis, where those who record events are other processes. A job only says that a delivery is
 * due: whoever gets it looks into the outbox, and may find that somebody was faster. So losing a job, or all of Redis,
 * costs some seconds at most: notifiers look by themselves, and the leader puts what is due into the queue again.
 */
@Injectable()
export class WakeQueue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Delivery');
  private stopWaking: (() => void) | undefined;
  private worker: WatchedWorker<WakeJob> | undefined;
  private filling: Promise<void> | null = null;
  private isAskedAgain = false;
  private isStopping = false;

  constructor(
    private readonly settings: Settings,
    private readonly queues: Queues,
    private readonly redis: RedisConnection,
    private readonly leadership: Leadership,
    private readonly claims: ClaimsRepository,
    private readonly notifier: DeliveryWorker,
    private readonly wake: WakeSignal,
    private readonly http: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.settings.isScaled) return;
    if (!this.settings.hasRole('notifier')) {
      this.stopWaking = this.wake.onWake(() => void this.fill());
      return;
    }
    // Not before: the service's own mock may be what the deliveries are sent to.
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.once('listening', () => this.start());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.stopWaking?.();
    await this.worker?.close();
    await this.filling;
  }

  @Interval(SWEEP_MS)
  async sweep(): Promise<void> {
    if (this.settings.isScaled && this.leadership.isLeader) await this.fill();
  }

  private start(): void {
    if (this.isStopping) return;
    this.worker = new WatchedWorker<WakeJob>(this.queues, 'deliveries', () => this.look(), {
      concurrency: CONCURRENCY,
      patienceMs: PATIENCE_MS,
      isHeldUp: () => false,
      giveUp: () => process.exit(1),
    });
  }

  private async look(): Promise<void> {
    try {
      await within(MAX_WAIT_MS, this.notifier.look());
    } catch (error) {
      if (!(error instanceof TooSlowError)) throw error;
    }
  }

  /** Puts what is due into the queue. Who asks meanwhile is served by one more look. */
  private fill(): Promise<void> {
    this.isAskedAgain = true;
    this.filling ??= this.fillUntilDone().finally(() => (this.filling = null));
    return this.filling;
  }

  private async fillUntilDone(): Promise<void> {
    while (this.isAskedAgain) {
      this.isAskedAgain = false;
      try {
        await this.fillOnce();
      } catch (error) {
        this.logger.debug({ err: error }, 'notifiers could not be woken over Redis: they look by themselves');
      }
    }
  }

  private async fillOnce(): Promise<void> {
    if (!this.redis.isUsable) return;
    const due = await this.claims.due(MAX_WAKES);
    if (due.length === 0) return;
    await this.queues.queue<WakeJob>('deliveries').addBulk(
      due.map(({ id, claims }) => ({
        name: 'wake',
        data: { delivery_id: id },
        // The same attempt is in the queue once. Other forms of ids BullMQ does not take.
        opts: { jobId: `d-${id}-${claims + 1}`, removeOnComplete: true, removeOnFail: true },
      })),
    );
  }
}
