import type { ListedRoute, RouteMatch } from '../../api/types';

/** A route with all of its fields, as the API lists it. */
export type RouteFields = Required<Omit<ListedRoute, 'id'>>;

/** A route in a list that is looked at or edited. */
export interface Rule {
  /** Its id; of one that was never saved a name for it of this page. */
  readonly key: string;
  readonly isNew: boolean;
  readonly route: RouteFields;
}

type Severity = NonNullable<RouteMatch['severity']>[number];

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'critical'];

/** What a route is that says nothing else (`readRoute` in src/routing/route-definition.ts). */
export const PLAIN_ROUTE: RouteFields = {
  name: '',
  enabled: true,
  match: {},
  to: [],
  continue: false,
  shadow: false,
  percent: 100,
  mute_until: null,
  min_duration_s: null,
  remind_every_s: null,
  fallback: null,
  fallback_after_s: 300,
};

/** The rules of a list of routes that the service knows, or that somebody has written. */
export function rulesOf(routes: readonly ListedRoute[]): readonly Rule[] {
  return routes.map(({ id, ...route }, index) => ({
    key: id ?? `new-${index}-${route.name}`,
    isNew: id === undefined,
    route: { ...PLAIN_ROUTE, ...route, match: inFull(route.match ?? {}) },
  }));
}

/** A rule as it is sent: the service gives ids to those that have none. */
export function listed({ key, isNew, route }: Rule): ListedRoute {
  return isNew ? route : { id: key, ...route };
}

/** Conditions as lists: by hand, one value may stand alone, and `{"from":"warning"}` for a severity and what is worse. */
function inFull(match: RouteMatch): RouteMatch {
  const entries = Object.entries(match).map(([field, value]: [string, unknown]) => {
    if (field === 'severity') return [field, severitiesOf(value)] as const;
    return [field, field === 'time' || Array.isArray(value) ? value : [value]] as const;
  });
  return Object.fromEntries(entries);
}

function severitiesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return [value];
  const least = (value as { readonly from?: unknown }).from;
  return SEVERITIES.slice(SEVERITIES.findIndex((severity) => severity === least));
}
