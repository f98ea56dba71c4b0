import { Injectable } from '@nestjs/common';
import type { Repository, SelectQueryBuilder } from 'typeorm';
import { identitiesJson, type EventIdentity } from '../normalization/event-identity';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import type { Kind, Severity } from '../normalization/normalized-event';
import type { EventCursor } from './event-cursor';
import { EventEntity } from './event.entity';
import type { RevisionEntity } from './revision.entity';

/** Which events a list shows. Instants are milliseconds since 1970 UTC, by `received_at`. */
export interface EventFilter {
  readonly account_id?: string | undefined;
  readonly source?: string | undefined;
  readonly kind?: Kind | undefined;
  readonly severity?: Severity | undefined;
  readonly service?: string | undefined;
  /** Unresolved and of kind incident or status. */
  readonly open?: boolean | undefined;
  /** Included. */
  readonly since?: number | undefined;
  /** Excluded. */
  readonly until?: number | undefined;
}

/** One page of a list, newest first. `next` is null on the last one. */
export interface EventPage {
  readonly events: readonly EventEntity[];
  readonly next: EventCursor | null;
}

/** So many bytes of signals make a page; it then ends early, and the next one goes on from there. */
const MAX_PAGE_BYTES = 8_000_000;

/** So many states of one event are shown, the newest. */
const MAX_REVISIONS = 500;

/** Spelt as the partial index `ix_events_open` has it. */
const OPEN = `e.resolved_at IS NULL AND e.kind NOT IN ('payment', 'activity')`;

/** Places and sizes of an event's states, newest first. */
const REVISIONS = new Statement<{ seq: number; bytes: number | null }>(
  () => `
  SELECT seq, octet_length(raw) AS bytes FROM event_revisions WHERE seq = ?
  UNION ALL
  SELECT seq, octet_length(raw) AS bytes FROM event_revisions WHERE account_id = ? AND event_id = ? AND revision > 1
  ORDER BY seq DESC LIMIT ?`,
);

const LOAD_REVISIONS = new Statement<RevisionEntity>(
  ({ rows }) => `
  SELECT * FROM event_revisions WHERE seq IN (SELECT CAST(j.value ->> 0 AS bigint) FROM ${rows('j')}) ORDER BY seq`,
);

const LOAD = new Statement<EventEntity>(
  ({ rows, lookUp }) => `
  SELECT e.* FROM ${rows('j')}
    ${lookUp('events', 'e', 'e.account_id = j.value ->> 0 AND e.event_id = j.value ->> 1')}
  ORDER BY j.key`,
);

/**
 * The stored events. Reading goes through TypeORM's repository; writing only through the batch statement
 * (`storeEvents`), whose ON CONFLICT rests on the table's unique (`account_id`, `event_id`).
 */
@Injectable()
export class EventsRepository {
  constructor(private readonly database: Database) {}

  /** The event of an account, or null. */
  async find(account_id: string, event_id: string): Promise<EventEntity | null> {
    // No id holds it, and PostgreSQL takes no such parameter.
    if (event_id.includes('\0')) return null;
    return this.events.findOneBy({ account_id, event_id });
  }

  /**
   * The known states of an event, oldest first: the newest of them, where they are more than fit into one answer.
   */
  async revisionsOf({ account_id, event_id, first_seq }: EventEntity): Promise<RevisionEntity[]> {
    const parameters = [first_seq, account_id, event_id, MAX_REVISIONS];
    const places = await REVISIONS.run(this.database.read, parameters);
    const shown = places.slice(0, fitting(places)).map(({ seq }) => [seq]);
    return LOAD_REVISIONS.run(this.database.read, [JSON.stringify(shown)]);
  }

  /** One page of the events that match, from `after` on. */
  async list(filter: EventFilter, limit: number, after: EventCursor | null): Promise<EventPage> {
    const keys = await this.keys(filter, limit + 1, after);
    const count = fitting(keys.slice(0, limit));
    const page = keys.slice(0, count);
    const last = page.at(-1);
    const events = await this.load(page);
    return { events, next: last !== undefined && keys.length > count ? last : null };
  }

  /** Those of some events that are there: a few, because each brings its signal. */
  findAll(identities: readonly EventIdentity[]): Promise<EventEntity[]> {
    return this.load(identities);
  }

  private get events(): Repository<EventEntity> {
    return this.database.read.getRepository(EventEntity);
  }

  /** Places and sizes first, so that the answer's size is known before anything large is read. */
  private keys(filter: EventFilter, limit: number, after: EventCursor | null): Promise<Key[]> {
    const query = this.events
      .createQueryBuilder('e')
      .select('e.received_at', 'received_at')
      .addSelect('e.account_id', 'account_id')
      .addSelect('e.event_id', 'event_id')
      .addSelect('octet_length(e.raw)', 'bytes')
      .orderBy('e.received_at', 'DESC')
      .addOrderBy('e.account_id', 'DESC')
      .addOrderBy('e.event_id', 'DESC')
      .limit(limit);
    applyFilter(query, filter);
    if (after !== null) {
      query.andWhere('(e.received_at, e.account_id, e.event_id) < (:received_at, :account, :event)', {
        received_at: after.received_at,
        account: after.account_id,
        event: after.event_id,
      });
    }
    return query.getRawMany<Key>();
  }

  private async load(keys: readonly EventIdentity[]): Promise<EventEntity[]> {
    if (keys.length === 0) return [];
    return LOAD.run(this.database.read, [identitiesJson(keys)]);
  }
}

type Key = EventCursor & { readonly bytes: number };

function applyFilter(query: SelectQueryBuilder<EventEntity>, filter: EventFilter): void {
  for (const column of ['account_id', 'source', 'kind', 'severity', 'service'] as const) {
    const value = filter[column];
    if (value !== undefined) query.andWhere(`e.${column} = :${column}`, { [column]: value });
  }
  // The partial indexes serve a query only where it repeats their condition.
  if (filter.severity === 'warning' || filter.severity === 'critical') {
    query.andWhere(`e.severity IN ('warning', 'critical')`);
  }
  if (filter.kind !== undefined && filter.kind !== 'payment') query.andWhere(`e.kind <> 'payment'`);
  if (filter.open !== undefined) query.andWhere(filter.open ? OPEN : `NOT (${OPEN})`);
  if (filter.since !== undefined) query.andWhere('e.received_at >= :since', { since: filter.since });
  if (filter.until !== undefined) query.andWhere('e.received_at < :until', { until: filter.until });
}

/** How many of the keys fit into one page: at least one. */
function fitting(keys: readonly { readonly bytes: number | null }[]): number {
  let bytes = 0;
  const excess = keys.findIndex((key) => (bytes += key.bytes ?? 0) > MAX_PAGE_BYTES);
  return excess === -1 ? keys.length : Math.max(excess, 1);
}
