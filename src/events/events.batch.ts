import type { EntityManager } from 'typeorm';
import { identitiesJson, identityOf, type EventIdentity } from '../normalization/event-identity';
import { isChangeable, type NormalizedEvent } from '../normalization/normalized-event';
import type { Origin } from './event.entity';

/** A normalized event on its way into the table. */
export interface EventToStore extends NormalizedEvent {
  readonly origin: Origin;
  /** A person's remark, kept with the revision. */
  readonly note: string | null;
  readonly request_id: string | null;
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
 * The one rule for repeats, as a statement for so many rows: new identities become rows; known ones take a state that differs
 * and is not older, unless they are points in time; everything else is left alone and not returned. What a
 * person says counts for every kind.
 *
 * Plain VALUES, because handing the rows over as one JSON text costs SQLite twice the time per row once signals
 * are long: it unescapes them, and looks up each of the fields.
 */
const storeStatement = (rows: number): string => `
  INSERT INTO events (account_id, event_id, revision, source, kind, severity, service, type, user_id, summary,
    description, started_at, resolved_at, updated_at, received_at, routed, origin, request_id, first_seq,
    last_seq, raw)
  VALUES ${Array.from({ length: rows }, () => ROW).join(', ')}
  ON CONFLICT (account_id, event_id) DO UPDATE SET
    revision = events.revision + 1,
    severity = excluded.severity, summary = excluded.summary, description = excluded.description,
    started_at = excluded.started_at, resolved_at = excluded.resolved_at, updated_at = excluded.updated_at,
    origin = excluded.origin, request_id = excluded.request_id, last_seq = excluded.last_seq, raw = excluded.raw
  WHERE (events.kind IN ('incident', 'status') OR excluded.origin = 'operator')
    AND excluded.updated_at >= events.updated_at
    AND (excluded.severity IS NOT events.severity OR excluded.summary IS NOT events.summary
      OR excluded.description IS NOT events.description OR excluded.resolved_at IS NOT events.resolved_at)
  RETURNING account_id, event_id, revision`;

/** Revision 1, not routed; the rest in the order of `columnsOf`. */
const ROW = '(?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)';

/** Rows of one statement. A larger batch takes several, so that there are few texts to prepare and keep. */
const MAX_ROWS = 64;

/** By number of rows: the driver keeps statements prepared by their text. */
const STORE = Array.from({ length: MAX_ROWS + 1 }, (_, rows) => (rows === 0 ? '' : storeStatement(rows)));

/** Copies the new states into the time line. The signal itself only where a later revision may replace it. */
const STORE_REVISIONS = `
  INSERT INTO event_revisions (seq, account_id, event_id, revision, origin, note, severity, summary, description,
    resolved_at, updated_at, recorded_at, request_id, raw)
  SELECT e.last_seq, e.account_id, e.event_id, e.revision, e.origin, j.value ->> 2, e.severity, e.summary, e.description,
    e.resolved_at, e.updated_at, ?, e.request_id, CASE WHEN e.kind IN ('incident', 'status') THEN e.raw END
  FROM json_each(?) j JOIN events e ON e.account_id = j.value ->> 0 AND e.event_id = j.value ->> 1
  ORDER BY j.key`;

const READ_UPDATED_AT = `
  SELECT e.account_id, e.event_id, e.kind, e.updated_at
  FROM json_each(?) j JOIN events e ON e.account_id = j.value ->> 0 AND e.event_id = j.value ->> 1`;

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
  let seq = await readNextSeq(tx);
  for (let from = 0; from < sorted.length; from += MAX_ROWS) {
    const chunk = sorted.slice(from, from + MAX_ROWS);
    const parameters = chunk.flatMap(({ event }) => columnsOf(event, now, seq++));
    const rows = await tx.query<(EventIdentity & { revision: number })[]>(STORE[chunk.length]!, parameters);
    for (const row of rows) {
      const outcome = row.revision === 1 ? 'stored' : 'changed';
      outcomes.set(identityOf(row), { outcome, revision: row.revision });
    }
  }
  const news = sorted.filter(({ identity }) => outcomes.has(identity));
  if (news.length > 0) {
    const revisions = news.map(({ event }) => [event.account_id, event.event_id, event.note]);
    await tx.query(STORE_REVISIONS, [now, JSON.stringify(revisions)]);
  }
  const known = sorted.filter(({ identity }) => !outcomes.has(identity));
  if (known.length > 0) await tellDuplicatesFromStale(tx, known, outcomes);
  return outcomes;
}

/** The first free place in the order of revisions. Places are never used again, but some stay empty. */
async function readNextSeq(tx: EntityManager): Promise<number> {
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
  const rows = await tx.query<(EventIdentity & Pick<NormalizedEvent, 'kind' | 'updated_at'>)[]>(
    READ_UPDATED_AT,
    [JSON.stringify(known.map(({ event }) => [event.account_id, event.event_id]))],
  );
  const stored = new Map(rows.map((row) => [identityOf(row), row]));
  for (const { event, identity } of known) {
    const row = stored.get(identity);
    const isStale = row !== undefined && isChangeable(row.kind) && event.updated_at < row.updated_at;
    outcomes.set(identity, { outcome: isStale ? 'stale' : 'duplicate', revision: null });
  }
}

/** In the order of ROW. */
function columnsOf(event: EventToStore, now: number, seq: number): unknown[] {
  return [
    event.account_id,
    event.event_id,
    event.source,
    event.kind,
    event.severity,
    event.service,
    event.type,
    event.user_id,
    event.summary,
    event.description,
    event.started_at,
    event.resolved_at,
    event.updated_at,
    now,
    event.origin,
    event.request_id,
    seq,
    seq,
    event.raw,
  ];
}

/** Marks events for which something was decided to be sent. */
export async function markRouted(tx: EntityManager, identities: readonly EventIdentity[]): Promise<void> {
  await tx.query(
    `UPDATE events SET routed = 1 WHERE routed = 0 AND (account_id, event_id) IN
      (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
    [identitiesJson(identities)],
  );
}
