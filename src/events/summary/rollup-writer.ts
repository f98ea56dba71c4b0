import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import type { NormalizedEvent } from '../../normalization/normalized-event';
import { countBatch, type BatchCounts, type CountRow } from './batch-counts';
import { COUNT_AND_NOTE_ON_POSTGRES, COUNT_ON_SQLITE, NOTE_ON_SQLITE } from './rollup-statements';
import { bucketOf, DAY_MS, HOUR_MS, MINUTE_MS } from './time-buckets';
import { TypeLimit } from './type-limit';

const SPANS_MS = [MINUTE_MS, HOUR_MS, DAY_MS];

const LARGEST = COUNT_ON_SQLITE.at(-1)!;

/** Fills a statement up; not counted. */
const NO_ROW: readonly null[] = [null, null, null, null, null];

/**
 * Counts new events in the transaction that stores them, so that the roll-ups are as right as the events are. What is
 * counted has rows of its own for each process that counts (`shard`): on PostgreSQL none waits for another's.
 *
 * Users are too many for that: who did how much is noted once for a whole batch, and added up later (`UserRollup`).
 */
@Injectable()
export class RollupWriter {
  private readonly limit = new TypeLimit();
  private readonly shard: string;

  constructor(private readonly database: Database) {
    this.shard = database.dialect === 'sqlite' ? '' : randomBytes(6).toString('base64url');
  }

  /** Counts events that are new; `now` is when they were received. The last statements of their transaction. */
  async write(tx: EntityManager, events: readonly NormalizedEvent[], now: number): Promise<void> {
    if (events.length === 0) return;
    const counts = countBatch(events, (account_id) => this.limit.typesOf(account_id, now));
    if (this.database.dialect === 'sqlite') await this.writeToSqlite(tx, counts, now);
    else await this.writeToPostgres(tx, counts, now);
  }

  private async writeToSqlite(tx: EntityManager, { rows, tallies }: BatchCounts, now: number): Promise<void> {
    const buckets = SPANS_MS.flatMap((spanMs) => [spanMs, bucketOf(now, spanMs).bucket_at]);
    const statements: Promise<unknown>[] = [];
    for (let from = 0; from < rows.length; from += LARGEST.size) {
      const chunk = rows.slice(from, from + LARGEST.size);
      const { size, statement } = COUNT_ON_SQLITE.find((each) => each.size >= chunk.length) ?? LARGEST;
      statements.push(statement.run(tx, [this.shard, ...buckets, ...filledUp(chunk, size)]));
    }
    if (tallies.length > 0) statements.push(NOTE_ON_SQLITE.run(tx, [now, JSON.stringify(tallies)]));
    await Promise.all(statements);
  }

  private async writeToPostgres(
    tx: EntityManager,
    { rows, tallies }: BatchCounts,
    now: number,
  ): Promise<void> {
    const beginnings = SPANS_MS.map((spanMs) => bucketOf(now, spanMs).bucket_at);
    const columns = [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column]));
    const notes = tallies.length > 0 ? JSON.stringify(tallies) : null;
    await COUNT_AND_NOTE_ON_POSTGRES.run(tx, [now, notes, this.shard, SPANS_MS, beginnings, ...columns]);
  }
}

function filledUp(rows: readonly CountRow[], size: number): (string | number | null)[] {
  return [...rows, ...Array<typeof NO_ROW>(size - rows.length).fill(NO_ROW)].flat();
}
