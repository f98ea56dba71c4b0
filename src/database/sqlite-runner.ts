import { QueryFailedError, QueryResult, type DataSource, type EntityManager } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import type { SqliteThread } from './sqlite-thread';

/** A manager whose statements are run by the thread that writes. What else it needs to know it has from `source`. */
export function managerOf(thread: SqliteThread, source: DataSource): EntityManager {
  return source.createEntityManager(new ThreadRunner(source, thread));
}

class ThreadRunner extends BetterSqlite3QueryRunner {
  constructor(
    source: DataSource,
    private readonly thread: SqliteThread,
  ) {
    super(source.driver as BetterSqlite3Driver);
  }

  override async query(sql: string, parameters: unknown[], isStructured: true): Promise<QueryResult>;
  override async query<T>(sql: string, parameters?: unknown[], isStructured?: boolean): Promise<T>;
  override async query(sql: string, parameters: unknown[] = [], isStructured = false): Promise<unknown> {
    const values = parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    const result = await this.run(sql, values);
    return isStructured ? result : (result.raw as unknown);
  }

  private async run(sql: string, values: unknown[]): Promise<QueryResult> {
    const result = new QueryResult();
    try {
      const answer = await this.thread.run(sql, values);
      if (answer.rows === null) {
        result.affected = answer.changes;
        result.raw = answer.lastId;
      } else {
        for (const row of answer.rows) restoreBytes(row, answer.bytes);
        result.raw = result.records = [...answer.rows];
      }
    } catch (error) {
      throw new QueryFailedError(sql, values, error as Error);
    }
    return result;
  }
}

/** On their way from one thread to the other, Buffers become what they are made of. */
function restoreBytes(row: Record<string, unknown>, columns: readonly string[]): void {
  for (const column of columns) {
    const value = row[column];
    if (value instanceof Uint8Array)
      row[column] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}
