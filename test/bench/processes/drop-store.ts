import { Redis } from 'ioredis';
import { Client } from 'pg';

/** Where a store of the benchmark is. */
export interface StorePlace {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly database: string;
  /** Keys begin with it and a colon. */
  readonly prefix: string;
}

/** Removes the database and all keys that begin with the prefix. */
export async function dropStore({ postgresUrl, redisUrl, database, prefix }: StorePlace): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await client.end();
  const redis = new Redis(redisUrl);
  for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1_000 })) {
    if ((keys as string[]).length > 0) await redis.unlink(keys as string[]);
  }
  redis.disconnect();
}

// As a program of its own it cleans up after a benchmark that was cut short.
if (require.main === module) void dropStore(JSON.parse(process.argv[2] ?? '') as StorePlace);
