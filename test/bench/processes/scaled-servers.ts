import { Client } from 'pg';
import { Redis } from 'ioredis';

/** PostgreSQL and Redis, as found. */
export interface ScaledServers {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** What they say about themselves, as far as it bears on the numbers. */
  readonly description: readonly (readonly [string, string])[];
}

/** Where they are looked for unless `DATABASE_URL` and `REDIS_URL` say otherwise. */
const LOCAL_POSTGRES = 'postgres://postgres@127.0.0.1:5432/postgres';
const LOCAL_REDIS = 'redis://127.0.0.1:6379';

const CONNECT_TIMEOUT_MS = 2_000;

/** What a report says where there are no servers. */
export const LEFT_OUT =
  '**Left out**: no PostgreSQL and Redis answered, neither at `DATABASE_URL` and `REDIS_URL` nor on the default ' +
  'ports of this machine.';

/** The servers that the scaled profile can be measured on; null where either does not answer. */
export async function findScaledServers(): Promise<ScaledServers | null> {
  const { DATABASE_URL = '', REDIS_URL } = process.env;
  const postgresUrl = DATABASE_URL.startsWith('postgres') ? DATABASE_URL : LOCAL_POSTGRES;
  const redisUrl = REDIS_URL ?? LOCAL_REDIS;
  try {
    const description = [...(await describePostgres(postgresUrl)), ...(await describeRedis(redisUrl))];
    return { postgresUrl, redisUrl, description };
  } catch (error) {
    console.error(`there are no servers for the scaled profile: ${(error as Error).message}`);
    return null;
  }
}

async function describePostgres(url: string): Promise<[string, string][]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, string>>(
      `SELECT current_setting('server_version') AS version, current_setting('shared_buffers') AS buffers,
        current_setting('synchronous_commit') AS commits, current_setting('fsync') AS fsync`,
    );
    const { version, buffers, commits, fsync } = rows[0] ?? {};
    return [
      ['PostgreSQL', `${version}, shared_buffers ${buffers}, synchronous_commit ${commits}, fsync ${fsync}`],
    ];
  } finally {
    await client.end();
  }
}

async function describeRedis(url: string): Promise<[string, string][]> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  try {
    await redis.connect();
    const [, appendOnly = 'unknown'] = (await redis.config('GET', 'appendonly')) as string[];
    const version = /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1] ?? 'unknown';
    return [['Redis', `${version}, appendonly ${appendOnly}`]];
  } finally {
    redis.disconnect();
  }
}
