import { stateOfEvidence, type ServiceState } from '../services/service-state';
import type { ServiceView } from '../services/services-views';
import type { Basis } from './public-status';

/** What is said of a service to everybody, and why. */
export interface PublicState {
  readonly state: ServiceState;
  readonly basis: Basis;
  /** Of the newest evidence, in milliseconds since 1970 UTC; null where there is none. */
  readonly evidence_at: number | null;
}

/** What its state is judged by. */
export interface StateFacts {
  /** Undefined where nothing is known of it. */
  readonly view: Pick<ServiceView, 'evidence'> | undefined;
  /** Whether a monitor of it is in planned maintenance. */
  readonly is_in_maintenance: boolean;
  readonly now: number;
  /** So old, in milliseconds, may be what its page said. Checks that are too old say `unknown` themselves. */
  readonly pageFreshForMs: number;
}

/**
 * How a service is, for everybody to read. Trouble counts whoever tells of it. That all is well is said only by
 * somebody who looks (its page or our checks) and has looked lately; where nobody looks, that no trouble is
 * reported. Trouble that was there when it was last looked at is not over because nobody looks.
 */
export function publicStateOf({ view, is_in_maintenance, now, pageFreshForMs }: StateFacts): PublicState {
  const evidence = (view?.evidence ?? []).map(({ by, state, at }) => {
    const seenAt = at === null ? null : Date.parse(at);
    const isStale = by === 'page' && (seenAt === null || now - seenAt > pageFreshForMs);
    return { by, seenAt, state: isStale && state === 'ok' ? 'unknown' : state };
  });
  const planned: ServiceState[] = is_in_maintenance ? ['maintenance'] : [];
  const observed = evidence.filter(({ by }) => by !== 'events');
  const troubles = evidence
    .map(({ state }) => state)
    .filter((state) => state !== 'ok' && state !== 'unknown');
  const looks = observed.length > 0 || is_in_maintenance;
  const sayers = looks ? observed.map(({ state }) => state) : evidence.map(({ state }) => state);
  const newest = Math.max(...(looks ? observed : evidence).map(({ seenAt }) => seenAt ?? -Infinity));
  return {
    state: stateOfEvidence([...troubles, ...planned, ...sayers]),
    basis: looks ? 'observed' : evidence.length > 0 ? 'reported' : 'none',
    evidence_at: Number.isFinite(newest) ? newest : null,
  };
}
