import { isoOrNull } from '../normalization/instant';
import type { DestinationNames } from './destination-names';
import type { Route } from './route';

/** A route's fields as people write and read them: destinations by name, instants as ISO 8601. */
export type RouteFields = Omit<Route, 'mute_until'> & { readonly mute_until: string | null };

/** The fields of a route, which can be sent back as they are. */
export function routeFields(route: Route, names: DestinationNames): RouteFields {
  return {
    ...route,
    to: route.to.map((id) => names.nameOf(id)),
    mute_until: isoOrNull(route.mute_until),
    fallback: route.fallback === null ? null : names.nameOf(route.fallback),
  };
}
