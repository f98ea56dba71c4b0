import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRun } from './test-run';

/** The servers and programs that a suite needs: servers that all share, or of its own, to stop, kill and flush. */
export interface Needs {
  readonly postgres?: true;
  readonly redis?: true;
  readonly ownPostgres?: true;
  readonly ownRedis?: true;
  readonly promtool?: true;
  /** The browser in which the console is tested. */
  readonly chromium?: true;
}

/** What of it the run does not have, in words. */
export function missingServers(needs: Needs, run: TestRun): string[] {
  const has = {
    postgres: run.postgresUrl !== null,
    redis: run.redisUrl !== null,
    ownPostgres: run.postgresBinaries !== null,
    ownRedis: run.hasRedisServer,
    promtool: run.hasPromtool,
    chromium: run.chromiumPath !== null,
  };
  const words = {
    postgres: 'PostgreSQL',
    redis: 'Redis',
    ownPostgres: 'a PostgreSQL of its own',
    ownRedis: 'a Redis of its own',
    promtool: 'promtool',
    chromium: 'Chromium',
  };
  const names = Object.keys(needs) as (keyof Needs)[];
  return names.filter((name) => !has[name]).map((name) => words[name]);
}

/** Where the suites are written down that were left out. */
export function leftOutPath(run: TestRun): string {
  return join(run.folder, 'left-out');
}

export function noteLeftOut(run: TestRun, suite: string, missing: readonly string[]): void {
  appendFileSync(leftOutPath(run), `  - ${suite} (needs ${missing.join(', ')})\n`);
}
