import type { EventIdentity } from '../normalization/event-identity';

/** Basis and prime of FNV-1a with 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

const HUNDRED = 100;

/**
 * Where an event falls, from 0 to 99: the same for ever, in all processes and for all routes. A route for some percent of
 * events is for those that fall below, and so a higher percentage keeps all that a lower one had.
 *
 * An event that is only thought of has no id, and falls on 0: on the side of whatever is not switched off.
 */
export function placeAmongHundred({ account_id, event_id }: EventIdentity): number {
  return event_id === '' ? 0 : fnv1a(`${account_id}/${event_id}`) % HUNDRED;
}

/** FNV-1a of a text's UTF-8, 32 bits: quick enough to be asked by every route of every event. */
export function fnv1a(text: string): number {
  let hash = BASIS;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0;
}
