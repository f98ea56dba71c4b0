import { isIPv6 } from 'node:net';

/** How failures are counted and answered. */
export interface LockPolicy {
  /** The failure from which on each locks. */
  readonly limit: number;
  /** For so long the first of them locks; each further one twice as long. */
  readonly baseMs: number;
  readonly maxMs: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** After so long without another failure, the earlier ones are forgotten. */
export const FORGOTTEN_AFTER_MS = 24 * 60 * MINUTE_MS;

/**
 * Of a person: some hundred guesses a day at most. NIST SP 800-63B, section 5.2.2, wants no more than 100 failures in
 * a row; somebody who keeps on is kept waiting instead, so that nobody can lock a person out for good.
 */
export const OF_PERSON: LockPolicy = { limit: 5, baseMs: 5 * SECOND_MS, maxMs: 15 * MINUTE_MS };

/** Of an address, behind which there may be a whole office. */
export const OF_ADDRESS: LockPolicy = { limit: 20, baseMs: 5 * SECOND_MS, maxMs: 15 * MINUTE_MS };

/** What failures have come to. Instants are milliseconds since 1970 UTC. */
export interface FailureCount {
  readonly failures: number;
  readonly failed_at: number;
  /** 0 where it is not locked. */
  readonly locked_until: number;
}

export const NO_FAILURES: FailureCount = { failures: 0, failed_at: 0, locked_until: 0 };

/** The count with one more failure. */
export function withFailure(count: FailureCount, policy: LockPolicy, now: number): FailureCount {
  const known = now - count.failed_at > FORGOTTEN_AFTER_MS ? 0 : count.failures;
  const failures = known + 1;
  const lockMs =
    failures < policy.limit ? 0 : Math.min(policy.maxMs, policy.baseMs * 2 ** (failures - policy.limit));
  return { failures, failed_at: now, locked_until: lockMs === 0 ? 0 : now + lockMs };
}

/** The count without the failure that was counted last, because it was none. */
export function withoutFailure(count: FailureCount): FailureCount {
  return { ...count, failures: Math.max(0, count.failures - 1), locked_until: 0 };
}

/** Milliseconds until another try is looked at; 0 where it is at once. */
export function waitOf({ locked_until }: FailureCount, now: number): number {
  return Math.max(0, locked_until - now);
}

/**
 * What an address is counted as: itself, and of IPv6 the network of 64 bits that a site has at least (RFC 6177), of
 * which anybody can use one address after the other.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  const groups = [...before, ...(tail === undefined ? [] : zeros), ...after].slice(0, 4);
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}
