import Sqlite from 'better-sqlite3';
import { fillRollUps } from './roll-ups';

/** How far back the oldest event is. */
const SPAN_MS = 30 * 86_400_000;

const DAY_MS = 86_400_000;

/** Accounts that have as many events in a large store as in a small one. */
export const ALIKE_ACCOUNTS = 10;

/** Has nine tenths of all events that are not theirs. */
export const LARGEST_ACCOUNT = 'largest';

/** Have the rest. */
export const SMALL_ACCOUNTS = 200;

const TYPES = 8;
const USERS_PER_ACCOUNT = 1_000;

/** The n-th of the accounts that have as many events in any store. */
export function alikeAccount(index: number): string {
  return `alike-${index}`;
}

/** The n-th small account. */
export function smallAccount(index: number): string {
  return `small-${index}`;
}

/** What a store is to hold. `ofAlike`, those of the accounts that are alike, divides `count`. */
export interface TenantStore {
  readonly count: number;
  readonly ofAlike: number;
}

/**
 * Writes tenants' events and their roll-ups straight into the tables of a database that the service has made and is
 * not running on: the same rows that it would have stored one by one, evenly over the last 30 days. The signals are
 * about 150 bytes each.
 */
export function fillWithTenantEvents(databasePath: string, { count, ofAlike }: TenantStore): void {
  const database = new Sqlite(databasePath);
  // Nothing is lost if this is cut short, so it may be fast. The journal goes back to what the service expects.
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.pragma('cache_size = -1000000');
  database.pragma('temp_store = MEMORY');
  database.exec(CREATE_FRESH);
  const now = Date.now();
  const oldestAt = now - SPAN_MS;
  // Day by day, so that what is counted for a day, and for each hour of it, is there in full.
  let index = 0;
  for (let dayAt = oldestAt - (oldestAt % DAY_MS); dayAt <= now; dayAt += DAY_MS) {
    const end = Math.ceil(((dayAt + DAY_MS - oldestAt) * count) / SPAN_MS);
    const to = Math.min(Math.max(end, index), count);
    fillDay(database, {
      now,
      oldestAt,
      perEventMs: SPAN_MS / count,
      every: count / ofAlike,
      from: index,
      to,
    });
    index = to;
  }
  database.exec('DROP TABLE fresh');
  const sequence = database.prepare(`UPDATE sqlite_sequence SET seq = ? WHERE name = 'event_revisions'`);
  sequence.run(count);
  database.pragma('journal_mode = WAL');
  database.close();
}

/**
 * How many events of an account there are since a time: what a summary has to say.
 *
 * The database's service may be running.
 */
export function countSince(databasePath: string, account: string, receivedAt: number): number {
  const database = new Sqlite(databasePath, { readonly: true });
  const statement = database.prepare(
    'SELECT count(*) AS count FROM events WHERE account_id = ? AND received_at >= ?',
  );
  const { count } = statement.get(account, receivedAt) as { count: number };
  database.close();
  return count;
}

/** Indices of events, and how they become times. */
interface Day {
  readonly now: number;
  readonly oldestAt: number;
  readonly perEventMs: number;
  /** Each so-manieth event is of an account that is alike. */
  readonly every: number;
  readonly from: number;
  readonly to: number;
}

function fillDay(database: Sqlite.Database, day: Day): void {
  if (day.to === day.from) return;
  database.exec('BEGIN');
  database.prepare(INSERT_FRESH).run({ ...day });
  database.exec(INSERT_EVENTS);
  database.exec(INSERT_REVISIONS);
  fillRollUps(database, day.now);
  database.exec('DELETE FROM fresh');
  database.exec('COMMIT');
}

/** What differs between the events of a day. */
const CREATE_FRESH = `CREATE TEMP TABLE fresh (
  seq INTEGER PRIMARY KEY, account_id TEXT, event_id TEXT, type TEXT, severity TEXT, user_id TEXT, received_at INTEGER
)`;

/** Multiplied by primes, so that accounts, types and users are mixed and do not go in step; some users do more than others. */
const INSERT_FRESH = `
  WITH RECURSIVE n (i) AS (SELECT CAST(:from AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :to),
  mixed (i, mix, draw) AS (
    SELECT i, (i * 7919) / 1000, (i * 7919) / 1000 * 104729 % ${USERS_PER_ACCOUNT} FROM n
  )
  INSERT INTO fresh SELECT
    i + 1,
    CASE WHEN i % CAST(:every AS INTEGER) = 0 THEN 'alike-' || (i / CAST(:every AS INTEGER) % ${ALIKE_ACCOUNTS})
      WHEN mix % 10 = 0 THEN 'small-' || (mix / 10 % ${SMALL_ACCOUNTS})
      ELSE '${LARGEST_ACCOUNT}' END,
    printf('%012x-%08x', i, (i * 2654435761) & 4294967295),
    'order.step_' || (mix % ${TYPES}),
    CASE WHEN mix % 100 = 0 THEN 'warning' ELSE 'info' END,
    'user-' || (draw * draw / ${USERS_PER_ACCOUNT}),
    CAST(:oldestAt + :perEventMs * i AS INTEGER)
  FROM mixed`;

const INSERT_EVENTS = `INSERT INTO events (
    account_id, event_id, revision, source, kind, severity, service, type, user_id, summary, description,
    started_at, resolved_at, updated_at, received_at, routed, origin, request_id, first_seq, last_seq, raw)
  SELECT account_id, event_id, 1, 'app', 'activity', severity, account_id, type, user_id,
    type || ': ' || user_id, NULL, received_at, NULL, received_at, received_at, 0, 'source', NULL, seq, seq,
    json_object('event_id', event_id, 'account_id', account_id, 'user_id', user_id, 'type', type, 'timestamp',
      strftime('%Y-%m-%dT%H:%M:%fZ', received_at / 1000.0, 'unixepoch'))
  FROM fresh ORDER BY seq`;

const INSERT_REVISIONS = `INSERT INTO event_revisions (
    seq, account_id, event_id, revision, origin, note, severity, summary, description, resolved_at, updated_at,
    recorded_at, request_id, raw)
  SELECT seq, account_id, event_id, 1, 'source', NULL, severity, type || ': ' || user_id, NULL, NULL, received_at,
    received_at, NULL, NULL
  FROM fresh ORDER BY seq`;
