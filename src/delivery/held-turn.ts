import type { DeliveryHistory } from '../outbox/outbox.repository';
import { isHeld, openTrigger } from '../routing/earlier-delivery';
import { inForce } from '../routing/holds';
import type { Fallback, Hold, Wish, Wishes } from '../routing/wishes';

/** What to do with a held trigger whose turn has come. */
export type HeldTurn =
  | { readonly do: 'send'; readonly route_id: string; readonly remind_every_s: number | null }
  | { readonly do: 'hold'; readonly hold: Hold }
  | { readonly do: 'skip'; readonly reason: 'resolved_before_sent' | 'not_wanted' | 'not_needed' };

/** What an event is like when the turn of its trigger comes. */
export interface StateAtTurn {
  readonly resolved_at: number | null;
  /** Whether it is worse than when the trigger was decided. */
  readonly is_worse: boolean;
}

/**
 * Decides, when the turn of a held trigger comes, by what the rules want now and by what became of the event's other
 * deliveries. Pure. What it was held for does not matter, but for a reminder: that one repeats what was told, and only as
 * long as there are to be reminders.
 *
 * Wanted for the destination's own sake: sent, unless a mute or a minimum duration holds it further; what got worse
 * meanwhile waits for mutes only. Wanted as a
 * fallback: sent once one of those that it stands in for is dead or late, skipped once all of them are done. Otherwise
 * skipped.
 *
 * @param event its newest state
 * @param wishes what the rules want of it now
 * @param history all deliveries of the event, oldest first, this one included
 */
export function heldTurn(
  delivery: DeliveryHistory,
  event: StateAtTurn,
  wishes: Wishes,
  history: readonly DeliveryHistory[],
  now: number,
): HeldTurn {
  if (event.resolved_at !== null) return { do: 'skip', reason: 'resolved_before_sent' };
  const told = openTrigger(
    history.filter(({ id, destination }) => id < delivery.id && destination === delivery.destination),
  );
  const wish = wishes.wanted.find(
    ({ destination, shadow }) => destination === delivery.destination && !shadow,
  );
  if (delivery.hold === 'reminder') return reminderTurn(told ?? delivery, wish, now);
  if (wish !== undefined) {
    const isNewsOfWorse = told !== undefined || event.is_worse;
    const hold = inForce(isNewsOfWorse ? wish.hold_when_worse : wish.hold, now);
    return hold === null ? send(wish) : { do: 'hold', hold };
  }
  const fallbacks = wishes.fallbacks.filter(({ destination }) => destination === delivery.destination);
  if (fallbacks.length === 0) return { do: 'skip', reason: 'not_wanted' };
  return fallbackTurn(fallbacks, wishes, history, now);
}

/** The interval may have been changed meanwhile, and counts from when it was last told. */
function reminderTurn(told: DeliveryHistory, wish: Wish | undefined, now: number): HeldTurn {
  if (wish === undefined || wish.remind_every_s === null) return { do: 'skip', reason: 'not_wanted' };
  const dueAt = (told.finished_at ?? told.created_at) + wish.remind_every_s * 1_000;
  const until = Math.max(dueAt, wish.hold_when_worse?.until ?? 0);
  return until > now ? { do: 'hold', hold: { reason: 'reminder', until } } : send(wish);
}

function fallbackTurn(
  fallbacks: readonly Fallback[],
  wishes: Wishes,
  history: readonly DeliveryHistory[],
  now: number,
): HeldTurn {
  const needs = fallbacks.flatMap((fallback) =>
    fallback.of.flatMap((destination) => {
      const neededAt = neededInsteadOf(destination, fallback, wishes, history, now);
      return neededAt === null ? [] : [{ fallback, neededAt }];
    }),
  );
  const [first] = needs.sort((a, b) => a.neededAt - b.neededAt);
  if (first === undefined) return { do: 'skip', reason: 'not_needed' };
  if (first.neededAt > now) return { do: 'hold', hold: { reason: 'fallback', until: first.neededAt } };
  return { do: 'send', route_id: first.fallback.route_id, remind_every_s: null };
}

/**
 * From when on a fallback is needed instead of a destination, by what became of the newest trigger there; null where it
 * is not: it was told, or deliberately not. While that trigger itself would be held, nothing is late. A reminder is no
 * reason: what it repeats was told.
 */
function neededInsteadOf(
  destination: string,
  { after_s }: Fallback,
  { wanted }: Wishes,
  history: readonly DeliveryHistory[],
  now: number,
): number | null {
  const trigger = history.findLast((delivery) => {
    return (
      delivery.destination === destination && delivery.action === 'trigger' && delivery.hold !== 'reminder'
    );
  });
  if (trigger === undefined || trigger.status === 'delivered' || trigger.status === 'skipped') return null;
  const wish = wanted.find((one) => one.destination === destination);
  // What is not held, or is not any more, has lasted long enough, or got worse: a mute alone can hold it back.
  const heldUntil = inForce(isHeld(trigger) ? wish?.hold : wish?.hold_when_worse, now)?.until ?? now;
  if (trigger.status === 'dead') return heldUntil;
  const startAt = trigger.held_until ?? trigger.created_at;
  return Math.max(startAt + after_s * 1_000, heldUntil);
}

function send({ route_id, remind_every_s }: Wish): HeldTurn {
  return { do: 'send', route_id, remind_every_s };
}
