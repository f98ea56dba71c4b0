import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './time-buckets';

/** Minutes make the window of an hour. */
const MINUTES_KEPT_MS = 2 * HOUR_MS;

/** The window of 30 days begins with hours, because it begins with a full hour and not with a day. */
const HOURS_KEPT_MS = 31 * DAY_MS;

/** What one transaction removes is about this much, so that nobody waits long behind it. */
const COUNTS_AT_ONCE = 2_000;
const USERS_AT_ONCE = 200;

interface Place {
  readonly bucket_at: number;
  readonly account_id: string;
}

/** The statements that remove rows of a table from the oldest on: up to an account of a bucket, and that one whole. */
class Removal {
  private readonly findEnd: Statement<Place>;
  private readonly remove: Statement;

  constructor(
    readonly table: 'event_counts' | 'event_users',
    readonly rowsAtOnce: number,
  ) {
    this.findEnd = new Statement(
      () => `
      SELECT bucket_at, account_id FROM (
        SELECT bucket_at, account_id FROM ${table} WHERE span_ms = ? AND bucket_at < ?
        ORDER BY bucket_at, account_id LIMIT ?
      ) AS oldest ORDER BY bucket_at DESC, account_id DESC LIMIT 1`,
    );
    this.remove = new Statement(
      () => `
      DELETE FROM ${table} WHERE span_ms = ? AND (bucket_at, account_id) <= (CAST(? AS bigint), CAST(? AS text))`,
    );
  }

  /** Answers whether there was anything. */
  async run(tx: EntityManager, spanMs: number, before: number): Promise<boolean> {
    const [end] = await this.findEnd.run(tx, [spanMs, before, this.rowsAtOnce]);
    if (end === undefined) return false;
    await this.remove.run(tx, [spanMs, end.bucket_at, end.account_id]);
    return true;
  }
}

const COUNTS = new Removal('event_counts', COUNTS_AT_ONCE);
const USERS = new Removal('event_users', USERS_AT_ONCE);

/** Removes the roll-ups that no window reaches any more: minutes and hours soon, days with their events. */
@Injectable()
export class RollupRetention {
  constructor(private readonly database: Database) {}

  /** Removes what is too old at `now`, a batch at a time. */
  async removeOld(now: number, retentionDays: number): Promise<void> {
    const daysKeptMs = Math.max(retentionDays * DAY_MS, HOURS_KEPT_MS);
    await this.removeBefore(COUNTS, MINUTE_MS, now - MINUTES_KEPT_MS);
    for (const removal of [COUNTS, USERS]) {
      await this.removeBefore(removal, HOUR_MS, now - HOURS_KEPT_MS);
      await this.removeBefore(removal, DAY_MS, now - daysKeptMs);
    }
  }

  private async removeBefore(removal: Removal, spanMs: number, before: number): Promise<void> {
    let hasMore = true;
    while (hasMore) hasMore = await this.database.write((tx) => removal.run(tx, spanMs, before));
  }
}
