import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DelayedError, type Job } from 'bullmq';
import { Settings } from '../../config/settings';
import { Queues } from '../../redis/queues';
import { PATIENCE_MS, WatchedWorker } from '../../redis/watched-worker';
import type { CheckJob } from './check-queue';
import { CheckRunner } from './check-runner';
import { DROPPED_REST_MS } from './own-checks';

/** Jobs for each check that may run: the others weigh, store, or wait for their host. */
const JOBS_PER_CHECK = 4;

/** Runs the checks that are queued. */
@Injectable()
export class CheckWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private worker: WatchedWorker<CheckJob> | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly queues: Queues,
    private readonly runner: CheckRunner,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.settings.isScaled || !this.settings.hasRole('worker')) return;
    this.worker = new WatchedWorker<CheckJob>(
      this.queues,
      'checks',
      (job, token) => this.process(job, token),
      {
        concurrency: this.settings.CHECK_CONCURRENCY * JOBS_PER_CHECK,
        patienceMs: PATIENCE_MS,
        isHeldUp: () => this.runner.isHeldUp,
        giveUp: () => process.exit(1),
      },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    // First: the worker waits for its jobs.
    this.runner.stop();
    await this.worker?.close();
  }

  private async process(job: Job<CheckJob, void>, token: string | undefined): Promise<void> {
    const end = await this.runner.runDueOf(job.data.monitor_id);
    if (end !== 'stopped' && end !== 'dropped') return;
    // A worker goes on with it, another one if this one stops; where Redis is away too, when the job's lock is over.
    const delayMs = end === 'stopped' ? 0 : DROPPED_REST_MS;
    if (this.queues.areReachable) await job.moveToDelayed(Date.now() + delayMs, token);
    throw new DelayedError();
  }
}
