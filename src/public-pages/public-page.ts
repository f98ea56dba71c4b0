/** What a slug is, and an id of a service: also what a name of a host may be, should a page ever get one. */
export const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** So many services a page shows at most. */
export const MAX_SHOWN_SERVICES = 50;

/** A service as everybody may see it. */
export interface ShownService {
  /** Names it in the addresses of badges: unique on the page. */
  readonly id: string;
  /** The account's own name of it, which nobody else gets to see. */
  readonly service: string;
  /** What everybody reads. */
  readonly name: string;
}

/** What an account shows to everybody: this and nothing else. */
export interface PublicPage {
  /** Its part of the page's address. */
  readonly slug: string;
  readonly title: string;
  readonly enabled: boolean;
  /** Whether incidents are told with their summary, or by service, severity and time alone. */
  readonly show_summaries: boolean;
  readonly services: readonly ShownService[];
}

/** A service as it is asked for; one without an id gets one. */
export interface WantedService {
  readonly id?: string | undefined;
  readonly service: string;
  readonly name: string;
}

/** Longest id of a service. */
const MAX_ID = 48;

/**
 * Gives every service an id: the one asked for, else the one that it had, so that badges stay where they are when a name
 * is changed, else one made from its public name.
 */
export function withIds(wanted: readonly WantedService[], known: readonly ShownService[]): ShownService[] {
  const earlier = new Map(known.map(({ service, id }) => [service, id]));
  const taken = new Set(wanted.flatMap(({ id }) => id ?? []));
  return wanted.map(({ id, service, name }) => {
    if (id !== undefined) return { id, service, name };
    const kept = earlier.get(service);
    const given = kept !== undefined && !taken.has(kept) ? kept : freeId(name, taken);
    taken.add(given);
    return { id: given, service, name };
  });
}

function freeId(name: string, taken: ReadonlySet<string>): string {
  const base = idFrom(name);
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/** A name in small letters of the Latin alphabet; `service` where nothing is left of it. */
function idFrom(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_ID)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'service' : plain;
}
