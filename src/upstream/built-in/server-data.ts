import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../config/version';

/** A user of the built-in upstream API. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly events: readonly string[];
}

/** One of its events. */
export interface UserEvent {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly details?: unknown;
}

/** What the built-in upstream API begins with. */
export interface ServerData {
  readonly users: readonly User[];
  readonly events: readonly UserEvent[];
}

/** The answer to an event that somebody wants to add. */
export type Added = { readonly success: true; readonly id: string } | Refused;

interface Refused {
  readonly success: false;
  readonly message: string;
}

/** So many events are taken; they live in memory. */
const MAX_EVENTS = 10_000;

/** The made-up users and events of `fixtures/upstream`, or of another folder with such files. */
export function fixtureData(folder = join(PACKAGE_ROOT, 'fixtures', 'upstream')): ServerData {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return { users: read('users.json') as User[], events: read('events.json') as UserEvent[] };
}

/** Users and their events, and those that are added; gone when the process ends. */
export class ServerStore {
  private readonly users: Map<string, User>;
  private readonly events: Map<string, UserEvent>;

  constructor({ users, events }: ServerData) {
    this.users = new Map(users.map((user) => [user.id, user]));
    this.events = new Map(events.map((event) => [event.id, event]));
  }

  allUsers(): User[] {
    return [...this.users.values()];
  }

  allEvents(): UserEvent[] {
    return [...this.events.values()];
  }

  user(id: string): User | undefined {
    return this.users.get(id);
  }

  event(id: string): UserEvent | undefined {
    return this.events.get(id);
  }

  /** Takes an event of a known user. */
  add({ name, userId, details }: Readonly<Record<string, unknown>>): Added {
    if (typeof name !== 'string' || typeof userId !== 'string')
      return refused('name and userId must be text');
    const user = this.users.get(userId);
    if (user === undefined) return refused('no such user');
    if (this.events.size >= MAX_EVENTS) return refused('no room for more events');
    const id = `e-${randomUUID()}`;
    this.events.set(id, { id, name, userId, details });
    this.users.set(userId, { ...user, events: [...user.events, id] });
    return { success: true, id };
  }
}

function refused(message: string): Refused {
  return { success: false, message };
}
