import { rankOf, type Severity } from '../../src/normalization/normalized-event';
import { DEFAULT_ROUTE } from '../../src/routing/route';
import type { Rules } from '../../src/routing/wishes';

/**
 * The built-in rule: what is severe enough goes at once, and once, to each of some destinations.
 *
 * @param from_severity the least severity that is sent
 */
export function builtInRules(from_severity: Severity, destinations: readonly string[]): Rules {
  const wanted = destinations.map((destination) => ({
    destination,
    route_id: DEFAULT_ROUTE,
    hold: null,
    hold_when_worse: null,
    remind_every_s: null,
    shadow: false,
  }));
  return {
    wishesFor: ({ severity }) => ({
      wanted: rankOf(severity) >= rankOf(from_severity) ? wanted : [],
      fallbacks: [],
    }),
  };
}
