import { existsSync, readFileSync } from 'node:fs';
import { leftOutPath } from './left-out';
import { cleanUpAfterRun } from './run-cleanup';
import { sayLoudly, testRun } from './test-run';

/** Runs once, after the Jest workers: says which suites were left out, and removes what the run has made. */
export default async function globalTeardown(): Promise<void> {
  const path = leftOutPath(testRun());
  if (existsSync(path)) sayLoudly(`LEFT OUT, for want of a server:\n${readFileSync(path, 'utf8')}`);
  await cleanUpAfterRun();
}
