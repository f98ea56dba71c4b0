import { join } from 'node:path';
import { entities } from '../../src/app.module';
import type { Environment } from '../../src/config/settings';
import { PostgresDatabase } from '../../src/database/postgres-database';
import type { PostgresDatabases } from './postgres-databases';
import { postgresServer, redisServer } from './servers';
import { temporaryFolder } from './temporary-folder';
import { UsedDatabases } from './used-databases';

declare global {
  /** Which of the two profiles a suite runs in: jest.config.mjs sets it. */
  var PROFILE: 'embedded' | 'scaled';
}

/** Settings of a store that nobody has used: a SQLite file, or a database of PostgreSQL and a prefix of Redis. */
export async function freshStore(): Promise<Environment> {
  if (globalThis.PROFILE === 'embedded')
    return { DATABASE_URL: `sqlite:${join(temporaryFolder(), 'signalbox.db')}` };
  return freshScaledStore();
}

/** The same of the scaled profile, for a suite that needs `postgres` and `redis` whichever profile it runs in. */
export async function freshScaledStore(): Promise<Environment> {
  const postgres = postgresServer();
  const redis = redisServer();
  if (postgres === null || redis === null) throw new Error('the scaled profile needs PostgreSQL and Redis');
  const url = (await used.take()) ?? (await createDatabase(postgres));
  const keys = redis.reserve();
  const REDIS_PREFIX = keys.prefix.replace(/:$/, '');
  return { DATABASE_URL: url, REDIS_URL: keys.url, REDIS_PREFIX, AUTH_SECRET, ENCRYPTION_KEY };
}

/** Says that nobody needs what is in a store any more; the next one may be made of it. */
export function releaseStore({ DATABASE_URL }: Environment): void {
  used.release(String(DATABASE_URL));
}

/** Says that a store that was released is used further. */
export function keepStore({ DATABASE_URL }: Environment): void {
  used.keep(String(DATABASE_URL));
}

/** What several processes of a test sign with alike. */
const AUTH_SECRET = 'only-for-tests-and-for-nothing-else';

/** What services under test keep secrets with. */
export const ENCRYPTION_KEY = Buffer.alloc(32, 'only for tests').toString('base64');

const used = new UsedDatabases();

async function createDatabase(postgres: PostgresDatabases): Promise<string> {
  const template = await postgres.template('migrated', migrate);
  const { url } = await postgres.createDatabase(template);
  await used.note(url);
  return url;
}

async function migrate(url: string): Promise<void> {
  const database = await PostgresDatabase.open({ url, replicaUrl: undefined, poolSize: 2, entities });
  await database.close();
}
