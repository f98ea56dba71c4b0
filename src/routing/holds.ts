import type { Hold } from './wishes';

/** A hold, unless its time is over. */
export function inForce(hold: Hold | null | undefined, now: number): Hold | null {
  return hold !== undefined && hold !== null && hold.until > now ? hold : null;
}
