import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import type { EventEntity } from '../../events/event.entity';
import type { NormalizedEvent } from '../../normalization/normalized-event';
import type { AttemptEntity } from '../../outbox/attempt.entity';
import type { DeliveryEntity } from '../../outbox/delivery.entity';
import { OutboxRepository } from '../../outbox/outbox.repository';
import { AccountRules } from '../account-rules';
import { CompiledRoutes } from '../compiled-routes';
import type { DestinationNames } from '../destination-names';
import { lastRoute } from '../last-route';
import type { Route } from '../route';
import { RoutingRulesReader } from '../routing-rules-reader';
import type { RoutedEvent } from '../wishes';
import { explainDestinations, type ExplainedDestination } from './explained-destinations';
import { explainRoutes, type ExplainedRoute } from './explained-routes';

/** What routes are asked about. */
export type ExplainedEvent = RoutedEvent & Pick<NormalizedEvent, 'resolved_at'>;

/** Which routes, and what about. */
export interface ExplainRequest {
  readonly routes: readonly Route[];
  readonly names: DestinationNames;
  readonly event: ExplainedEvent;
  /** As if it were decided then, milliseconds since 1970. */
  readonly at: number;
  /** The event's row where it is a stored one. */
  readonly stored: EventEntity | null;
}

/** Why an event is told to whom. */
export interface Explanation {
  readonly routes: readonly ExplainedRoute[];
  readonly destinations: readonly ExplainedDestination[];
  readonly deliveries: readonly DeliveryEntity[];
  /** The newest of each delivery. */
  readonly attempts: readonly AttemptEntity[];
}

/** Explains what routes make of an event. */
@Injectable()
export class Explain {
  constructor(
    private readonly database: Database,
    private readonly rules: RoutingRulesReader,
    private readonly outbox: OutboxRepository,
  ) {}

  async run({ routes, names, event, at, stored }: ExplainRequest): Promise<Explanation> {
    const compiled = new CompiledRoutes(routes);
    const rules = new AccountRules(compiled, this.rules.from, names.on);
    const last = new CompiledRoutes([lastRoute(this.rules.from, names.on)]);
    const history = stored === null ? [] : await this.outbox.historyOf(this.database.read, [stored]);
    const deliveries = stored === null ? [] : await this.outbox.ofEvent(stored);
    return {
      routes: explainRoutes([...compiled.all, ...last.all], event, at, names),
      destinations: explainDestinations({
        event,
        wishes: rules.wishesFor(event, at),
        off: namedAndOff(rules.deciding(event, at), names),
        history,
        nameOf: (id) => names.nameOf(id),
        isStored: stored !== null,
        now: at,
      }),
      deliveries,
      attempts: await this.outbox.newestAttemptsOf(deliveries),
    };
  }
}

function namedAndOff(routes: readonly Route[], names: DestinationNames): readonly string[] {
  const off = new Set(names.own.filter(({ enabled }) => !enabled).map(({ id }) => id));
  const named = routes.flatMap(({ to, fallback }) => (fallback === null ? to : [...to, fallback]));
  return [...new Set(named)].filter((id) => off.has(id));
}
