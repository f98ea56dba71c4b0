import fc from 'fast-check';
import { addUser, addUsers, cutToLimit, listsOf, mostActive, noUsers, type TopUsers } from './top-users';

function usersOf(counts: Readonly<Record<string, number>>, cut = 0): TopUsers {
  return { counts: new Map(Object.entries(counts)), cut };
}

describe('the most active users', () => {
  it('are all known while they are few', () => {
    const top = usersOf({ ann: 3, bob: 1, cy: 2 });
    cutToLimit(top, 3);
    expect(top).toEqual(usersOf({ ann: 3, bob: 1, cy: 2 }));
  });

  it('lose the highest count that has no place, and say so', () => {
    const top = usersOf({ ann: 9, bob: 5, cy: 2, dan: 2, eve: 1 }, 4);
    cutToLimit(top, 2);
    expect(top).toEqual(usersOf({ ann: 7, bob: 3 }, 6));
  });

  it('are fewer than there is place for where counts are equal', () => {
    const top = usersOf({ ann: 2, bob: 2, cy: 2 });
    cutToLimit(top, 2);
    expect(top).toEqual(usersOf({}, 2));
  });

  it('are the same after being stored', () => {
    const top = usersOf({ ann: 3 }, 2);
    addUser(top, '__proto__', 5);
    const read = noUsers();
    addUsers(read, JSON.parse(JSON.stringify(listsOf(top))) as ReturnType<typeof listsOf>, top.cut);
    expect(read).toEqual(top);
  });

  it('are listed highest first, ties by name', () => {
    expect(mostActive(usersOf({ dan: 1, bob: 2, cy: 7, ann: 2 }), 3)).toEqual([
      ['cy', 7],
      ['ann', 2],
      ['bob', 2],
    ]);
  });

  it('are never counted too high, and too low by no more than a share of all events', () => {
    const limit = 4;
    // Ids that are drawn unevenly, in batches that are cut by themselves before they are added up.
    const user = fc.integer({ min: 0, max: 15 }).map((n) => `user-${Math.floor((n * n) / 12)}`);
    const batches = fc.array(fc.array(user, { maxLength: 40 }), { maxLength: 12 });
    fc.assert(
      fc.property(batches, fc.boolean(), (all, isEachCut) => {
        const truth = new Map<string, number>();
        const top = noUsers();
        for (const batch of all) {
          const part = noUsers();
          for (const user_id of batch) {
            addUser(part, user_id, 1);
            truth.set(user_id, (truth.get(user_id) ?? 0) + 1);
          }
          if (isEachCut) cutToLimit(part, limit);
          addUsers(top, listsOf(part), part.cut);
          cutToLimit(top, limit);
        }
        const total = all.flat().length;
        expect(top.counts.size).toBeLessThanOrEqual(limit);
        expect(top.cut).toBeLessThanOrEqual(total / (limit + 1));
        for (const [user_id, count] of truth) {
          const kept = top.counts.get(user_id) ?? 0;
          expect(kept).toBeLessThanOrEqual(count);
          expect(kept).toBeGreaterThanOrEqual(count - top.cut);
        }
        expect([...top.counts.keys()].filter((user_id) => !truth.has(user_id))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
