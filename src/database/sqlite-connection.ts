import type Sqlite from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from './migrations';
import { SqliteThread } from './sqlite-thread';

/** The entity classes of all features. */
export type Entities = readonly (new () => object)[];

/** For every connection. */
const PRAGMAS = [
  'journal_mode = WAL',
  // better-sqlite3 is compiled to drop to NORMAL in WAL mode, which can lose the last commits on power loss.
  'synchronous = FULL',
  // In pages of 4 KiB. Mostly done by the checkpointer before it comes to that.
  'wal_autocheckpoint = 8000',
  // better-sqlite3 waits for a lock without leaving its thread: nobody may hold this file but us, so a stranger's lock
  // is a fault to report, and not to stand still for.
  'busy_timeout = 100',
];

const READ_ONLY = 'query_only = ON';

/** Brings the schema of a file up to date; makes the file where there is none. */
export async function migrateSqlite(path: string): Promise<void> {
  const source = await new DataSource({
    ...options(path, []),
    migrations: [...migrations.sqlite],
  }).initialize();
  await source.runMigrations({ transaction: 'each' });
  await source.destroy();
}

/** The connection that writes. */
export function openSqliteWriter(path: string): Promise<SqliteThread> {
  return SqliteThread.open({ path, pragmas: PRAGMAS });
}

/** A connection for long reads, which sees nothing but what was committed either. */
export function openSqliteReaderThread(path: string): Promise<SqliteThread> {
  return SqliteThread.open({ path, pragmas: [...PRAGMAS, READ_ONLY] });
}

/** Opens a connection that only reads, and so sees nothing but what was committed. */
export function openSqliteReader(path: string, entities: Entities): Promise<DataSource> {
  return new DataSource(options(path, entities, [READ_ONLY])).initialize();
}

function options(
  path: string,
  entities: Entities,
  pragmas: readonly string[] = [],
): DataSourceOptions & { type: 'better-sqlite3' } {
  return {
    type: 'better-sqlite3',
    database: path,
    entities: [...entities],
    synchronize: false,
    logging: false,
    statementCacheSize: 200,
    prepareDatabase: (database: Sqlite.Database) => {
      for (const pragma of [...PRAGMAS, ...pragmas]) database.pragma(pragma);
    },
  };
}
