import type { OnApplicationShutdown } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DialectName } from './dialect';

/** What happens within a transaction; `now` is the database's clock at its beginning, in milliseconds since 1970 UTC. */
export type Work<T> = (tx: EntityManager, now: number) => Promise<T>;

/** What reads of one state of the database. */
export type LongRead<T> = (reader: EntityManager) => Promise<T>;

/**
 * The one way to the database: a file of SQLite in the embedded profile, PostgreSQL in the scaled one. Statements
 * that both understand are `Statement`s; TypeORM's managers do the rest, but for `save` and `remove`, which open
 * transactions of their own.
 */
export abstract class Database implements OnApplicationShutdown {
  abstract readonly dialect: DialectName;

  /** For reading only: sees committed rows, never those of a transaction that is under way. */
  abstract get read(): EntityManager;

  /** For reading what may be some seconds old: the read replica where there is one. */
  abstract get replica(): EntityManager;

  /**
   * For reads that may touch more than 10,000 rows, so that nobody waits behind them: in a thread of their own on SQLite,
   * where they take turns, and on the read replica where there is one. All that `read` reads is of one state. Whoever
   * goes through very much calls it for a page at a time: as long as it runs, SQLite's log cannot be shortened.
   *
   * @throws StorageUnavailableError where the database is at fault; otherwise whatever `read` threw
   */
  abstract longRead<T>(read: LongRead<T>): Promise<T>;

  /**
   * Runs `work` in a transaction of its own and resolves once it is committed and on disk. Never call it from
   * within `work`: the inner call could wait for the outer one for ever. `work` may be run again, where other
   * processes were in its way.
   *
   * @throws StorageUnavailableError where the database is at fault; otherwise whatever `work` threw
   */
  abstract write<T>(work: Work<T>): Promise<T>;

  /**
   * Deals with what the database has answered meanwhile, without waiting for the event loop's turn. Worth calling
   * wherever much is done at once while transactions are under way.
   */
  catchUp(): void {
    // Only where the answers come from another thread of this process.
  }

  /** The clock by which instants of several processes are compared. */
  abstract now(): Promise<number>;

  /** Whether this version knows migrations that the database has not had. */
  abstract hasPendingMigrations(): Promise<boolean>;

  /** Waits for the transactions that were begun or asked for, then closes. Later writes are refused. */
  abstract close(): Promise<void>;

  /** The last hook of the shutdown: by then nothing writes any more. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
