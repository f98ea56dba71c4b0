import { randomBytes } from 'node:crypto';

/** For a run whose connection was lost, and that goes on. */
const GRACE_MS = 15 * 60_000;

/** What everything begins with that tests make on a server which is not theirs. */
export const TEST_PREFIX = 'signalbox_test_';

/** Names one run of the tests by when it began and its process. */
export function runName(startedAt: number, pid: number): string {
  return `${startedAt.toString(36)}_${pid}`;
}

/** A name for something of that run. */
export function nameWithin(run: string): string {
  return `${TEST_PREFIX}${run}_${randomBytes(5).toString('hex')}`;
}

/** What the connection is called that a run holds on a server for as long as it lasts. */
export function sessionName(run: string): string {
  return `${TEST_PREFIX}${run}`;
}

/**
 * Whether something is of a run that was killed, and so has removed nothing: one that no longer has a connection
 * among `sessions`, the names of all connections to that server. Asking whether its process lives would not do, as
 * that may be on another machine.
 */
export function isLeftBehind(name: string, sessions: ReadonlySet<string>, now: number): boolean {
  const [, session, startedAt] = /^(signalbox_test_([0-9a-z]+)_[0-9]+)_/.exec(name) ?? [];
  if (session === undefined || startedAt === undefined || sessions.has(session)) return false;
  return Number.parseInt(startedAt, 36) < now - GRACE_MS;
}
