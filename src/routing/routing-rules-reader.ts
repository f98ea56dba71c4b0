import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BoundedMap } from '../accounts/bounded-map';
import { Settings } from '../config/settings';
import { DestinationsRepository } from '../destinations/destinations.repository';
import { rankOf, type NormalizedEvent, type Severity } from '../normalization/normalized-event';
import { AccountRules } from './account-rules';
import { CompiledRoutes } from './compiled-routes';
import { RoutesRepository, type AccountRoutes } from './routes.repository';
import type { Rules } from './wishes';

/** What tells whose rules are needed. */
type AskedAbout = Pick<NormalizedEvent, 'account_id' | 'severity' | 'resolved_at'>;

/** The rules of accounts, by their ids. */
export type RulesOf = (accountId: string) => Rules;

/** So many accounts' routes are kept compiled. */
const MAX_KEPT = 1_000;

/** An account's routes, as they were at one version. */
interface Kept {
  readonly version: number;
  readonly routes: CompiledRoutes;
}

const NO_ROUTES = new CompiledRoutes([]);

/**
 * Reads the rules in force: accounts' routes, and behind them the built-in last one. What is read is what the
 * transaction sees, so a change of routes holds for whatever is recorded after it, in every process.
 */
@Injectable()
export class RoutingRulesReader {
  /** The least severity that the built-in route sends. */
  readonly from: Severity;
  private readonly kept = new BoundedMap<string, Kept>(MAX_KEPT);

  constructor(
    settings: Settings,
    private readonly destinations: DestinationsRepository,
    private readonly routes: RoutesRepository,
  ) {
    this.from = settings.ROUTE_WARNING ? 'warning' : 'critical';
  }

  /**
   * The rules for events that are about to be recorded: they stay as they are until `tx` ends, so that an edit finds
   * every delivery that the rules before it have held. To be called before rows of events or deliveries are locked.
   */
  forRecording(tx: EntityManager, events: readonly AskedAbout[]): Promise<RulesOf> {
    return this.read(tx, events, { isKept: true });
  }

  /** The rules for some events, as seen by `tx`. */
  forEvents(tx: EntityManager, events: readonly AskedAbout[]): Promise<RulesOf> {
    return this.read(tx, events, { isKept: false });
  }

  /** When the rules of the events' accounts, or the destinations that they name, last changed; milliseconds since 1970. */
  lastChangesOf(tx: EntityManager, events: readonly AskedAbout[]): Promise<ReadonlyMap<string, number>> {
    return this.routes.lastChangesOf(tx, accountsOf(events));
  }

  /**
   * Where none of the events' accounts has routes, one look tells so; destinations are only looked up where something
   * may be wanted there.
   */
  private async read(
    tx: EntityManager,
    events: readonly AskedAbout[],
    how: { readonly isKept: boolean },
  ): Promise<RulesOf> {
    const unresolved = events.filter(({ resolved_at }) => resolved_at === null);
    const compiled = await this.compiledOf(tx, accountsOf(unresolved), how);
    const wanted = unresolved.filter(
      ({ account_id, severity }) => compiled.has(account_id) || rankOf(severity) >= rankOf(this.from),
    );
    const own = await this.enabledOf(tx, accountsOf(wanted));
    const rules = new Map(
      [...own].map(([id, on]) => [id, new AccountRules(compiled.get(id) ?? NO_ROUTES, this.from, on)]),
    );
    const others = new AccountRules(NO_ROUTES, this.from, []);
    return (accountId) => rules.get(accountId) ?? others;
  }

  /** The routes of those accounts that have any, compiled. */
  private async compiledOf(
    tx: EntityManager,
    accountIds: readonly string[],
    how: { readonly isKept: boolean },
  ): Promise<ReadonlyMap<string, CompiledRoutes>> {
    if (accountIds.length === 0) return new Map();
    const compiled = new Map<string, CompiledRoutes>();
    const missing: string[] = [];
    for (const [id, version] of await this.routes.versionsOf(tx, accountIds, how)) {
      const kept = this.kept.get(id);
      if (kept?.version === version) compiled.set(id, kept.routes);
      else missing.push(id);
    }
    for (const one of await this.routes.load(tx, missing)) compiled.set(one.account_id, this.keep(one));
    return new Map([...compiled].filter(([, { all }]) => all.length > 0));
  }

  private keep({ account_id, version, routes }: AccountRoutes): CompiledRoutes {
    const compiled = new CompiledRoutes(routes);
    this.kept.set(account_id, { version, routes: compiled });
    return compiled;
  }

  private async enabledOf(
    tx: EntityManager,
    accountIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    if (accountIds.length === 0) return new Map();
    const enabled = await this.destinations.enabledOf(tx, accountIds);
    return new Map(accountIds.map((id) => [id, enabled.get(id) ?? []]));
  }
}

function accountsOf(events: readonly AskedAbout[]): readonly string[] {
  return [...new Set(events.map(({ account_id }) => account_id))];
}
