import { DefinitionFields } from '../http/definition/definition-fields';
import { wholeNumber } from '../http/definition/definition-rules';
import { MAX_ROUTES, type Route } from './route';
import { readRoute } from './route-definition';
import { routeFields } from './route-fields';
import { asNewRoute } from './route-list';
import type { KnownRoutes } from './routes.repository';

const POSITION = wholeNumber(0, MAX_ROUTES);

/** The routes with one more, which `fields` describe, at its `position` or else the last. Faults are noted there. */
export function withAdded(
  fields: DefinitionFields,
  known: KnownRoutes,
): { route: Route; routes: readonly Route[] } {
  const position = fields.take('position', POSITION, known.routes.length);
  const draft = readRoute(fields, known);
  fields.refuseOthers('a route');
  if (draft.id !== null) fields.refuse('id', 'is given by the service');
  if (isNamed(draft.name, known.routes)) fields.refuse('name', 'is the name of another route');
  const route = asNewRoute(draft);
  return { route, routes: known.routes.toSpliced(position, 0, route) };
}

/**
 * The routes with one of them changed by what is given, and moved where that has a `position`.
 *
 * @param given names of fields and their new values; the others stay as they are
 * @param fault takes what is wrong
 */
export function withChanged(
  id: string,
  given: Readonly<Record<string, unknown>>,
  known: KnownRoutes,
): { fields: DefinitionFields; route: Route; routes: readonly Route[] } {
  const place = known.routes.findIndex((route) => route.id === id);
  const old = known.routes[place]!;
  const others = known.routes.toSpliced(place, 1);
  const fields = new DefinitionFields({ ...routeFields(old, known.names), ...given });
  const position = fields.take('position', POSITION, place);
  const draft = readRoute(fields, known);
  fields.refuseOthers('a route');
  if (draft.id !== id) fields.refuse('id', 'cannot be changed');
  if (isNamed(draft.name, others)) fields.refuse('name', 'is the name of another route');
  const route = { ...draft, id };
  return { fields, route, routes: others.toSpliced(position, 0, route) };
}

function isNamed(name: string, routes: readonly Route[]): boolean {
  return routes.some((route) => route.name === name);
}
