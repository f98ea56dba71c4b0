import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient, QueryResult } from 'pg';
import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm';
import { Database, type LongRead, type Work } from './database';
import { hasPending } from './migrations';
import { assertDurable, migrate, openPool, type PoolOptions } from './postgres-connection';
import type { Entities } from './sqlite-connection';
import {
  classifyStorageError,
  connectionFailed,
  isWorthRepeating,
  StorageUnavailableError,
} from './storage-error';

/** Where the database is, and how many connections one process may hold to it. */
export interface PostgresOptions {
  readonly url: string;
  readonly replicaUrl: string | undefined;
  readonly poolSize: number;
  readonly entities: Entities;
}

/** So often a transaction is tried that others were in the way of. */
const MAX_TRIES = 6;

/** Twice the longest pause before the next try; it doubles, and chance takes a part of it. */
const PAUSE_MS = 10;

/** Says in one message what a transaction begins with, and asks for the time. */
const BEGIN = `BEGIN; SET LOCAL synchronous_commit = on; ${readClock()}`;

const BEGIN_READING = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * The scaled profile's database. Transactions of several processes, and of this one, run side by side; what
 * belongs together is kept together by row locks, which every statement takes in the order of identities.
 *
 * Reads have a pool of their own, so that slow ones never keep a write waiting for a connection.
 */
export class PostgresDatabase extends Database {
  readonly dialect = 'postgres';
  private readonly running = new Set<Promise<unknown>>();
  private isClosed = false;

  private constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource,
    private readonly replicaReader: DataSource,
  ) {
    super();
  }

  /** Connects, and brings the schema up to date. */
  static async open({ url, replicaUrl, poolSize, entities }: PostgresOptions): Promise<PostgresDatabase> {
    await migrate(url);
    const readers = Math.max(1, Math.floor(poolSize / 2));
    const opened: DataSource[] = [];
    const open = async (to: Omit<PoolOptions, 'entities'>): Promise<DataSource> => {
      const source = await openPool({ ...to, entities });
      opened.push(source);
      return source;
    };
    try {
      const writer = await open({ url, size: Math.max(1, poolSize - readers) });
      await assertDurable(writer);
      const reader = await open({ url, size: readers });
      const replica = replicaUrl === undefined ? reader : await open({ url: replicaUrl, size: readers });
      return new PostgresDatabase(writer, reader, replica);
    } catch (error) {
      await Promise.all(opened.map((source) => source.destroy()));
      throw error;
    }
  }

  get read(): EntityManager {
    return this.reader.manager;
  }

  get replica(): EntityManager {
    return this.replicaReader.manager;
  }

  write<T>(work: Work<T>): Promise<T> {
    const result = this.tryToWrite(work);
    const settled = result.catch(() => undefined).finally(() => this.running.delete(settled));
    this.running.add(settled);
    return result;
  }

  async longRead<T>(read: LongRead<T>): Promise<T> {
    try {
      return await this.readOneState(read);
    } catch (error) {
      throw classifyStorageError(error);
    }
  }

  async now(): Promise<number> {
    const [row] = await this.read.query<{ now: number }[]>(readClock());
    return (row as { now: number }).now;
  }

  hasPendingMigrations(): Promise<boolean> {
    return hasPending(this.reader);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await Promise.all(this.running);
    await this.writer.destroy();
    await this.reader.destroy();
    if (this.replicaReader !== this.reader) await this.replicaReader.destroy();
  }

  private async tryToWrite<T>(work: Work<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      if (this.isClosed) throw new StorageUnavailableError('the database is closed');
      try {
        return await this.transaction(work);
      } catch (error) {
        if (tries === MAX_TRIES || !isWorthRepeating(error)) throw classifyStorageError(error);
      }
      await sleep(Math.random() * PAUSE_MS * 2 ** tries);
    }
  }

  private async readOneState<T>(read: LongRead<T>): Promise<T> {
    const runner = this.replicaReader.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    try {
      await send(client, BEGIN_READING);
      return await read(runner.manager);
    } finally {
      if (!runner.isReleased) await rollBack(client);
      await runner.release();
    }
  }

  private async transaction<T>(work: Work<T>): Promise<T> {
    const runner = this.writer.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    try {
      const answers = (await send(client, BEGIN)) as unknown as { rows: { now: number }[] }[];
      const { now } = answers.at(-1)?.rows[0] as { now: number };
      const result = await work(runner.manager, now);
      const { command } = await send(client, 'COMMIT');
      // What PostgreSQL answers where a statement had failed, and `work` went on without it.
      if (command === 'ROLLBACK') throw new Error('not committed: a statement of the transaction had failed');
      return result;
    } catch (error) {
      // Released by TypeORM: the connection has broken, and whatever came of that is not the work's fault.
      if (runner.isReleased) throw connectionFailed(error as Error);
      await rollBack(client);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** A statement that goes past TypeORM; its error looks like those that do not. */
async function send(client: PoolClient, text: string): Promise<QueryResult> {
  try {
    return await client.query(text);
  } catch (error) {
    throw new QueryFailedError(text, [], error as Error);
  }
}

/** Where even that fails, the connection goes, and the transaction with it. */
async function rollBack(client: PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
  } catch {
    // The fault that led here is the one to tell.
    await (client as unknown as { end(): Promise<void> }).end();
  }
}

function readClock(): string {
  return 'SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) AS now';
}
