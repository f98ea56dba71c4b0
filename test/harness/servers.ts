import { missingServers, noteLeftOut, type Needs } from './left-out';
import { PostgresDatabases } from './postgres-databases';
import { OwnPostgres } from './postgres-server';
import { RedisKeys } from './redis-keys';
import { OwnRedis, type AppendFsync } from './redis-server';
import { serverChoice, testRun } from './test-run';

/** The PostgreSQL that tests share: each takes databases of its own. Null where there is none. */
export function postgresServer(): PostgresDatabases | null {
  const { postgresUrl, name } = testRun();
  return postgresUrl === null ? null : new PostgresDatabases(postgresUrl, name);
}

/** The Redis that tests share: each takes a prefix of its own. Null where there is none. */
export function redisServer(): RedisKeys | null {
  const { redisUrl, name } = testRun();
  return redisUrl === null ? null : new RedisKeys(redisUrl, name);
}

/** A PostgreSQL for a test that stops, kills or slows it. Its suite needs `ownPostgres`. */
export function startOwnPostgres(): Promise<OwnPostgres> {
  const { postgresBinaries } = testRun();
  if (postgresBinaries === null) throw new Error('there is no PostgreSQL to start');
  return OwnPostgres.start(postgresBinaries);
}

/** A Redis for a test that stops, kills or flushes it. Its suite needs `ownRedis`. */
export function startOwnRedis(appendFsync: AppendFsync = 'everysec'): Promise<OwnRedis> {
  return OwnRedis.start(appendFsync);
}

/**
 * A suite that needs servers. Where one is missing it is left out, as the end of the run says loudly; with
 * `TEST_SERVERS=required` it fails instead.
 */
export function describeWith(needs: Needs, name: string, body: () => void): void {
  const run = testRun();
  const missing = missingServers(needs, run);
  if (missing.length === 0) {
    describe(name, body);
    return;
  }
  const reason = `needs ${missing.join(', ')}`;
  if (serverChoice() === 'required') {
    it(`${name} ${reason}`, () => {
      throw new Error(`${name} ${reason}`);
    });
    return;
  }
  noteLeftOut(run, name, missing);
  it.skip(`${name} ${reason}`, () => undefined);
}
