/** How many users of a bucket are kept by name. */
export const MAX_USERS = 100;

/** Who did how much, with the most active kept by name. */
export interface TopUsers {
  readonly counts: Map<string, number>;
  /** A count may be too low by so much, and never too high; a user who is missing may have done so much. */
  cut: number;
}

/**
 * The same as it is stored: users and their counts in two lists, in no particular order. (As a list of pairs it takes
 * twice the time to read.)
 */
export type UserLists = readonly [user_ids: readonly string[], counts: readonly number[]];

/** Nobody has done anything yet. */
export function noUsers(): TopUsers {
  return { counts: new Map(), cut: 0 };
}

/** Adds what was counted elsewhere; what may be missing there may then be missing here. */
export function addUsers(top: TopUsers, [userIds, counts]: UserLists, cut: number): void {
  userIds.forEach((user_id, place) => addUser(top, user_id, counts[place] ?? 0));
  top.cut += cut;
}

/** Adds what one user did. */
export function addUser({ counts }: TopUsers, user_id: string, count: number): void {
  counts.set(user_id, (counts.get(user_id) ?? 0) + count);
}

/** The form in which it is stored. */
export function listsOf({ counts }: TopUsers): UserLists {
  return [[...counts.keys()], [...counts.values()]];
}

/**
 * Leaves at most `limit` users, by taking the highest count that has no place from all of them (Misra and Gries,
 * "Finding repeated elements", 1982; in one step, as Agarwal et al. merge summaries in "Mergeable summaries", 2012).
 *
 * Each time at least `limit + 1` counts lose what is taken, so that of n events `cut` is at most n / (limit + 1),
 * however often and in whatever order counts are added and cut.
 */
export function cutToLimit(top: TopUsers, limit = MAX_USERS): void {
  const { counts } = top;
  if (counts.size <= limit) return;
  const taken = nthHighest(counts, limit + 1);
  for (const [user_id, count] of counts) {
    if (count > taken) counts.set(user_id, count - taken);
    else counts.delete(user_id);
  }
  top.cut += taken;
}

/** The most active users, highest count first, ties by name. */
export function mostActive({ counts }: TopUsers, limit: number): [user_id: string, count: number][] {
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).slice(0, limit);
}

/** Sorting an array of numbers only, and filling it by hand, is the fastest way; and this is done often. */
function nthHighest(counts: ReadonlyMap<string, number>, n: number): number {
  const values = new Float64Array(counts.size);
  let place = 0;
  for (const count of counts.values()) values[place++] = count;
  return values.sort()[counts.size - n] as number;
}
