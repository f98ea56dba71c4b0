import type { OwnPostgres } from '../harness/postgres-server';
import type { AppendFsync, OwnRedis } from '../harness/redis-server';
import { startOwnPostgres, startOwnRedis } from '../harness/servers';

/** Servers that a test may stop, kill, slow and flush. */
export interface OwnServers {
  readonly postgres: OwnPostgres;
  readonly redis: OwnRedis;
}

/** Starts both. With `always`, Redis has on disk what it has answered for. */
export async function startOwnServers(appendFsync: AppendFsync = 'everysec'): Promise<OwnServers> {
  const [postgres, redis] = await Promise.all([startOwnPostgres(), startOwnRedis(appendFsync)]);
  return { postgres, redis };
}

export async function removeOwnServers({ postgres, redis }: OwnServers): Promise<void> {
  await Promise.all([postgres.remove(), redis.remove()]);
}
