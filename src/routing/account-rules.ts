import { PAGERDUTY } from '../destinations/operators-pagerduty';
import { rankOf, type Severity } from '../normalization/normalized-event';
import type { CompiledRoutes } from './compiled-routes';
import { lastRoute } from './last-route';
import { endsWalk, type Route } from './route';
import { WishList } from './wish-list';
import type { RoutedEvent, Rules, Wishes } from './wishes';

/** The rules of one account: its routes, and behind them the built-in last one. */
export class AccountRules implements Rules {
  private readonly last: Route;
  private readonly on: ReadonlySet<string>;

  /**
   * @param from the least severity that the built-in route sends
   * @param own the account's destinations that are switched on, by the outbox's names
   */
  constructor(
    private readonly routes: CompiledRoutes,
    private readonly from: Severity,
    own: readonly string[],
  ) {
    this.last = lastRoute(from, own);
    this.on = new Set([PAGERDUTY, ...own]);
  }

  wishesFor(event: RoutedEvent, now: number): Wishes {
    const list = new WishList(this.on, event.started_at, now);
    for (const route of this.deciding(event, now)) list.add(route);
    return list;
  }

  /**
   * The routes that have a say in what becomes of an event, in order. A route that neither continues nor is in
   * shadow ends the walk; where none has, the built-in one has its say.
   */
  deciding(event: RoutedEvent, now: number): readonly Route[] {
    const matching = this.routes.matching(event, now).map(({ route }) => route);
    const last = matching.at(-1);
    const isEnded = last !== undefined && endsWalk(last);
    if (isEnded || rankOf(event.severity) < rankOf(this.from)) return matching;
    return [...matching, this.last];
  }
}
