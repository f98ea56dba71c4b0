import type { Severity } from '../normalization/normalized-event';

/** How a service is, worst first. `unknown`: nothing that could tell can tell now, which is not the same as well. */
export const SERVICE_STATES = ['outage', 'degraded', 'unknown', 'maintenance', 'ok'] as const;
export type ServiceState = (typeof SERVICE_STATES)[number];

/** What an open event says of its service. */
export interface OpenTrouble {
  readonly severity: Severity;
  readonly type: string;
}

/** The worst of some states; `unknown` of none. */
export function worstOf(states: readonly ServiceState[]): ServiceState {
  return SERVICE_STATES.find((state) => states.includes(state)) ?? 'unknown';
}

/** What the open events of a source say of a service; what is merely worth knowing leaves it well. */
export function stateOfTroubles(troubles: readonly OpenTrouble[]): ServiceState {
  return worstOf(['ok', ...troubles.map(stateOfTrouble)]);
}

/**
 * What all evidence together says: the worst of what is known. Evidence that cannot tell counts only where no other
 * can: an unreadable page beside checks that pass is no reason to worry, and one that stands alone is no reassurance.
 */
export function stateOfEvidence(states: readonly ServiceState[]): ServiceState {
  return worstOf(states.filter((state) => state !== 'unknown'));
}

function stateOfTrouble({ severity, type }: OpenTrouble): ServiceState {
  switch (severity) {
    case 'critical':
      return 'outage';
    case 'warning':
      return 'degraded';
    case 'info':
      return type === 'maintenance' ? 'maintenance' : 'ok';
  }
}
