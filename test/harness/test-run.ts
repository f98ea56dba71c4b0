import type { PostgresBinaries } from './postgres-binaries';

/** What one run of the tests has to work with, found out before its first test, and the same in all Jest workers. */
export interface TestRun {
  readonly name: string;
  /** Where its temporary files go. */
  readonly folder: string;
  /** Of the PostgreSQL that tests share, as somebody who may create databases. */
  readonly postgresUrl: string | null;
  /** For a PostgreSQL of a test's own. */
  readonly postgresBinaries: PostgresBinaries | null;
  /** Of the Redis that tests share. */
  readonly redisUrl: string | null;
  /** Whether a test can start a Redis of its own. */
  readonly hasRedisServer: boolean;
  /** Whether Prometheus' tool for rules and configurations is there. */
  readonly hasPromtool: boolean;
  /** The program of Chromium; null where there is none. */
  readonly chromiumPath: string | null;
}

/**
 * `TEST_SERVERS` says which servers the tests use: `required` fails a suite that lacks one instead of leaving it out,
 * `own` leaves alone what runs already, `none` behaves as on a machine that has nothing.
 */
export type ServerChoice = 'found' | 'required' | 'own' | 'none';

const VARIABLE = 'SIGNALBOX_TEST_RUN';
const CHOICES: readonly string[] = ['found', 'required', 'own', 'none'];

export function serverChoice(): ServerChoice {
  const choice = process.env['TEST_SERVERS'] ?? 'found';
  if (!CHOICES.includes(choice)) throw new Error(`TEST_SERVERS must be one of ${CHOICES.join(', ')}`);
  return choice as ServerChoice;
}

/** Hands it to the Jest workers, which inherit the environment. */
export function publishTestRun(run: TestRun): void {
  process.env[VARIABLE] = JSON.stringify(run);
}

export function testRun(): TestRun {
  const run = process.env[VARIABLE];
  if (run === undefined)
    throw new Error(`${VARIABLE} is not set: Jest has to run with test/harness/global-setup.ts`);
  return JSON.parse(run) as TestRun;
}

/** Says something that must not be overlooked among the results. */
export function sayLoudly(text: string): void {
  process.stderr.write(`\n*** ${text}\n`);
}
