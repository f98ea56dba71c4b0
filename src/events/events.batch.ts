import type { DataSource, EntityManager } from 'typeorm';
import { identitiesJson, identityOf, type EventIdentity } from '../normalization/event-identity';
import { dialectOf } from '../database/dialect';
import { isChangeable, type NormalizedEvent } from '../normalization/normalized-event';
import type { Origin } from './event.entity';
import {
  MARK_ROUTED,
  MAX_SQLITE_ROWS,
  READ_UPDATED_AT,
  STORE_ON_POSTGRES,
  STORE_ON_SQLITE,
  STORE_REVISIONS,
  valuesOf,
  type StoredRow,
} from './event-statements';

/** A normalized event on its way into the table. */
export interface EventToStore extends NormalizedEvent {
  readonly origin: Origin;
  /** A person's remark, kept with the revision. */
  readonly note: string | null;
  readonly request_id: string | null;
  /** What continues the trace of the signal; null where it is not traced. */
  readonly traceparent: string | null;
}

/** `stored`: revision 1. `changed`: a further revision. `duplicate`: nothing new. `stale`: older than known. */
export type StoreOutcome =
  | { readonly outcome: 'stored' | 'changed'; readonly revision: number }
  | { readonly outcome: 'duplicate' | 'stale'; readonly revision: null };

/** The fields whose change makes a revision. */
export function hasSameState(one: NormalizedEvent, other: NormalizedEvent): boolean {
  return (
    one.severity === other.severity &&
    one.summary === other.summary &&
    one.description === other.description &&
    one.resolved_at === other.resolved_at
  );
}

/**
 * Stores a batch in which each identity stands once, and its revisions.
 * Rows go in sorted by identity, so that concurrent batches lock them in one order.
 */
export async function storeEvents(
  tx: EntityManager,
  batch: readonly EventToStore[],
  now: number,
): Promise<Map<string, StoreOutcome>> {
  const sorted = batch
    .map((event) => ({ event, identity: identityOf(event) }))
    .sort((a, b) => (a.identity < b.identity ? -1 : 1));
  const outcomes = new Map<string, StoreOutcome>();
  const events = sorted.map(({ event }) => event);
  const isPostgres = dialectOf(tx).name === 'postgres';
  const rows = await (isPostgres ? storeOnPostgres(tx, events, now) : storeOnSqlite(tx, events, now));
  for (const row of rows) {
    const outcome = row.revision === 1 ? 'stored' : 'changed';
    outcomes.set(identityOf(row), { outcome, revision: row.revision });
  }
  const known = sorted.filter(({ identity }) => !outcomes.has(identity));
  if (known.length > 0) await tellDuplicatesFromStale(tx, known, outcomes);
  return outcomes;
}

async function storeOnPostgres(
  tx: EntityManager,
  events: readonly EventToStore[],
  now: number,
): Promise<StoredRow[]> {
  const rows = events.map(valuesOf);
  const columns = rows[0]!.map((_, column) => rows.map((row) => row[column]));
  const stored = await STORE_ON_POSTGRES.run(tx, [now, ...columns]);
  if (stored.length === 0) return stored;
  const identities = new Set(stored.map(identityOf));
  const news = events.filter((event) => identities.has(identityOf(event)));
  const revisions = news.map(({ account_id, event_id, note }) => [account_id, event_id, note, null]);
  await STORE_REVISIONS.run(tx, [now, JSON.stringify(revisions)]);
  return stored;
}

/** All statements at once: the thread that runs them need not wait for this one in between. */
async function storeOnSqlite(
  tx: EntityManager,
  events: readonly EventToStore[],
  now: number,
): Promise<StoredRow[]> {
  const first = await takePlaces(tx, events.length);
  const chunks: Promise<StoredRow[]>[] = [];
  for (let from = 0; from < events.length; from += MAX_SQLITE_ROWS) {
    const chunk = events.slice(from, from + MAX_SQLITE_ROWS);
    const parameters = chunk.flatMap((event, index) => {
      const place = first + from + index;
      return [...valuesOf(event), now, place, place];
    });
    chunks.push(STORE_ON_SQLITE[chunk.length]!.run(tx, parameters));
  }
  const revisions = events.map(({ account_id, event_id, note }, index) => {
    return [account_id, event_id, note, first + index];
  });
  const [stored] = await Promise.all([
    Promise.all(chunks),
    STORE_REVISIONS.run(tx, [now, JSON.stringify(revisions)]),
  ]);
  return stored.flat();
}

/** The next free place in the order of revisions, of each database that this process, and no other one, writes to. */
const nextPlaces = new WeakMap<DataSource, number>();

/** The first of some places in the order of revisions. None is used again, but some stay empty. */
async function takePlaces(tx: EntityManager, count: number): Promise<number> {
  const first = nextPlaces.get(tx.dataSource) ?? (await readNextPlace(tx));
  nextPlaces.set(tx.dataSource, first + count);
  return first;
}

async function readNextPlace(tx: EntityManager): Promise<number> {
  const [row] = await tx.query<{ seq: number }[]>(
    `SELECT seq FROM sqlite_sequence WHERE name = 'event_revisions'`,
  );
  return (row?.seq ?? 0) + 1;
}

async function tellDuplicatesFromStale(
  tx: EntityManager,
  known: readonly { event: EventToStore; identity: string }[],
  outcomes: Map<string, StoreOutcome>,
): Promise<void> {
  const rows = await READ_UPDATED_AT.run(tx, [identitiesJson(known.map(({ event }) => event))]);
  const stored = new Map(rows.map((row) => [identityOf(row), row]));
  for (const { event, identity } of known) {
    const row = stored.get(identity);
    const isStale = row !== undefined && isChangeable(row.kind) && event.updated_at < row.updated_at;
    outcomes.set(identity, { outcome: isStale ? 'stale' : 'duplicate', revision: null });
  }
}

/** Marks events for which something was decided to be sent. */
export async function markRouted(tx: EntityManager, identities: readonly EventIdentity[]): Promise<void> {
  for (const [account_id, theirs] of Map.groupBy(identities, (identity) => identity.account_id)) {
    await MARK_ROUTED.run(tx, [account_id, JSON.stringify(theirs.map(({ event_id }) => [event_id]))]);
  }
}
