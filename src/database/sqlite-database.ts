import type { DataSource, EntityManager } from 'typeorm';
import { Checkpointer } from './checkpointer';
import { Database, type LongRead, type Work } from './database';
import { lockFile, type FileLock } from './file-lock';
import { hasPending } from './migrations';
import {
  migrateSqlite,
  openSqliteReader,
  openSqliteReaderThread,
  openSqliteWriter,
  type Entities,
} from './sqlite-connection';
import { SqliteLongReads } from './sqlite-long-reads';
import { managerOf } from './sqlite-runner';
import type { SqliteThread } from './sqlite-thread';
import { classifyStorageError, StorageUnavailableError } from './storage-error';

/**
 * The embedded profile's database.
 *
 * SQLite has one transaction at a time on a connection, and two that overlap would become one: the rollback of either
 * would undo both. Hence all writes go through `write()`, which runs one after the other, on a connection and in a
 * thread of their own (`SqliteThread`); reads see only what is committed.
 */
export class SqliteDatabase extends Database {
  readonly dialect = 'sqlite';
  private last: Promise<unknown> = Promise.resolve();
  private readonly longReads: SqliteLongReads;
  private isClosed = false;

  private constructor(
    private readonly path: string,
    private writer: SqliteThread,
    private readonly reader: DataSource,
    private readonly lock: FileLock,
    private readonly checkpointer: Checkpointer,
  ) {
    super();
    this.longReads = new SqliteLongReads(() => openSqliteReaderThread(path), reader);
  }

  /**
   * Opens the SQLite file for this process alone and brings its schema up to date.
   *
   * @throws DatabaseInUseError where another process has it
   */
  static async open(path: string, entities: Entities): Promise<SqliteDatabase> {
    const lock = lockFile(path);
    try {
      await migrateSqlite(path);
      const reader = await openSqliteReader(path, entities);
      return new SqliteDatabase(path, await openSqliteWriter(path), reader, lock, new Checkpointer(path));
    } catch (cause) {
      lock.release();
      throw cause;
    }
  }

  get read(): EntityManager {
    return this.reader.manager;
  }

  get replica(): EntityManager {
    return this.reader.manager;
  }

  write<T>(work: Work<T>): Promise<T> {
    const run = async (): Promise<T> => {
      if (this.isClosed) throw new StorageUnavailableError('the database is closed');
      try {
        return await this.transaction(work);
      } catch (error) {
        throw classifyStorageError(error);
      }
    };
    const result = this.last.then(run);
    this.last = result.catch(() => undefined);
    return result;
  }

  longRead<T>(read: LongRead<T>): Promise<T> {
    return this.longReads.run(read);
  }

  override catchUp(): void {
    this.writer.takeAnswers();
  }

  /** The process's own: nobody else writes to the file. */
  now(): Promise<number> {
    return Promise.resolve(Date.now());
  }

  hasPendingMigrations(): Promise<boolean> {
    return hasPending(this.reader);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    await this.last;
    this.isClosed = true;
    await this.checkpointer.stop();
    await this.longReads.close();
    await this.reader.destroy();
    await this.writer.close();
    this.lock.release();
  }

  /**
   * Not TypeORM's own `transaction()`: SQLite rolls back by itself when a COMMIT meets a full disk or an I/O error,
   * TypeORM's ROLLBACK then fails, and it would take every later transaction for one within that lost one. Those
   * would be acknowledged and never committed. So SQLite is asked, and not remembered, what is under way.
   */
  private async transaction<T>(work: Work<T>): Promise<T> {
    if (this.writer.isDead) this.writer = await openSqliteWriter(this.path);
    // Not waited for: where it fails, so does whatever follows it.
    this.writer.run('BEGIN').catch(() => undefined);
    try {
      const result = await work(managerOf(this.writer, this.reader), Date.now());
      await this.writer.run('COMMIT');
      return result;
    } catch (error) {
      await this.writer.run('ROLLBACK');
      throw error;
    }
  }
}
