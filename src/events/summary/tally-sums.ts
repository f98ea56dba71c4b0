import type { AccountTally } from './batch-counts';
import { bucketOf, DAY_MS, HOUR_MS, type Bucket } from './time-buckets';
import { addUsers, noUsers, type TopUsers } from './top-users';
import type { UserTallyEntity } from './user-tally.entity';

/** How long the buckets are that users are counted in. */
const SPANS_MS = [HOUR_MS, DAY_MS];

/** What is to be added to the users of one account in one bucket. */
export interface AccountBucket extends Bucket {
  readonly account_id: string;
  /** Names the bucket; its rows are locked in the order of these. */
  readonly key: string;
  readonly parts: TopUsers[];
}

/** What several batches add up to, and which of them those are. */
export interface TallySums {
  readonly taken: readonly number[];
  readonly buckets: readonly AccountBucket[];
}

/** After how much no further batch is taken. */
export interface SumLimits {
  readonly users: number;
  readonly accounts: number;
}

/** Adds up the first batches: at least one, and no more than it takes to reach a limit. */
export function sumTallies(batches: readonly UserTallyEntity[], limits: SumLimits): TallySums {
  const taken: number[] = [];
  const hours = new Map<number, Map<string, TopUsers>>();
  const size = { users: 0, accounts: 0 };
  for (const { id, received_at, tallies } of batches) {
    if (size.users >= limits.users || size.accounts >= limits.accounts) break;
    taken.push(id);
    const accounts = accountsOf(hours, received_at);
    size.accounts -= accounts.size;
    for (const [account_id, cut, users] of readTallies(tallies)) {
      const sum = accounts.get(account_id) ?? noUsers();
      accounts.set(account_id, sum);
      addUsers(sum, users, cut);
      size.users += users[0].length;
    }
    size.accounts += accounts.size;
  }
  return { taken, buckets: bucketsOf(hours) };
}

/** What the users of one batch did, by account. */
export function readTallies(text: string): readonly AccountTally[] {
  return JSON.parse(text) as AccountTally[];
}

function accountsOf(hours: Map<number, Map<string, TopUsers>>, at: number): Map<string, TopUsers> {
  const hourAt = bucketOf(at, HOUR_MS).bucket_at;
  const accounts = hours.get(hourAt) ?? new Map<string, TopUsers>();
  hours.set(hourAt, accounts);
  return accounts;
}

function bucketsOf(hours: ReadonlyMap<number, ReadonlyMap<string, TopUsers>>): AccountBucket[] {
  const buckets = new Map<string, AccountBucket>();
  for (const [hourAt, accounts] of hours) {
    for (const bucket of SPANS_MS.map((spanMs) => bucketOf(hourAt, spanMs))) {
      for (const [account_id, sum] of accounts) {
        const key = keyOf({ ...bucket, account_id });
        const known = buckets.get(key) ?? { ...bucket, account_id, key, parts: [] };
        buckets.set(key, known);
        known.parts.push(sum);
      }
    }
  }
  return [...buckets.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The name of an account's bucket. */
export function keyOf({ span_ms, bucket_at, account_id }: Bucket & { readonly account_id: string }): string {
  return `${span_ms} ${bucket_at} ${account_id}`;
}
