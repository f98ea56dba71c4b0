import { iso } from '../../normalization/instant';
import type { CompiledRoute } from '../compiled-routes';
import type { DestinationNames } from '../destination-names';
import type { Condition } from '../conditions';
import { endsWalk, type Route } from '../route';
import type { RoutedEvent } from '../wishes';

/** What became of a route in the walk through them. */
export const ROUTE_VERDICTS = ['matched', 'not_matched', 'off', 'not_reached'] as const;
export type RouteVerdict = (typeof ROUTE_VERDICTS)[number];

/** A condition that does not hold. */
export interface UnmetCondition {
  readonly field: Condition['field'];
  readonly wanted: string;
  readonly seen: string;
}

/** What a route has to do with an event, and why. */
export interface ExplainedRoute {
  readonly id: string;
  readonly name: string;
  readonly verdict: RouteVerdict;
  readonly unmet: readonly UnmetCondition[];
  /** Whether the walk ended with it. */
  readonly stopped_here: boolean;
  /** Milliseconds since 1970, where it is muted at the moment. */
  readonly muted_until: number | null;
  /** All of it in a sentence or two. */
  readonly says: string;
}

/** Goes through routes in their order, as an event does. The last one is the built-in one. */
export function explainRoutes(
  routes: readonly CompiledRoute[],
  event: RoutedEvent,
  now: number,
  names: DestinationNames,
): readonly ExplainedRoute[] {
  let endedBy: string | null = null;
  return routes.map((compiled) => {
    const explained = explainRoute(compiled, event, now, names, endedBy);
    if (explained.stopped_here) endedBy = explained.name;
    return explained;
  });
}

function explainRoute(
  { route, conditions }: CompiledRoute,
  event: RoutedEvent,
  now: number,
  names: DestinationNames,
  endedBy: string | null,
): ExplainedRoute {
  const { id, name, mute_until } = route;
  const muted_until = mute_until !== null && mute_until > now ? mute_until : null;
  const base = { id, name, unmet: [], stopped_here: false, muted_until };
  if (endedBy !== null) {
    return { ...base, verdict: 'not_reached', says: `Not asked: the walk ended at “${endedBy}”.` };
  }
  if (!route.enabled) return { ...base, verdict: 'off', says: 'Switched off.' };
  const unmet = conditions
    .filter((condition) => !condition.holds(event, now))
    .map((condition) => {
      const { field, wanted } = condition;
      return { field, wanted, seen: condition.seen(event, now) };
    });
  if (unmet.length > 0) {
    const faults = unmet.map(
      ({ field, wanted, seen }) => `${field} is ${seen || 'empty'}, wanted: ${wanted}`,
    );
    return { ...base, unmet, verdict: 'not_matched', says: `Did not match: ${faults.join('; ')}.` };
  }
  const to = route.to.map((destination) => names.nameOf(destination));
  const sentences = [
    matchedInWords(route, to),
    ...(route.percent === 100 ? [] : [`It is for ${route.percent} % of events, and this is one of them.`]),
    ...(muted_until === null ? [] : [`Muted until ${iso(muted_until)}.`]),
    endsWalk(route) ? 'The walk ends here.' : 'The walk goes on.',
  ];
  return { ...base, verdict: 'matched', stopped_here: endsWalk(route), says: sentences.join(' ') };
}

/** @param to what the account calls the route's destinations */
function matchedInWords({ shadow }: Route, to: readonly string[]): string {
  const where = to.join(', ');
  if (!shadow) return to.length === 0 ? 'Matched, and tells nobody.' : `Matched: wants it at ${where}.`;
  const would = to.length === 0 ? 'would tell nobody' : `would want it at ${where}`;
  return `Matched, but is only tried out (shadow): ${would}.`;
}
