import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type Sqlite from 'better-sqlite3';
import type { DataSource, EntityManager } from 'typeorm';
import { Checkpointer } from './checkpointer';
import { lockFile, type FileLock } from './file-lock';
import { migrations } from './migrations';
import { openSqliteReader, openSqliteWriter, type Entities } from './sqlite-connection';
import { classifyStorageError, StorageUnavailableError } from './storage-error';

/**
 * The one way to the database.
 *
 * TypeORM puts every query of a better-sqlite3 DataSource on one connection, so two overlapping transactions
 * would become one, and the rollback of either would undo both. Hence all writes go through `write()`, which
 * runs one transaction at a time, and reads have a connection of their own that sees only what is committed.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private last: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  private constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource,
    private readonly lock: FileLock,
    private readonly checkpointer: Checkpointer,
  ) {}

  /**
   * Opens the SQLite file for this process alone and brings its schema up to date.
   *
   * @throws DatabaseInUseError where another process has it
   */
  static async open(path: string, entities: Entities): Promise<Database> {
    const lock = lockFile(path);
    try {
      const writer = await openSqliteWriter(path, entities);
      const reader = await openSqliteReader(path, entities);
      return new Database(writer, reader, lock, new Checkpointer(path));
    } catch (cause) {
      lock.release();
      throw cause;
    }
  }

  /** For reading only: sees committed rows, never those of a transaction that is under way. */
  get read(): EntityManager {
    return this.reader.manager;
  }

  /**
   * Runs `work` in a transaction of its own and resolves once it is committed and on disk. Never call it from
   * within `work`: the inner call would wait for the outer one for ever.
   *
   * @throws StorageUnavailableError where the database is at fault; otherwise whatever `work` threw
   */
  write<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
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

  /** Whether this version knows migrations that the database has not had. */
  async hasPendingMigrations(): Promise<boolean> {
    const applied = await this.read.query<{ name: string }[]>('SELECT name FROM migrations');
    const names = new Set(applied.map(({ name }) => name));
    return migrations.some(({ name }) => !names.has(name));
  }

  /** Waits for the transactions that were begun or asked for, then closes. Later writes are refused. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    await this.last;
    this.isClosed = true;
    await this.checkpointer.stop();
    await this.reader.destroy();
    await this.writer.destroy();
    this.lock.release();
  }

  /**
   * Not TypeORM's own `transaction()`: SQLite rolls back by itself when a COMMIT meets a full disk or an I/O error,
   * TypeORM's ROLLBACK then fails, and it would take every later transaction for one within that lost one. Those
   * would be acknowledged and never committed. So SQLite is asked, and not remembered, what is under way.
   */
  private async transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.writer.createQueryRunner();
    const { databaseConnection } = this.writer.driver as unknown as { databaseConnection: Sqlite.Database };
    await runner.query('BEGIN');
    try {
      const result = await work(runner.manager);
      await runner.query('COMMIT');
      return result;
    } finally {
      if (databaseConnection.inTransaction) await runner.query('ROLLBACK');
    }
  }

  /** The last hook of the shutdown: by then nothing writes any more. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
