import { relative } from 'node:path';
import { missingServers, noteLeftOut } from './left-out';
import { serverChoice, testRun } from './test-run';

/**
 * Runs before each suite of the scaled profile. Where there is no PostgreSQL or no Redis the whole suite is left out, as
 * the end of the run says loudly; with `TEST_SERVERS=required` its tests fail instead.
 */
function leaveOutWhereServersAreMissing(): void {
  const run = testRun();
  const missing = missingServers({ postgres: true, redis: true }, run);
  if (missing.length === 0 || serverChoice() === 'required') return;
  noteLeftOut(run, `${suite()} on PostgreSQL and Redis`, missing);
  for (const part of [describe.skip, it.skip, test.skip]) Object.assign(part, { skip: part, only: part });
  Object.assign(globalThis, { describe: describe.skip, it: it.skip, test: test.skip });
}

function suite(): string {
  const { testPath } = expect.getState();
  return testPath === undefined ? 'a suite' : relative(process.cwd(), testPath);
}

leaveOutWhereServersAreMissing();
