import { iso } from '../../normalization/instant';
import { DEFAULT_ACCOUNT, type NormalizedEvent } from '../../normalization/normalized-event';
import type { Census } from '../check/mass-failure';
import { MONITOR_SOURCE } from '../model/incident-event';

/** A process that holds decisions (`DecisionHold`). */
export interface Hold {
  /** The process, in letters that an event's id can have. */
  readonly worker: string;
  readonly heldSince: number;
}

/** The id of the event that tells of a hold. */
export function holdEventId({ worker, heldSince }: Hold): string {
  return `monitor:hold:${worker}:${iso(heldSince)}`;
}

/** The event that says that a process holds decisions. It is the operator's. */
export function holdEvent(hold: Hold, { watched, failing }: Census, now: number): NormalizedEvent {
  return {
    account_id: DEFAULT_ACCOUNT,
    event_id: holdEventId(hold),
    source: MONITOR_SOURCE,
    kind: 'status',
    severity: 'warning',
    service: 'signalbox',
    type: 'decisions_held',
    user_id: null,
    summary: `${hold.worker} cannot tell whether targets are down`,
    description:
      `${failing} of ${watched} monitors began to fail at once, and the fault is on this side: what fails is unknown ` +
      'until it is mended, and nobody is paged for it.',
    started_at: hold.heldSince,
    resolved_at: null,
    updated_at: now,
    raw: JSON.stringify({ worker: hold.worker, held_since: iso(hold.heldSince), watched, failing }),
  };
}
