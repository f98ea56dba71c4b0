import type Sqlite from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from './migrations';

/** The entity classes of all features. */
export type Entities = readonly (new () => object)[];

/** PRAGMA synchronous as SQLite reports it: 2 is FULL (https://www.sqlite.org/pragma.html#pragma_synchronous). */
const SYNCHRONOUS_FULL = 2;

/** Opens the connection that writes, and brings the schema up to date. */
export async function openSqliteWriter(path: string, entities: Entities): Promise<DataSource> {
  const writer = await new DataSource({
    ...options(path, entities),
    migrations: [...migrations],
  }).initialize();
  await assertDurable(writer);
  await writer.runMigrations({ transaction: 'each' });
  return writer;
}

/** Opens a connection that only reads, and so sees nothing but what was committed. */
export async function openSqliteReader(path: string, entities: Entities): Promise<DataSource> {
  return new DataSource({
    ...options(path, entities),
    prepareDatabase: (database: Sqlite.Database) => {
      database.pragma('query_only = ON');
    },
  }).initialize();
}

function options(path: string, entities: Entities): DataSourceOptions & { type: 'better-sqlite3' } {
  return {
    type: 'better-sqlite3',
    database: path,
    entities: [...entities],
    synchronize: false,
    logging: false,
    statementCacheSize: 200,
    prepareDatabase: (database: Sqlite.Database) => {
      database.pragma('journal_mode = WAL');
      // better-sqlite3 is compiled to drop to NORMAL in WAL mode, which can lose the last commits on power loss.
      database.pragma('synchronous = FULL');
      // In pages of 4 KiB. Mostly done by the checkpointer before it comes to that.
      database.pragma('wal_autocheckpoint = 8000');
      // better-sqlite3 waits for a lock without leaving the event loop: nobody may hold this file but us, so a
      // stranger's lock is a fault to report, and not to stand still for.
      database.pragma('busy_timeout = 100');
    },
  };
}

/** Promise 1 rests on these two settings, so they are read back and not believed. */
async function assertDurable(writer: DataSource): Promise<void> {
  const [journal] = await writer.query<[{ journal_mode: string }]>('PRAGMA journal_mode');
  const [synchronous] = await writer.query<[{ synchronous: number }]>('PRAGMA synchronous');
  if (journal.journal_mode !== 'wal' || synchronous.synchronous !== SYNCHRONOUS_FULL) {
    throw new Error(
      `SQLite did not take journal_mode=WAL and synchronous=FULL ` +
        `(it says ${journal.journal_mode}, ${synchronous.synchronous}): commits would not be durable here`,
    );
  }
}
