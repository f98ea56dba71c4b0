import { Statement } from '../database/statement';
import type { EventIdentity } from '../normalization/event-identity';
import type { NormalizedEvent } from '../normalization/normalized-event';

/** A row that was stored or changed. */
export type StoredRow = EventIdentity & { readonly revision: number };

/** The columns of a row, in the order in which statements take them; behind them `now`, and on SQLite the place twice. */
const COLUMNS = `account_id, event_id, source, kind, severity, service, type, user_id, summary, description,
  started_at, resolved_at, updated_at, origin, request_id, raw`;

/** PostgreSQL's types of `COLUMNS`. */
const TYPES = [...Array<string>(10).fill('text'), 'bigint', 'bigint', 'bigint', 'text', 'text', 'text'];

/** How many values of an event a statement takes. */
const WIDTH = TYPES.length;

/**
 * The one rule for repeats: new identities become rows; known ones take a state that differs and is not older,
 * unless they are points in time; everything else is left alone and not returned. What a person says counts for
 * every kind. A state that began with itself says nothing of the event's start, and the known one stays.
 */
const store = (rows: string, nextPlace: string): string => `
  INSERT INTO events (${COLUMNS}, received_at, first_seq, last_seq, revision, routed)
  ${rows}
  ON CONFLICT (account_id, event_id) DO UPDATE SET
    revision = events.revision + 1,
    severity = excluded.severity, summary = excluded.summary, description = excluded.description,
    started_at = CASE WHEN excluded.started_at = excluded.updated_at THEN events.started_at
      ELSE excluded.started_at END,
    resolved_at = excluded.resolved_at, updated_at = excluded.updated_at,
    origin = excluded.origin, request_id = excluded.request_id, last_seq = ${nextPlace}, raw = excluded.raw
  WHERE (events.kind IN ('incident', 'status') OR excluded.origin = 'operator')
    AND excluded.updated_at >= events.updated_at
    AND (excluded.severity IS DISTINCT FROM events.severity OR excluded.summary IS DISTINCT FROM events.summary
      OR excluded.description IS DISTINCT FROM events.description
      OR excluded.resolved_at IS DISTINCT FROM events.resolved_at)
  RETURNING account_id, event_id, revision`;

/** Rows of one statement on SQLite. A larger batch takes several, so that there are few texts to prepare and keep. */
export const MAX_SQLITE_ROWS = 64;

const SQLITE_ROW = `(${Array(WIDTH + 3)
  .fill('?')
  .join(', ')}, 1, FALSE)`;

/**
 * For SQLite, by number of rows: the driver keeps statements prepared by their text. Plain VALUES, because handing the
 * rows over as one JSON text costs SQLite twice the time per row once signals are long: it unescapes them, and looks up
 * each of the fields.
 */
export const STORE_ON_SQLITE = Array.from({ length: MAX_SQLITE_ROWS + 1 }, (_, rows) => {
  return new Statement<StoredRow>(() =>
    store(`VALUES ${Array(rows).fill(SQLITE_ROW).join(', ')}`, 'excluded.last_seq'),
  );
});

/**
 * For PostgreSQL: `now`, and then each column as one parameter, an array. The place of a change is taken when its
 * row is locked, so that the places of one event's states have the order of the states. The transaction gets its number
 * before it takes any place: whoever follows the places (stream/settled-places.ts) waits for it then.
 */
export const STORE_ON_POSTGRES = new Statement<StoredRow>(() => {
  const arrays = TYPES.map((type) => `CAST(? AS ${type}[])`).join(', ');
  const rows = `
    SELECT ${COLUMNS}, CAST(? AS bigint), place, place, 1, FALSE FROM (
      SELECT u.*, nextval('event_revisions_seq') AS place FROM unnest(${arrays}) AS u (${COLUMNS})
    ) AS placed
    WHERE pg_current_xact_id() IS NOT NULL`;
  return store(rows, `nextval('event_revisions_seq')`);
});

/** The values of an event's columns. */
export function valuesOf(event: NormalizedEvent & { origin: string; request_id: string | null }): unknown[] {
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
    event.origin,
    event.request_id,
    event.raw,
  ];
}

/** The event that a row of account and event names. */
const IS_NAMED = 'e.account_id = j.value ->> 0 AND e.event_id = j.value ->> 1';

/**
 * Copies the new states into the time line. The signal itself only where a later revision may replace it. Parameters:
 * now, rows of account, event, note, and the place that the state has if it is new, or null where that is known.
 */
export const STORE_REVISIONS = new Statement(
  ({ rows, lookUp }) => `
  INSERT INTO event_revisions (seq, account_id, event_id, revision, origin, note, severity, summary, description,
    resolved_at, updated_at, recorded_at, request_id, raw)
  SELECT e.last_seq, e.account_id, e.event_id, e.revision, e.origin, j.value ->> 2, e.severity, e.summary, e.description,
    e.resolved_at, e.updated_at, CAST(? AS bigint), e.request_id,
    CASE WHEN e.kind IN ('incident', 'status') THEN e.raw END
  FROM ${rows('j')} ${lookUp('events', 'e', IS_NAMED)}
  WHERE j.value ->> 3 IS NULL OR e.last_seq = CAST(j.value ->> 3 AS bigint)
  ORDER BY j.key`,
);

/** Parameter: rows of account, event. */
export const READ_UPDATED_AT = new Statement<EventIdentity & Pick<NormalizedEvent, 'kind' | 'updated_at'>>(
  ({ rows, lookUp }) => `
  SELECT e.account_id, e.event_id, e.kind, e.updated_at FROM ${rows('j')} ${lookUp('events', 'e', IS_NAMED)}`,
);

/** Of one account, so that PostgreSQL changes one partition and reads no other. Parameters: account, rows of an event. */
export const MARK_ROUTED = new Statement(
  ({ rows, among }) => `
  UPDATE events SET routed = TRUE WHERE routed = FALSE AND account_id = ?
    AND event_id ${among(`SELECT j.value ->> 0 FROM ${rows('j')}`)}`,
);
