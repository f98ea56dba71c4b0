import type { AuditedChange } from '../accounts/audit/audit';
import type { DestinationNames } from './destination-names';
import type { Route } from './route';
import { routeFields } from './route-fields';

/** What became of an account's routes, one entry for each route and one for their order; none where nothing changed. */
export function auditedChanges(
  known: { readonly account_id: string; readonly routes: readonly Route[]; readonly names: DestinationNames },
  routes: readonly Route[],
): readonly AuditedChange[] {
  const { account_id, names } = known;
  const before = byId(known.routes);
  const after = byId(routes);
  const shown = (route: Route): Readonly<Record<string, unknown>> => ({ ...routeFields(route, names) });
  const changes: AuditedChange[] = [];
  for (const route of known.routes) {
    if (!after.has(route.id))
      changes.push({ account_id, action: 'route.deleted', subject: route.id, before: shown(route) });
  }
  for (const route of routes) {
    const old = before.get(route.id);
    if (old === undefined)
      changes.push({ account_id, action: 'route.added', subject: route.id, after: shown(route) });
    else if (JSON.stringify(old) !== JSON.stringify(route)) {
      changes.push({
        account_id,
        action: 'route.changed',
        subject: route.id,
        before: shown(old),
        after: shown(route),
      });
    }
  }
  const oldOrder = orderOf(known.routes, after);
  const newOrder = orderOf(routes, before);
  if (oldOrder.join() !== newOrder.join()) {
    changes.push({
      account_id,
      action: 'routes.reordered',
      subject: account_id,
      before: { order: oldOrder },
      after: { order: newOrder },
    });
  }
  return changes;
}

function byId(routes: readonly Route[]): ReadonlyMap<string, Route> {
  return new Map(routes.map((route) => [route.id, route]));
}

/** Ids of those that are in the other list too. */
function orderOf(routes: readonly Route[], others: ReadonlyMap<string, Route>): readonly string[] {
  return routes.map(({ id }) => id).filter((id) => others.has(id));
}
