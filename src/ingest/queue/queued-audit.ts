import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../../config/settings';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { identitiesJson, identityOf, type EventIdentity } from '../../normalization/event-identity';
import { Queues } from '../../redis/queues';
import { MetricsRegistry } from '../../telemetry/metrics/metrics-registry';
import { Readings } from '../../telemetry/metrics/readings';

/** So many events are kept in mind until they are looked up. While there are as many, others are not audited. */
const MAX_PENDING = 20_000;

/** Events that are looked up at a time. */
const PAGE_SIZE = 1_000;

/** So many that are missing are looked up again and again: they may still turn up. */
const MAX_MISSING = 1_000;

/** Stored, or kept as a dead letter. Parameter: rows of account, event; twice. */
const FOUND = new Statement<EventIdentity>(
  ({ rows, lookUp }) => `
  SELECT e.account_id, e.event_id FROM ${rows('j')}
    ${lookUp('events', 'e', 'e.account_id = j.value ->> 0 AND e.event_id = j.value ->> 1')}
  UNION
  SELECT d.account_id, d.event_id FROM ${rows('j')}
    JOIN dead_letters d ON d.account_id = j.value ->> 0 AND d.event_id = j.value ->> 1`,
);

/**
 * The running audit of posts that were answered `"durability":"queued"`. Each process that takes posts keeps in mind the
 * ids of events that it gave to Redis, and looks them up in the table. One that is in neither the table nor the dead
 * letters, although nothing was left in the queue when it was looked for, is missing: there must be none.
 */
@Injectable()
export class QueuedAudit {
  private readonly logger = new Logger('Queues');
  private readonly missing = new Map<string, EventIdentity>();
  private readonly checked;
  private readonly unaudited;
  private pending: EventIdentity[] = [];

  constructor(
    settings: Settings,
    private readonly database: Database,
    private readonly queues: Queues,
    metrics: MetricsRegistry,
    readings: Readings,
  ) {
    this.checked = metrics.counter({
      name: 'queued_events_checked_total',
      help: 'Events that were accepted into the queue, and were found in the table or among the dead letters.',
    });
    this.unaudited = metrics.counter({
      name: 'queued_events_unaudited_total',
      help: `Events that were accepted into the queue and not audited: ${MAX_PENDING} others waited for that.`,
    });
    const missing = {
      name: 'queued_events_missing',
      help: 'Events that were accepted into the queue and are nowhere: 0.',
    };
    metrics.gauge(missing, (gauge) => gauge.set(this.missing.size));
    readings.add({
      name: 'queued_events',
      isOurs: () => settings.ingestMode === 'queued' && settings.hasRole('api'),
      read: () => this.look(),
      forget: () => undefined,
    });
  }

  /** Keeps in mind events that Redis has taken. */
  note(events: readonly EventIdentity[]): void {
    for (const { account_id, event_id } of events) {
      if (this.pending.length < MAX_PENDING) this.pending.push({ account_id, event_id });
      else this.unaudited.inc();
    }
  }

  /** Looks up everything that is kept in mind. */
  async look(): Promise<void> {
    const asked = [...this.missing.values(), ...this.pending];
    const { length } = this.pending;
    // Before they are looked up: what was in the queue then may be stored only after that.
    const { waiting, active } = await this.queues.depth('events');
    const lost: EventIdentity[] = [];
    for (let from = 0; from < asked.length; from += PAGE_SIZE) {
      lost.push(...(await this.notFound(asked.slice(from, from + PAGE_SIZE))));
    }
    this.checked.inc(asked.length - lost.length);
    const later = this.pending.slice(length);
    if (waiting + active === 0) {
      this.pending = later;
      this.keepMissing(lost);
      return;
    }
    const isMissing = (one: EventIdentity): boolean => this.missing.has(identityOf(one));
    this.pending = [...lost.filter((one) => !isMissing(one)), ...later];
    this.keepMissing(lost.filter(isMissing));
  }

  private async notFound(page: readonly EventIdentity[]): Promise<EventIdentity[]> {
    const identities = identitiesJson(page);
    const found = new Set((await FOUND.run(this.database.read, [identities, identities])).map(identityOf));
    return page.filter((one) => !found.has(identityOf(one)));
  }

  private keepMissing(lost: readonly EventIdentity[]): void {
    const known = new Map(this.missing);
    this.missing.clear();
    for (const one of lost.slice(0, MAX_MISSING)) {
      const identity = identityOf(one);
      this.missing.set(identity, one);
      if (!known.has(identity))
        this.logger.error({ ...one }, 'an event was accepted into the queue, and is nowhere');
    }
  }
}
