import { BoundedMap } from '../accounts/bounded-map';
import { conditionsOf, isOfOneEvent, type Condition } from './conditions';
import { endsWalk, type Route } from './route';
import type { RoutedEvent } from './wishes';

/** A route, ready to be compared with events. */
export interface CompiledRoute {
  readonly route: Route;
  /** All of them, also those of `ofOneEvent`. */
  readonly conditions: readonly Condition[];
  readonly ofOneEvent: readonly Condition[];
}

/** So many sorts of events are remembered. An account's events are mostly of a few sorts. */
const MAX_REMEMBERED = 500;

/** Sorts with longer names are not remembered: senders choose the names. */
const MAX_KEY_LENGTH = 400;

/**
 * An account's routes, ready to be compared with events. Which of them an event meets depends on five short texts, and
 * is remembered by them; only the time of day and the event's id are looked at anew each time.
 */
export class CompiledRoutes {
  readonly all: readonly CompiledRoute[];
  private readonly remembered = new BoundedMap<string, readonly CompiledRoute[]>(MAX_REMEMBERED);

  constructor(routes: readonly Route[]) {
    this.all = routes.map(compile);
  }

  /** The routes that an event meets, in order, up to the first that ends the walk. */
  matching(event: RoutedEvent, at: number): readonly CompiledRoute[] {
    const candidates = this.candidatesFor(event);
    const matching: CompiledRoute[] = [];
    for (const candidate of candidates) {
      if (!candidate.ofOneEvent.every((condition) => condition.holds(event, at))) continue;
      matching.push(candidate);
      if (endsWalk(candidate.route)) break;
    }
    return matching;
  }

  /** Those that some event of its sort meets at some time of day, up to the first that ends the walk of all at any. */
  private candidatesFor(event: RoutedEvent): readonly CompiledRoute[] {
    const key = `${event.source}\0${event.service}\0${event.kind}\0${event.severity}\0${event.type}`;
    const known = this.remembered.get(key);
    if (known !== undefined) return known;
    const candidates = this.find(event);
    if (key.length <= MAX_KEY_LENGTH) this.remembered.set(key, candidates);
    return candidates;
  }

  private find(event: RoutedEvent): readonly CompiledRoute[] {
    const found: CompiledRoute[] = [];
    for (const one of this.all) {
      const isMet = one.conditions.every((condition) => isOfOneEvent(condition) || condition.holds(event, 0));
      if (!one.route.enabled || !isMet) continue;
      found.push(one);
      if (endsWalk(one.route) && one.ofOneEvent.length === 0) break;
    }
    return found;
  }
}

function compile(route: Route): CompiledRoute {
  const conditions = conditionsOf(route);
  return { route, conditions, ofOneEvent: conditions.filter(isOfOneEvent) };
}
