import type { Severity } from '../normalization/normalized-event';
import type { Action, DeliveryReason, DeliveryStatus, HoldReason } from '../outbox/delivery.entity';

/** What was decided before for the same event. Lists of them are in order, oldest first. */
export interface EarlierDelivery {
  readonly id: number;
  readonly destination: string;
  readonly action: Action;
  readonly status: DeliveryStatus;
  readonly reason: DeliveryReason | null;
  readonly severity: Severity;
  readonly hold: HoldReason | null;
  readonly held_until: number | null;
  readonly route_id: string | null;
  readonly remind_every_s: number | null;
  /** Whether a request was ever made for it. */
  readonly is_attempted: boolean;
  /** Whether the destination may know of it, confirmed or not. */
  readonly may_have_arrived: boolean;
}

/** A trigger that waits for its route's sake: nothing was asked of the destination yet. */
export function isHeld({ status, hold, is_attempted }: EarlierDelivery): boolean {
  return status === 'pending' && hold !== null && !is_attempted;
}

/** The trigger that is held there: at most one, because whatever would come behind it takes its place. */
export function heldTrigger<D extends EarlierDelivery>(there: readonly D[]): D | undefined {
  return there.findLast(isHeld);
}

/** The trigger that keeps the event open: the newest delivery that counts, if it is one. What is held does not count. */
export function openTrigger<D extends EarlierDelivery>(there: readonly D[]): D | undefined {
  const newest = there.findLast((delivery) => {
    return !isHeld(delivery) && (isLive(delivery) || isPossiblyThere('resolve', delivery));
  });
  return newest?.action === 'trigger' ? newest : undefined;
}

/**
 * Whether there is, or may be, something to close: an open trigger, or a dead one that may have arrived all
 * the same and that nothing has closed since.
 */
export function isOpenOrPossiblyOpen(there: readonly EarlierDelivery[]): boolean {
  const newest = there.findLast((delivery) => isLive(delivery) || isPossiblyThere('trigger', delivery));
  return newest?.action === 'trigger';
}

function isLive({ status }: EarlierDelivery): boolean {
  return status === 'pending' || status === 'delivered';
}

/** Whether it is a delivery of this action that was given up, and may have arrived all the same. */
function isPossiblyThere(action: Action, delivery: EarlierDelivery): boolean {
  return delivery.action === action && delivery.status === 'dead' && delivery.may_have_arrived;
}
