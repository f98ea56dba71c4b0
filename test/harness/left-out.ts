import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRun } from './test-run';

/** The servers that a suite needs: the ones that all share, or ones of its own that it may stop, kill and flush. */
export interface Needs {
  readonly postgres?: true;
  readonly redis?: true;
  readonly ownPostgres?: true;
  readonly ownRedis?: true;
}

/** What of it the run does not have, in words. */
export function missingServers(needs: Needs, run: TestRun): string[] {
  const has = {
    postgres: run.postgresUrl !== null,
    redis: run.redisUrl !== null,
    ownPostgres: run.postgresBinaries !== null,
    ownRedis: run.hasRedisServer,
  };
  const words = {
    postgres: 'PostgreSQL',
    redis: 'Redis',
    ownPostgres: 'a PostgreSQL of its own',
    ownRedis: 'a Redis of its own',
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
