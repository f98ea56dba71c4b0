import { randomBytes } from 'node:crypto';
import type { DefinitionFields } from '../http/definition/definition-fields';
import { MAX_ROUTES, type Route } from './route';
import { readRoute, type RouteContext, type RouteDraft } from './route-definition';

/** What a list of routes is read against. */
export interface ListContext extends RouteContext {
  readonly routes: readonly Route[];
}

/**
 * Reads the field `routes`: all routes of an account, in order. One without an id that is called as a known route is
 * that one, so that a list in a file can do without ids. What is wrong is noted with the fields.
 */
export function readRoutes(fields: DefinitionFields, context: ListContext): readonly Route[] {
  const elements = fields.eachOf('routes', MAX_ROUTES);
  const drafts = elements.map((element) => {
    const draft = readRoute(element, context);
    element.refuseOthers('a route');
    return draft;
  });
  const names = new Set<string>();
  const ids = new Set<string>();
  drafts.forEach(({ id, name }, index) => {
    if (names.has(name)) elements[index]!.refuse('name', 'is the name of another route');
    if (id !== null && !isKnown(id, context.routes))
      elements[index]!.refuse('id', 'is no route of the account');
    if (id !== null && ids.has(id)) elements[index]!.refuse('id', 'is that of another route');
    names.add(name);
    if (id !== null) ids.add(id);
  });
  return drafts.map((draft) => withId(draft, ids, context.routes));
}

/** A route that has an id now. */
export function asNewRoute(draft: RouteDraft): Route {
  return { ...draft, id: `route-${randomBytes(6).toString('hex')}` };
}

function withId(draft: RouteDraft, taken: ReadonlySet<string>, known: readonly Route[]): Route {
  if (draft.id !== null) return { ...draft, id: draft.id };
  const namesake = known.find(({ id, name }) => name === draft.name && !taken.has(id));
  return namesake === undefined ? asNewRoute(draft) : { ...draft, id: namesake.id };
}

function isKnown(id: string, routes: readonly Route[]): boolean {
  return routes.some((route) => route.id === id);
}
