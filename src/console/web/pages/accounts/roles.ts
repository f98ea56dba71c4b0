import type { Member } from '../../api/types';

export type Role = Member['role'];

/** As a choice, the least first. */
export const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

const WORDS: Readonly<Record<Role, { readonly name: string; readonly may: string }>> = {
  viewer: { name: 'a viewer', may: 'see events, deliveries, monitors and destinations, and change nothing' },
  operator: {
    name: 'an operator',
    may: 'also post and resolve events, replay deliveries, check a monitor now and test a destination',
  },
  admin: {
    name: 'an admin',
    may: 'also change monitors, destinations, routes, keys and people, and see who changed what',
  },
};

/** What a role is called in a sentence, and what it allows. */
export function roleWords(role: Role): { readonly name: string; readonly may: string } {
  return WORDS[role];
}
