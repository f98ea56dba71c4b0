import { join } from 'node:path';
import { entities } from '../../src/app.module';
import type { Database } from '../../src/database/database';
import { PostgresDatabase } from '../../src/database/postgres-database';
import { SqliteDatabase } from '../../src/database/sqlite-database';
import { describeWith, postgresServer } from '../harness/servers';
import { temporaryFolder } from '../harness/temporary-folder';

const POOL_SIZE = 4;

/** A suite that runs on each of the two databases; `database()` is there from `beforeAll` on, with its schema. */
export function describeOnBoth(name: string, body: (database: () => Database) => void): void {
  describe(`${name}, on SQLite`, () => {
    const path = join(temporaryFolder(), 'signalbox.db');
    withDatabase(() => SqliteDatabase.open(path, entities), body);
  });
  describeWith({ postgres: true }, `${name}, on PostgreSQL`, () => {
    withDatabase(async () => {
      const { url } = await postgresServer()!.createDatabase();
      return openPostgres(url);
    }, body);
  });
}

/** A database of PostgreSQL, with the schema brought up to date. */
export function openPostgres(url: string, poolSize = POOL_SIZE): Promise<PostgresDatabase> {
  return PostgresDatabase.open({ url, replicaUrl: undefined, poolSize, entities });
}

function withDatabase(open: () => Promise<Database>, body: (database: () => Database) => void): void {
  let opened: Database;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());
  body(() => opened);
}
