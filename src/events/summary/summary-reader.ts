import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import type { EventUsersEntity } from './event-users.entity';
import { MAX_OPEN, summarize, type CountSum, type Summary } from './summary-answer';
import { bucketsOf, type SummaryWindow } from './summary-window';
import type { Bucket } from './time-buckets';
import { readTallies } from './tally-sums';
import { addUsers, noUsers, type TopUsers, type UserLists } from './top-users';

const OF_BUCKETS = `r.span_ms = CAST(b.value ->> 0 AS bigint) AND r.bucket_at = CAST(b.value ->> 1 AS bigint)
  AND r.account_id = CAST(? AS text)`;

/** Parameters: buckets, account. One look into the primary key for each bucket. */
const READ_COUNTS = new Statement<CountSum>(
  ({ rows, lookUp }) => `
  SELECT r.severity, r.source, r.type, CAST(SUM(r.count) AS bigint) AS count
  FROM ${rows('b')} ${lookUp('event_counts', 'r', OF_BUCKETS)}
  GROUP BY r.severity, r.source, r.type`,
);

/** So many batches that are not yet added up are looked through. There are fewer, unless adding up is far behind. */
const MAX_TALLIES = 5_000;

/**
 * Users that were added up, and with them what is noted and not yet added up: one statement, so that nothing is moved
 * from here to there between two looks. Parameters: buckets, account, pattern of its notes, how many of them.
 */
const READ_USERS = new Statement<UsersRow>(
  ({ rows, lookUp }) => `
  SELECT r.users, r.cut, NULL AS received_at FROM ${rows('b')} ${lookUp('event_users', 'r', OF_BUCKETS)}
  UNION ALL
  SELECT tallies, 0, received_at FROM (
    SELECT tallies, received_at FROM event_user_tallies WHERE tallies LIKE ? ORDER BY id LIMIT ?
  ) AS noted`,
);

/** Spelt as the partial index `ix_events_account_open` has it. Parameters: account, how far to count. */
const COUNT_OPEN = new Statement<{ count: number }>(
  ({ indexedBy }) => `
  SELECT count(*) AS count FROM (
    SELECT 1 FROM events ${indexedBy('ix_events_account_open')}
    WHERE account_id = ? AND resolved_at IS NULL AND kind NOT IN ('payment', 'activity') LIMIT ?
  ) AS open_events`,
);

/** Users of a bucket, or, with `received_at`, what the users of a batch did. */
interface UsersRow extends Pick<EventUsersEntity, 'users' | 'cut'> {
  readonly received_at: number | null;
}

/** Adds up a summary from the roll-ups. What that costs depends on the window, and not on how many events there are. */
@Injectable()
export class SummaryReader {
  constructor(private readonly database: Database) {}

  /** The summary of an account as of now. */
  async read(account_id: string, window: SummaryWindow): Promise<Summary> {
    return this.readAt(account_id, window, await this.database.now());
  }

  /** The summary of an account as of an instant after which nothing was received. */
  async readAt(account_id: string, window: SummaryWindow, now: number): Promise<Summary> {
    const { replica } = this.database;
    const { startAt, counts, users } = bucketsOf(window, now);
    const [countRows, top, [openRow], eventsOfUsers] = await Promise.all([
      READ_COUNTS.run(replica, [bucketsJson(counts), account_id]),
      readUsers(replica, account_id, users),
      COUNT_OPEN.run(replica, [account_id, MAX_OPEN + 1]),
      users === counts ? null : countEvents(replica, account_id, users),
    ]);
    const open = openRow?.count ?? 0;
    return summarize({ account_id, window, startAt, now, counts: countRows, top, open, eventsOfUsers });
  }
}

async function readUsers(
  manager: EntityManager,
  account_id: string,
  buckets: readonly Bucket[],
): Promise<TopUsers> {
  const notes = `%["${account_id}",%`;
  const rows = await READ_USERS.run(manager, [bucketsJson(buckets), account_id, notes, MAX_TALLIES]);
  const startAt = buckets[0]?.bucket_at ?? 0;
  const top = noUsers();
  for (const { users, cut, received_at } of rows) {
    if (received_at === null) addUsers(top, JSON.parse(users) as UserLists, cut);
    else if (received_at >= startAt) addTallies(top, users, account_id);
  }
  const noted = rows.filter(({ received_at }) => received_at !== null);
  if (noted.length === MAX_TALLIES) top.cut = Infinity;
  return top;
}

function addTallies(top: TopUsers, tallies: string, account_id: string): void {
  for (const [id, cut, users] of readTallies(tallies)) {
    if (id === account_id) addUsers(top, users, cut);
  }
}

async function countEvents(
  manager: EntityManager,
  account_id: string,
  buckets: readonly Bucket[],
): Promise<number> {
  const rows = await READ_COUNTS.run(manager, [bucketsJson(buckets), account_id]);
  return rows.reduce((sum, { count }) => sum + count, 0);
}

function bucketsJson(buckets: readonly Bucket[]): string {
  return JSON.stringify(buckets.map(({ span_ms, bucket_at }) => [span_ms, bucket_at]));
}
