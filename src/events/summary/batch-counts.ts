import type { NormalizedEvent } from '../../normalization/normalized-event';
import { addUser, cutToLimit, listsOf, noUsers, type TopUsers, type UserLists } from './top-users';
import { nameOf } from './type-limit';

/** How many events of a batch are counted together. */
export type CountRow = readonly [
  account_id: string,
  severity: string,
  source: string,
  type: string,
  count: number,
];

/** How much each user of an account did in a batch, and how much may be missing. */
export type AccountTally = readonly [account_id: string, cut: number, users: UserLists];

/** What a batch adds to the roll-ups. */
export interface BatchCounts {
  /** In the order of their columns, so that concurrent batches lock rows in one order. */
  readonly rows: readonly CountRow[];
  readonly tallies: readonly AccountTally[];
}

interface AccountCounts {
  readonly types: Set<string>;
  readonly counts: Map<string, number>;
  readonly users: TopUsers;
}

/** So many users of an account are told apart in one batch. */
const MAX_TALLIED = 500;

/** No column that is counted by can hold it. */
const SEPARATOR = '\0';

/** Adds up a batch of new events; `typesOf` has the types of an account that are counted by name. */
export function countBatch(
  events: Iterable<NormalizedEvent>,
  typesOf: (account_id: string) => Set<string>,
): BatchCounts {
  const accounts = new Map<string, AccountCounts>();
  for (const { account_id, severity, source, type, user_id } of events) {
    let account = accounts.get(account_id);
    if (account === undefined) {
      account = { types: typesOf(account_id), counts: new Map(), users: noUsers() };
      accounts.set(account_id, account);
    }
    const key = `${severity}${SEPARATOR}${source}${SEPARATOR}${nameOf(type, account.types)}`;
    account.counts.set(key, (account.counts.get(key) ?? 0) + 1);
    if (user_id !== null) addUser(account.users, user_id, 1);
  }
  const sorted = [...accounts].sort(byKey);
  return { rows: sorted.flatMap(rowsOf), tallies: sorted.flatMap(tallyOf) };
}

function rowsOf([account_id, { counts }]: [string, AccountCounts]): CountRow[] {
  return [...counts].sort(byKey).map(([key, count]) => {
    const [severity = '', source = '', type = ''] = key.split(SEPARATOR);
    return [account_id, severity, source, type, count];
  });
}

function tallyOf([account_id, { users }]: [string, AccountCounts]): AccountTally[] {
  if (users.counts.size === 0) return [];
  cutToLimit(users, MAX_TALLIED);
  return [[account_id, users.cut, listsOf(users)]];
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
