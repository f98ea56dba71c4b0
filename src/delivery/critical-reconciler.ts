import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { identityOf, type EventIdentity } from '../normalization/event-identity';
import { RoutingRulesReader } from '../routing/routing-rules-reader';
import type { RoutedEvent } from '../routing/wishes';
import { Leadership } from '../roles/leadership';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import { Readings } from '../telemetry/metrics/readings';

interface CriticalEvent extends RoutedEvent {
  readonly received_at: number;
  readonly resolved_at: number | null;
  /** Truth as the database says it: 0 or 1 on SQLite. */
  readonly routed: unknown;
  readonly has_delivery: unknown;
}

/** So far back it looks. What is older was looked at before, or has been told of for a day. */
const LOOK_BACK_MS = 86_400_000;

/** So many events are looked at in one go; the next one goes on behind them. */
const PAGE_SIZE = 2_000;

/** Served by `ix_events_severity`. Parameters: the first instant, how many. */
const CRITICAL = new Statement<CriticalEvent>(
  () => `
  SELECT e.account_id, e.event_id, e.source, e.service, e.kind, e.severity, e.type, e.started_at, e.received_at,
    e.resolved_at, e.routed,
    EXISTS (SELECT 1 FROM deliveries d WHERE d.account_id = e.account_id AND d.event_id = e.event_id) AS has_delivery
  FROM events e WHERE e.severity = 'critical' AND e.received_at >= ? ORDER BY e.received_at LIMIT ?`,
);

/**
 * Looks for critical events of which nobody is told: wanted at a destination, and neither delivered nor pending, dead or
 * skipped there. Events and their deliveries are written in one transaction, so there are none, unless that is broken.
 *
 * The leader walks through the last day's, a page with every reading, and then begins anew.
 */
@Injectable()
export class CriticalReconciler {
  private readonly logger = new Logger('Delivery');
  private readonly unaccounted;
  /** Found by the walk before this one, and so far by this one. */
  private before = new Map<string, EventIdentity>();
  private found = new Map<string, EventIdentity>();
  private lookedUpTo = 0;

  constructor(
    private readonly database: Database,
    private readonly rules: RoutingRulesReader,
    leadership: Leadership,
    metrics: MetricsRegistry,
    readings: Readings,
  ) {
    this.unaccounted = metrics.gauge({
      name: 'critical_events_unaccounted',
      help: 'Critical events of the last day that are neither delivered, pending, dead nor skipped: 0, or nobody is told.',
    });
    readings.add({
      name: 'critical_events',
      isOurs: () => leadership.isLeader,
      read: () => this.look(),
      forget: () => this.unaccounted.reset(),
    });
  }

  /** Looks at the next page. */
  async look(): Promise<void> {
    const begin = (await this.database.now()) - LOOK_BACK_MS;
    const page = await CRITICAL.run(this.database.read, [Math.max(this.lookedUpTo, begin), PAGE_SIZE]);
    for (const event of await this.unaccountedOf(page)) this.note(event);
    const last = page.at(-1);
    if (last !== undefined && page.length === PAGE_SIZE) {
      this.lookedUpTo = Math.max(last.received_at, this.lookedUpTo + 1);
      this.unaccounted.set(Math.max(this.before.size, this.found.size));
      return;
    }
    this.before = this.found;
    this.found = new Map();
    this.lookedUpTo = 0;
    this.unaccounted.set(this.before.size);
  }

  private async unaccountedOf(page: readonly CriticalEvent[]): Promise<CriticalEvent[]> {
    const untold = page.filter(({ has_delivery }) => !has_delivery);
    if (untold.length === 0) return [];
    const rulesOf = await this.rules.forEvents(this.database.read, untold);
    const changedAt = await this.rules.lastChangesOf(this.database.read, untold);
    return untold.filter((event) => {
      if (event.routed) return true;
      // What other rules made of it then is not known any more.
      if (event.resolved_at !== null || (changedAt.get(event.account_id) ?? 0) >= event.received_at)
        return false;
      return rulesOf(event.account_id).wishesFor(event, event.received_at).wanted.length > 0;
    });
  }

  private note({ account_id, event_id }: CriticalEvent): void {
    const identity = identityOf({ account_id, event_id });
    this.found.set(identity, { account_id, event_id });
    if (this.before.has(identity)) return;
    this.logger.error({ account_id, event_id }, 'a critical event has no delivery: nobody is told of it');
  }
}
