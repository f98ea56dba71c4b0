import type { Route } from '../../src/routing/route';

/** A route for all events, with the given changes. */
export function madeRoute(id: string, to: readonly string[], changes: Partial<Route> = {}): Route {
  return {
    id,
    name: id,
    enabled: true,
    match: {},
    to,
    continue: false,
    shadow: false,
    percent: 100,
    mute_until: null,
    min_duration_s: null,
    remind_every_s: null,
    fallback: null,
    fallback_after_s: 300,
    ...changes,
  };
}
