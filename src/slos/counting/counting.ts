import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { DatabaseClock } from '../../monitors/run/database-clock';
import type { Outcome } from '../model/tally';
import { CountsRepository } from '../storage/counts.repository';
import { TallyBook, type SeriesKey } from './tally-book';

/**
 * Counts what this process does, and stores it when each minute is over, and at the end. What a process counts that is
 * killed is lost for that minute; where the database is away it is kept until it is back.
 */
@Injectable()
export class Counting implements OnApplicationShutdown {
  private readonly logger = new Logger('Slos');
  private book = new TallyBook();
  /** Those that a clock was set back under, until they are stored. */
  private closed: TallyBook[] = [];
  private storing: Promise<void> = Promise.resolve();
  private isFailing = false;

  constructor(
    private readonly clock: DatabaseClock,
    private readonly counts: CountsRepository,
  ) {}

  /** Counts something that has ended now. Some hundred nanoseconds; it never throws. */
  count(key: SeriesKey, outcome: Outcome, durationMs: number, times = 1): void {
    const now = this.clock.now();
    if (!this.book.isOpenAt(now)) {
      this.closed.push(this.book);
      this.book = new TallyBook();
    }
    this.book.count(key, now, outcome, Math.max(0, durationMs), times);
  }

  /** Stores all that was counted so far. One at a time. */
  store(): Promise<void> {
    const stored = this.storing.then(() => this.storeAll());
    this.storing = stored.catch(() => undefined);
    return stored;
  }

  @Cron('0 * * * * *')
  async storeMinute(): Promise<void> {
    try {
      await this.store();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing)
        this.logger.warn({ err: error }, 'what objectives are judged by could not be stored; trying again');
      this.isFailing = true;
    }
  }

  /** After the last request, and before the database closes. */
  async onApplicationShutdown(): Promise<void> {
    await this.storeMinute();
  }

  private async storeAll(): Promise<void> {
    const books = [...this.closed, this.book];
    const rows = books.flatMap((book) => book.rows(this.clock.now()));
    if (rows.length > 0) await this.counts.write(rows);
    for (const book of books) book.settle();
    this.closed = this.closed.filter((book) => !books.includes(book));
  }
}
