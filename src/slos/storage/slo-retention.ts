import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '../../database/database';
import { DAY_MS, HOUR_MS } from '../../events/summary/time-buckets';
import { Leadership } from '../../roles/leadership';
import { keptMs } from '../model/objective';
import { Objectives } from '../objectives/objectives';
import { CountsRepository } from './counts.repository';
import { WatchesRepository } from './watches.repository';

/** What one transaction removes is about this much, so that nobody waits long behind it. */
const ROWS_AT_ONCE = 2_000;

/** Removes what no window and no report reaches any more, and a day more: a day's row begins up to a day before it. */
@Injectable()
export class SloRetention {
  private readonly logger = new Logger('Retention');
  private isRunning = false;

  constructor(
    private readonly database: Database,
    private readonly leadership: Leadership,
    private readonly objectives: Objectives,
    private readonly counts: CountsRepository,
    private readonly watches: WatchesRepository,
  ) {}

  @Interval(HOUR_MS)
  async run(): Promise<void> {
    if (this.isRunning || !this.leadership.isLeader) return;
    this.isRunning = true;
    try {
      await this.removeOld(await this.database.now());
    } catch (error) {
      this.logger.error({ err: error }, 'old counts could not be removed; the next hour tries again');
    } finally {
      this.isRunning = false;
    }
  }

  /** Removes what is too old at `now`, a batch at a time. */
  async removeOld(now: number): Promise<void> {
    const before = now - keptMs(this.objectives.all) - DAY_MS;
    while ((await this.counts.removeOld(before, ROWS_AT_ONCE)) === ROWS_AT_ONCE);
    await this.watches.removeOld(before);
  }
}
