import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Environment } from '../../src/config/settings';
import { freePort } from '../harness/free-port';
import { inheritedEnvironment } from '../harness/inherited-environment';
import type { OwnRedis } from '../harness/redis-server';
import { inRedisSession } from '../harness/redis-session';
import { describeWith, startOwnRedis } from '../harness/servers';
import { freshScaledStore } from '../harness/store';

const MAIN = join(__dirname, '..', '..', 'dist', 'main.js');

/** What a process that does not start says on its standard error, behind its exit code. */
async function lastWords(environment: Environment): Promise<string> {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...inheritedEnvironment(), PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return `${code}: ${errors}`;
}

describeWith({ postgres: true, redis: true, ownRedis: true }, 'a process that cannot start', () => {
  let redis: OwnRedis;
  beforeAll(async () => {
    redis = await startOwnRedis();
  });
  afterAll(() => redis.remove());

  it('says that Redis may drop what it is given to keep, and what to do', async () => {
    await inRedisSession(redis.url, (client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    expect(await lastWords({ ...(await freshScaledStore()), REDIS_URL: redis.url })).toBe(
      '1: Redis runs with maxmemory-policy=allkeys-lru, and so may drop events that it was ' +
        'given to keep. Set maxmemory-policy to noeviction.\n',
    );
  });

  it('says that no PostgreSQL answers, and where it was looked for', async () => {
    const store = await freshScaledStore();
    const url = new URL(store['DATABASE_URL'] as string);
    url.port = String(await freePort());
    expect(await lastWords({ ...store, DATABASE_URL: url.href })).toBe(
      '1: Signalbox cannot start: no PostgreSQL answers at host and port of DATABASE_URL ' +
        '(the database refuses to work (ECONNREFUSED))\n',
    );
  });

  it('says that there is no such database', async () => {
    const store = await freshScaledStore();
    const DATABASE_URL = `${store['DATABASE_URL'] as string}_not`;
    expect(await lastWords({ ...store, DATABASE_URL })).toBe(
      '1: Signalbox cannot start: PostgreSQL has no database of the name in DATABASE_URL ' +
        '(the database refuses to work (3D000))\n',
    );
  });
});
