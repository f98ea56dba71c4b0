import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';

import { Settings } from '../config/settings';
import { Leadership } from '../roles/leadership';
import { StatusPoller } from './status-poller';

/** The scheduled poll's name in @nestjs/schedule's registry. */
export const POLL_JOB = 'status-poll';

const MAX_JITTER_MS = 5_000;

/** Polls the pages that have a URL on STATUS_POLL_CRON. A tick that finds a poll still running shares it. */
@Injectable()
export class PollSchedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Statuspage');
  private readonly stopping = new AbortController();

  constructor(
    private readonly settings: Settings,
    private readonly poller: StatusPoller,
    private readonly leadership: Leadership,
    private readonly registry: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.poller.hasPagesWithUrl || !this.settings.hasRole('scheduler')) return;
    const job: CronJob = CronJob.from({
      name: POLL_JOB,
      cronTime: this.settings.STATUS_POLL_CRON,
      timeZone: 'UTC',
      onTick: () => this.tick(job),
    });
    this.registry.addCronJob(POLL_JOB, job);
    job.start();
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
    if (this.registry.doesExist('cron', POLL_JOB)) this.registry.deleteCronJob(POLL_JOB);
  }

  /** Polls after a random delay: many installations share a page, and all their clocks strike the same second. */
  private async tick(job: CronJob): Promise<void> {
    const { signal } = this.stopping;
    try {
      const periodMs = job.nextDate().toMillis() - Date.now();
      await sleep(Math.random() * Math.min(MAX_JITTER_MS, periodMs / 10), undefined, { signal });
      if (this.leadership.isLeader) await this.poller.poll('with_url', randomUUID());
    } catch (error) {
      if (signal.aborted) return;
      this.logger.error({ err: error }, 'the scheduled poll of status pages failed');
    }
  }
}
