import type { DataSource } from 'typeorm';
import type { LongRead } from './database';
import { managerOf } from './sqlite-runner';
import type { SqliteThread } from './sqlite-thread';
import { classifyStorageError, StorageUnavailableError } from './storage-error';

/**
 * Long reads on SQLite, one after the other, on a connection and in a thread of their own. The thread is started by the
 * first of them.
 */
export class SqliteLongReads {
  private thread: SqliteThread | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  /** @param source what else managers need to know */
  constructor(
    private readonly open: () => Promise<SqliteThread>,
    private readonly source: DataSource,
  ) {}

  run<T>(read: LongRead<T>): Promise<T> {
    const result = this.last.then(() => this.read(read));
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Waits for what was asked for; resolves once the connection is closed. */
  async close(): Promise<void> {
    await this.last;
    this.isClosed = true;
    if (this.thread?.isDead === false) await this.thread.close();
  }

  private async read<T>(read: LongRead<T>): Promise<T> {
    if (this.isClosed) throw new StorageUnavailableError('the database is closed');
    if (this.thread === null || this.thread.isDead) this.thread = await this.open();
    const { thread } = this;
    try {
      await thread.run('BEGIN');
      return await read(managerOf(thread, this.source));
    } catch (error) {
      throw classifyStorageError(error);
    } finally {
      if (!thread.isDead) await thread.run('ROLLBACK');
    }
  }
}
