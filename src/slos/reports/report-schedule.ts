import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { Settings } from '../../config/settings';
import { DAY_MS } from '../../events/summary/time-buckets';
import { Leadership } from '../../roles/leadership';
import type { ReportWindow } from '../model/report';
import { ReportSender } from './report-sender';

/** The scheduled report's name in @nestjs/schedule's registry. */
export const REPORT_JOB = 'slo-report';

/** A report that comes more often is about a week. */
const MONTHLY_FROM_MS = 10 * DAY_MS;

/** Sends the report on SLO_REPORT_CRON to SLO_REPORT_TO, from the process that leads. */
@Injectable()
export class ReportSchedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Slos');

  constructor(
    private readonly settings: Settings,
    private readonly leadership: Leadership,
    private readonly registry: SchedulerRegistry,
    private readonly sender: ReportSender,
  ) {}

  onApplicationBootstrap(): void {
    const { SLO_REPORT_CRON } = this.settings;
    if (SLO_REPORT_CRON === undefined || !this.settings.hasRole('scheduler')) return;
    const job: CronJob = CronJob.from({
      name: REPORT_JOB,
      cronTime: SLO_REPORT_CRON,
      timeZone: 'UTC',
      onTick: () => this.tick(job),
    });
    this.registry.addCronJob(REPORT_JOB, job);
    job.start();
  }

  beforeApplicationShutdown(): void {
    if (this.registry.doesExist('cron', REPORT_JOB)) this.registry.deleteCronJob(REPORT_JOB);
  }

  private async tick(job: CronJob): Promise<void> {
    if (!this.leadership.isLeader) return;
    try {
      // By the schedule and not by the database's clock: all processes call one report by one name.
      const at = job.lastDate()?.getTime() ?? Date.now();
      await this.sender.send(windowOf(at, job.nextDate().toMillis()), this.settings.SLO_REPORT_TO, at);
    } catch (error) {
      this.logger.error({ err: error }, 'the report on objectives could not be sent');
    }
  }
}

/** A week, or 30 days where the next report is not due for longer than that. */
function windowOf(at: number, nextAt: number): ReportWindow {
  return nextAt - at >= MONTHLY_FROM_MS ? '30d' : '7d';
}
