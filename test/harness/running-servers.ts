import { userInfo } from 'node:os';
import { inPostgresSession } from './postgres-session';
import { inRedisSession } from './redis-session';
import { sayLoudly } from './test-run';

type Variables = Readonly<Record<string, string | undefined>>;

/** The first version with DROP DATABASE … WITH (FORCE). */
const POSTGRES_VERSION = 13;
/** BullMQ warns below it (`recommendedMinimumVersion` in its redis-connection.ts). */
const REDIS_VERSION = '6.2.0';

/** The PostgreSQL of `DATABASE_URL` or of the usual local port, where tests may create databases; or null. */
export async function findRunningPostgres(variables: Variables): Promise<string | null> {
  const given = variables['DATABASE_URL'];
  const users = new Set(['postgres', userInfo().username]);
  const local = [...users].map((user) => `postgres://${encodeURIComponent(user)}@127.0.0.1:5432/postgres`);
  const isPostgres = given !== undefined && /^postgres(ql)?:/.test(given);
  return firstUsable(isPostgres ? ['DATABASE_URL', given] : null, local, postgresFault);
}

/** The Redis of `REDIS_URL` or of the usual local port, where it never evicts a key; or null. */
export async function findRunningRedis(variables: Variables): Promise<string | null> {
  const given = variables['REDIS_URL'];
  return firstUsable(
    given === undefined || given === '' ? null : ['REDIS_URL', given],
    ['redis://127.0.0.1:6379'],
    redisFault,
  );
}

async function firstUsable(
  given: readonly [name: string, url: string] | null,
  local: readonly string[],
  faultOf: (url: string) => Promise<string | null>,
): Promise<string | null> {
  const fault = given === null ? null : await faultOf(given[1]);
  if (given !== null && fault === null) return given[1];
  if (given !== null) sayLoudly(`The tests do not use the server of ${given[0]}: ${fault}`);
  for (const url of local) if ((await faultOf(url)) === null) return url;
  return null;
}

/** Why tests cannot use it, or null where they can. */
export async function postgresFault(url: string): Promise<string | null> {
  const query = `
    SELECT rolsuper OR rolcreatedb AS may_create, current_setting('server_version_num')::int / 10000 AS version
      FROM pg_roles WHERE rolname = current_user`;
  try {
    return await inPostgresSession(url, async (client) => {
      const [row] = (await client.query<{ may_create: boolean; version: number }>(query)).rows;
      if (row?.may_create !== true) return 'its user may not create databases';
      return row.version < POSTGRES_VERSION ? `it is older than PostgreSQL ${POSTGRES_VERSION}` : null;
    });
  } catch (error) {
    return faultText(error);
  }
}

/** Why tests cannot use it, or null where they can. */
export async function redisFault(url: string): Promise<string | null> {
  try {
    return await inRedisSession(url, async (redis) => {
      // INFO and not CONFIG GET, which hosted servers refuse.
      const info = await redis.info();
      const field = (name: string): string =>
        new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? 'unknown';
      const policy = field('maxmemory_policy');
      if (policy !== 'noeviction') return `its maxmemory-policy is ${policy}, which may evict a job`;
      const version = field('redis_version');
      const isOld = version.localeCompare(REDIS_VERSION, 'en', { numeric: true }) < 0;
      return isOld ? `it is Redis ${version}, older than ${REDIS_VERSION}` : null;
    });
  } catch (error) {
    return faultText(error);
  }
}

function faultText(error: unknown): string {
  const { message, code } = error as Error & { readonly code?: string };
  return message === '' ? String(code) : message;
}
