import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import type { EventUsersEntity } from './event-users.entity';
import { keyOf, sumTallies } from './tally-sums';
import { addUsers, cutToLimit, listsOf, noUsers, type TopUsers, type UserLists } from './top-users';
import type { UserTallyEntity } from './user-tally.entity';

const EVERY_MS = 1_000;

/** What is added up in one transaction is about this much, so that nobody waits long for it. */
const MAX_BATCHES = 100;
const LIMITS = { users: 4_000, accounts: 500 } as const;

/** So many transactions follow each other; what is left then waits for the next time. */
const MAX_TRANSACTIONS = 25;

/** What another process is adding up is passed over. */
const TAKE = new Statement<UserTallyEntity>(
  ({ forUpdateSkipLocked }) => `
  SELECT id, received_at, tallies FROM event_user_tallies ORDER BY id LIMIT ? ${forUpdateSkipLocked}`,
);

const REMOVE = new Statement(
  ({ rows }) => `
  DELETE FROM event_user_tallies WHERE id IN (SELECT CAST(j.value ->> 0 AS bigint) FROM ${rows('j')})`,
);

const ANY = new Statement<{ id: number }>(() => 'SELECT id FROM event_user_tallies LIMIT 1');

/** Makes the rows that are missing and locks the others, all of them in the order of their key. */
const LOCK = new Statement(
  ({ rows }) => `
  INSERT INTO event_users (span_ms, bucket_at, account_id, users, cut)
  SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS bigint), j.value ->> 2, '[[],[]]', 0
  FROM ${rows('j')} WHERE TRUE ORDER BY j.key
  ON CONFLICT (span_ms, bucket_at, account_id) DO UPDATE SET cut = 0 WHERE FALSE`,
);

const SAME_BUCKET = `u.span_ms = CAST(j.value ->> 0 AS bigint) AND u.bucket_at = CAST(j.value ->> 1 AS bigint)
  AND u.account_id = j.value ->> 2`;

const READ = new Statement<EventUsersEntity>(
  ({ rows, lookUp }) => `SELECT u.* FROM ${rows('j')} ${lookUp('event_users', 'u', SAME_BUCKET)}`,
);

const WRITE = new Statement(
  ({ rows }) => `
  UPDATE event_users AS u SET users = j.value ->> 3, cut = CAST(j.value ->> 4 AS bigint)
  FROM ${rows('j')} WHERE ${SAME_BUCKET}`,
);

/**
 * Adds what users did to their account's hour and day, which keep the most active of them by name.
 *
 * Recording only notes who did how much (`event_user_tallies`, one row for a batch), because a bucket's users are some
 * kilobytes that every event would change: a batch of 64 accounts' events would rewrite 128 of them. Here they are
 * written once for all that was noted in a second. A note goes in the transaction that adds it up, so that each counts
 * once, whatever happens; it does not matter which process does it. Readers add what is still noted themselves.
 */
@Injectable()
export class UserRollup {
  private readonly logger = new Logger('UserRollup');
  private running: Promise<void> | null = null;
  private isFailing = false;

  constructor(private readonly database: Database) {}

  @Interval(EVERY_MS)
  async tick(): Promise<void> {
    try {
      await this.addUp();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing)
        this.logger.warn({ err: error }, 'users could not be added up; tried again every second');
      this.isFailing = true;
    }
  }

  /** Adds up what is noted. One at a time: whoever asks meanwhile waits for the same one. */
  addUp(): Promise<void> {
    this.running ??= this.addUpAll().finally(() => (this.running = null));
    return this.running;
  }

  private async addUpAll(): Promise<void> {
    for (let count = 0; count < MAX_TRANSACTIONS; count++) {
      const waiting = await ANY.run(this.database.read);
      if (waiting.length === 0) return;
      const hasMore = await this.database.write((tx) => this.addUpSome(tx));
      if (!hasMore) return;
    }
  }

  /** Answers whether there may be more. */
  private async addUpSome(tx: EntityManager): Promise<boolean> {
    const batches = await TAKE.run(tx, [MAX_BATCHES]);
    if (batches.length === 0) return false;
    const { taken, buckets } = sumTallies(batches, LIMITS);
    const keys = buckets.map(({ span_ms, bucket_at, account_id }) => [span_ms, bucket_at, account_id]);
    await LOCK.run(tx, [JSON.stringify(keys)]);
    const rows = await READ.run(tx, [JSON.stringify(keys)]);
    const known = new Map(rows.map((row) => [keyOf(row), row]));
    const sums = buckets.map(({ key, parts }) => addToRow(known.get(key), parts));
    const changes = sums.map((sum, index) => [...keys[index]!, JSON.stringify(listsOf(sum)), sum.cut]);
    await WRITE.run(tx, [JSON.stringify(changes)]);
    await REMOVE.run(tx, [JSON.stringify(taken.map((id) => [id]))]);
    return taken.length < batches.length || batches.length === MAX_BATCHES;
  }
}

function addToRow(row: EventUsersEntity | undefined, parts: readonly TopUsers[]): TopUsers {
  const sum = noUsers();
  if (row !== undefined) addUsers(sum, JSON.parse(row.users) as UserLists, row.cut);
  for (const part of parts) addUsers(sum, listsOf(part), part.cut);
  cutToLimit(sum);
  return sum;
}
