import { rankOf, type NormalizedEvent, type Severity } from '../normalization/normalized-event';
import type { Decision } from './decision';
import { heldTrigger, isOpenOrPossiblyOpen, openTrigger, type EarlierDelivery } from './earlier-delivery';
import { planFallbacks } from './fallbacks';
import { inForce } from './holds';
import type { Wish, Wishes } from './wishes';

/**
 * Decides what is sent about an event's newest state. Pure: everything it depends on is an argument.
 *
 * At each destination an event is *wanted* when the rules say so and it is unresolved, and *open* when its
 * newest delivery that is neither skipped nor dead is a trigger, unless a dead resolve after it may have closed
 * it all the same. Wanted and not open: trigger. Open, and worse than its newest trigger said: trigger again.
 * Resolved, and open or possibly open: resolve, whatever the rules say by now. A trigger that was never
 * attempted when the event resolves is skipped, and so is its resolve. Becoming less severe sends nothing.
 *
 * A trigger may be held, a resolve never. Nothing can be sent behind what is held, and so what would be takes its
 * place: where the event is wanted sooner, or something new has to be said, the held trigger is hastened. What else
 * changes about it is looked at when its turn comes, and not here. A fallback is a held trigger that is planned with
 * the one that it stands in for.
 *
 * Where it cannot be known what arrived, too much is sent rather than too little: a second trigger joins what is
 * open, and a second resolve closes nothing.
 *
 * @param wishes what the rules want of the event; of no account once it is resolved
 * @param now milliseconds since 1970
 */
export function decide(
  event: Pick<NormalizedEvent, 'severity' | 'resolved_at'>,
  wishes: Wishes,
  earlier: readonly EarlierDelivery[],
  now: number,
): readonly Decision[] {
  const rows = Map.groupBy(earlier, ({ destination }) => destination);
  if (event.resolved_at !== null) {
    return [...rows].flatMap(([destination, there]) => decideResolved(destination, there));
  }
  const wanted = new Map(wishes.wanted.map((wish) => [wish.destination, wish]));
  const triggers = [...new Set([...wanted.keys(), ...rows.keys()])].flatMap((destination) => {
    const there = rows.get(destination) ?? [];
    const wish = wanted.get(destination);
    return decideUnresolved({ destination, there, severity: event.severity, now }, wish);
  });
  return [...triggers, ...planFallbacks(wishes, triggers, rows, now)];
}

/** Where something is decided, and what about. */
interface Place {
  readonly destination: string;
  readonly there: readonly EarlierDelivery[];
  readonly severity: Severity;
  readonly now: number;
}

function decideUnresolved(place: Place, wish: Wish | undefined): Decision[] {
  const { destination, there, severity, now } = place;
  const held = heldTrigger(there);
  const told = openTrigger(there);
  if (wish?.shadow === true && told === undefined && held === undefined) return noteShadow(place, wish);
  const wanted = wish?.shadow === true ? undefined : wish;
  if (told === undefined && wanted === undefined) return [];
  if (told !== undefined && !isWorse(severity, told)) return [];
  const isNewsOfWorse = told !== undefined || (held !== undefined && isWorse(severity, held));
  const hold = inForce(isNewsOfWorse ? wanted?.hold_when_worse : wanted?.hold, now);
  const by = wanted ?? held;
  const plan = {
    destination,
    hold,
    route_id: by?.route_id ?? null,
    remind_every_s: by?.remind_every_s ?? null,
  };
  if (held === undefined) return [{ do: 'send', action: 'trigger', ...plan }];
  const isSooner = (hold?.until ?? now) < (held.held_until ?? now);
  // A reminder repeats what is known, and so it cannot wait for its hour with something new.
  const isReminder = told !== undefined && held.hold === 'reminder';
  return isSooner || isReminder ? [{ do: 'hasten', delivery_id: held.id, ...plan }] : [];
}

function decideResolved(destination: string, earlier: readonly EarlierDelivery[]): Decision[] {
  const there = earlier.filter(({ reason }) => reason !== 'shadow');
  const isUnsent = (delivery: EarlierDelivery): boolean =>
    delivery.action === 'trigger' && delivery.status === 'pending' && !delivery.is_attempted;
  const unsent = there.filter(isUnsent);
  const sent = there.filter((delivery) => !isUnsent(delivery));
  const skips = unsent.map(({ id }): Decision => {
    return { do: 'skip', delivery_id: id, reason: 'resolved_before_sent' };
  });
  if (isOpenOrPossiblyOpen(sent)) {
    const atOnce = { hold: null, route_id: null, remind_every_s: null };
    return [...skips, { do: 'send', destination, action: 'resolve', ...atOnce }];
  }
  const reason =
    unsent.length > 0
      ? 'resolved_before_sent'
      : isUnansweredTriggerDead(sent)
        ? 'trigger_dead'
        : newestShadow(earlier)?.action === 'trigger'
          ? 'shadow'
          : null;
  if (reason === null) return skips;
  return [...skips, { do: 'keep_as_skipped', destination, action: 'resolve', reason, route_id: null }];
}

/** Writes down what would be sent, as often as it would be. */
function noteShadow({ destination, there, severity }: Place, { route_id }: Wish): Decision[] {
  const newest = newestShadow(there);
  if (newest?.action === 'trigger' && !isWorse(severity, newest)) return [];
  return [{ do: 'keep_as_skipped', destination, action: 'trigger', reason: 'shadow', route_id }];
}

function newestShadow(there: readonly EarlierDelivery[]): EarlierDelivery | undefined {
  return there.findLast(({ reason }) => reason === 'shadow');
}

function isWorse(severity: Severity, than: EarlierDelivery): boolean {
  return rankOf(severity) > rankOf(than.severity);
}

/** Whether the newest thing that was tried is a trigger that died, so that its missing resolve wants a reason. */
function isUnansweredTriggerDead(earlier: readonly EarlierDelivery[]): boolean {
  const newest = earlier.at(-1);
  return newest?.action === 'trigger' && newest.status === 'dead';
}
