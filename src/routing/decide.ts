import { rankOf, type NormalizedEvent, type Severity } from '../normalization/normalized-event';
import type { Action, DeliveryReason, DeliveryStatus } from '../outbox/delivery.entity';
import { wantedAt, type RoutingRules } from './rules';

/** What was decided before for the same event, oldest first. */
export interface EarlierDelivery {
  readonly id: number;
  readonly destination: string;
  readonly action: Action;
  readonly status: DeliveryStatus;
  readonly severity: Severity;
  /** Whether a request was ever made for it. */
  readonly is_attempted: boolean;
  /** Whether the destination may know of it, confirmed or not. */
  readonly may_have_arrived: boolean;
}

/** A row to add to the outbox, or a row of it to skip. */
export type Decision =
  | { readonly do: 'send'; readonly destination: string; readonly action: Action }
  | {
      readonly do: 'keep_as_skipped';
      readonly destination: string;
      readonly action: Action;
      readonly reason: DeliveryReason;
    }
  | { readonly do: 'skip'; readonly delivery_id: number; readonly reason: DeliveryReason };

/**
 * Decides what is sent about an event's newest state. Pure: everything it depends on is an argument.
 *
 * At each destination an event is *wanted* when the rules say so and it is unresolved, and *open* when its
 * newest delivery that is neither skipped nor dead is a trigger, unless a dead resolve after it may have closed
 * it all the same. Wanted and not open: trigger. Open, and worse than its newest trigger said: trigger again.
 * Resolved, and open or possibly open: resolve, whatever the rules say by now. A trigger that was never
 * attempted when the event resolves is skipped, and so is its resolve. Becoming less severe sends nothing.
 *
 * Where it cannot be known what arrived, too much is sent rather than too little: a second trigger joins what is
 * open, and a second resolve closes nothing.
 */
export function decide(
  event: Pick<NormalizedEvent, 'severity' | 'resolved_at'>,
  rules: RoutingRules,
  earlier: readonly EarlierDelivery[],
): readonly Decision[] {
  const wanted = event.resolved_at === null ? wantedAt(event, rules) : [];
  const destinations = new Set([...wanted, ...earlier.map(({ destination }) => destination)]);
  return [...destinations].flatMap((destination) => {
    const there = earlier.filter((delivery) => delivery.destination === destination);
    if (event.resolved_at !== null) return decideResolved(destination, there);
    return decideUnresolved(destination, event.severity, wanted.includes(destination), there);
  });
}

function decideUnresolved(
  destination: string,
  severity: Severity,
  isWanted: boolean,
  earlier: readonly EarlierDelivery[],
): Decision[] {
  const trigger = openTrigger(earlier);
  const isWorse = trigger !== undefined && rankOf(severity) > rankOf(trigger.severity);
  const isMissing = trigger === undefined && isWanted;
  return isWorse || isMissing ? [{ do: 'send', destination, action: 'trigger' }] : [];
}

function decideResolved(destination: string, earlier: readonly EarlierDelivery[]): Decision[] {
  const isUnsent = (delivery: EarlierDelivery): boolean =>
    delivery.action === 'trigger' && delivery.status === 'pending' && !delivery.is_attempted;
  const unsent = earlier.filter(isUnsent);
  const sent = earlier.filter((delivery) => !isUnsent(delivery));
  const skips = unsent.map(({ id }): Decision => {
    return { do: 'skip', delivery_id: id, reason: 'resolved_before_sent' };
  });
  if (isOpenOrPossiblyOpen(sent)) return [...skips, { do: 'send', destination, action: 'resolve' }];
  const reason =
    unsent.length > 0 ? 'resolved_before_sent' : isUnansweredTriggerDead(sent) ? 'trigger_dead' : null;
  if (reason === null) return skips;
  return [...skips, { do: 'keep_as_skipped', destination, action: 'resolve', reason }];
}

/** The trigger that keeps the event open: the newest delivery that counts, if it is one. */
function openTrigger(earlier: readonly EarlierDelivery[]): EarlierDelivery | undefined {
  const newest = earlier.findLast((delivery) => isLive(delivery) || isPossiblyThere('resolve', delivery));
  return newest?.action === 'trigger' ? newest : undefined;
}

/**
 * Whether there is, or may be, something to close: an open trigger, or a dead one that may have arrived all
 * the same and that nothing has closed since.
 */
export function isOpenOrPossiblyOpen(earlier: readonly EarlierDelivery[]): boolean {
  const newest = earlier.findLast((delivery) => isLive(delivery) || isPossiblyThere('trigger', delivery));
  return newest?.action === 'trigger';
}

function isLive({ status }: EarlierDelivery): boolean {
  return status === 'pending' || status === 'delivered';
}

/** Whether it is a delivery of this action that was given up, and may have arrived all the same. */
function isPossiblyThere(action: Action, delivery: EarlierDelivery): boolean {
  return delivery.action === action && delivery.status === 'dead' && delivery.may_have_arrived;
}

/** Whether the newest thing that was tried is a trigger that died, so that its missing resolve wants a reason. */
function isUnansweredTriggerDead(earlier: readonly EarlierDelivery[]): boolean {
  const newest = earlier.at(-1);
  return newest?.action === 'trigger' && newest.status === 'dead';
}
