import type { Decision } from './decision';
import { heldTrigger, openTrigger, type EarlierDelivery } from './earlier-delivery';
import type { Fallback, Wishes } from './wishes';

/** A fallback, and the instant at which its destinations have had their time. */
interface Chance {
  readonly fallback: Fallback;
  readonly until: number;
}

/**
 * Plans the fallbacks of triggers that have just been decided, each as a trigger that is held until they have had their
 * time. None where the event is wanted for the destination's own sake, or open there already.
 *
 * @param triggers what was decided for the destinations that they stand in for
 * @param rows earlier deliveries by destination
 */
export function planFallbacks(
  { wanted, fallbacks }: Wishes,
  triggers: readonly Decision[],
  rows: ReadonlyMap<string, readonly EarlierDelivery[]>,
  now: number,
): Decision[] {
  if (fallbacks.length === 0) return [];
  const startsAt = startsOf(triggers, now);
  const isWanted = new Set(wanted.filter(({ shadow }) => !shadow).map(({ destination }) => destination));
  const candidates = fallbacks.filter(({ destination }) => !isWanted.has(destination));
  const byDestination = Map.groupBy(candidates, ({ destination }) => destination);
  return [...byDestination].flatMap(([destination, theirs]): Decision[] => {
    const there = rows.get(destination) ?? [];
    const first = firstChance(theirs, startsAt);
    if (first === undefined || openTrigger(there) !== undefined) return [];
    const hold = { reason: 'fallback', until: first.until } as const;
    const plan = { destination, hold, route_id: first.fallback.route_id, remind_every_s: null };
    const held = heldTrigger(there);
    if (held === undefined) return [{ do: 'send', action: 'trigger', ...plan }];
    const isSooner = first.until < (held.held_until ?? now);
    return isSooner ? [{ do: 'hasten', delivery_id: held.id, ...plan }] : [];
  });
}

/** When the triggers are sent, by destination. */
function startsOf(decisions: readonly Decision[], now: number): ReadonlyMap<string, number> {
  const triggers = decisions.filter((decision) => decision.do === 'send' || decision.do === 'hasten');
  return new Map(triggers.map(({ destination, hold }) => [destination, hold?.until ?? now]));
}

/** The one that is over first, where any of the destinations is told at all. */
function firstChance(
  fallbacks: readonly Fallback[],
  startsAt: ReadonlyMap<string, number>,
): Chance | undefined {
  const chances = fallbacks.flatMap((fallback) =>
    fallback.of.flatMap((destination): Chance[] => {
      const startAt = startsAt.get(destination);
      return startAt === undefined ? [] : [{ fallback, until: startAt + fallback.after_s * 1_000 }];
    }),
  );
  return chances.sort((a, b) => a.until - b.until)[0];
}
