import type { ServerData } from '../../src/upstream/built-in/server-data';

/** The ids of a user's events. */
export function eventIds(user: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${user}-${n}`);
}

/** Users with so many events each. */
export function usersWith(counts: Readonly<Record<string, number>>): ServerData {
  const users = Object.entries(counts).map(([id, count]) => ({ id, name: id, events: eventIds(id, count) }));
  const events = users.flatMap((user) =>
    user.events.map((id) => ({ id, name: `Event ${id}`, userId: user.id })),
  );
  return { users, events };
}
