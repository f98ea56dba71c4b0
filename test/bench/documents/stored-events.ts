import Sqlite from 'better-sqlite3';
import { chargeSucceeded } from './stripe-events';

/** How far back the oldest event is. */
const SPAN_MS = 30 * 86_400_000;

const ROWS_PER_TRANSACTION = 20_000;

/** What a row of `events` is made of, besides its identity and times. */
interface Sort {
  /** Of a thousand events, so many are of this sort. */
  readonly perMille: number;
  readonly source: string;
  readonly kind: string;
  readonly severity: string;
  readonly service: string;
  readonly type: string;
  readonly account_id: string;
  readonly isOpen: boolean;
}

const STRIPE = { source: 'stripe', kind: 'payment', service: 'stripe', account_id: 'default', isOpen: false };
const PAGE = { source: 'braze_status', service: 'braze', account_id: 'default' };

/** The mix: mostly harmless payments of the default account, and of everything else at least one in a hundred. */
const SORTS: readonly Sort[] = [
  { ...STRIPE, perMille: 800, severity: 'info', type: 'charge.succeeded' },
  { ...STRIPE, perMille: 60, severity: 'warning', type: 'charge.failed' },
  { ...STRIPE, perMille: 10, severity: 'critical', type: 'payout.failed' },
  { ...PAGE, perMille: 20, kind: 'incident', severity: 'warning', type: 'incident', isOpen: false },
  { ...PAGE, perMille: 10, kind: 'incident', severity: 'critical', type: 'incident', isOpen: true },
  { ...PAGE, perMille: 20, kind: 'status', severity: 'info', type: 'component', isOpen: false },
  { ...STRIPE, perMille: 70, severity: 'info', type: 'charge.refunded', account_id: 'large-tenant' },
  { ...STRIPE, perMille: 10, severity: 'info', type: 'charge.succeeded', account_id: 'small-tenant' },
];

/**
 * Writes events straight into the tables of a database that the service has made and is not running on: the same
 * rows that it would have stored one by one over the last 30 days. The signals are about 2 KB each.
 */
export function fillWithEvents(databasePath: string, count: number): void {
  const database = new Sqlite(databasePath);
  // Nothing is lost if this is cut short, so it may be fast. The journal goes back to what the service expects.
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.pragma('cache_size = -400000');
  const oldestAt = Date.now() - SPAN_MS;
  const insertEvent = inserter(database, 'events', eventOf(0, oldestAt));
  const insertRevision = inserter(database, 'event_revisions', revisionOf(eventOf(0, oldestAt)));
  const insert = database.transaction((from: number, to: number) => {
    for (let index = from; index < to; index++) {
      const event = eventOf(index, oldestAt + Math.floor((SPAN_MS * (index + 1)) / count));
      insertEvent.run(event);
      insertRevision.run(revisionOf(event));
    }
  });
  for (let from = 0; from < count; from += ROWS_PER_TRANSACTION) {
    insert(from, Math.min(from + ROWS_PER_TRANSACTION, count));
  }
  database.pragma('journal_mode = WAL');
  database.close();
}

const RAW = JSON.stringify(chargeSucceeded('evt_stored'), null, 2);

/** A statement for rows that have the columns of this one. */
function inserter(database: Sqlite.Database, table: string, row: object): Sqlite.Statement {
  const columns = Object.keys(row);
  return database.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `:${name}`).join(', ')})`,
  );
}

/** The n-th row of `events`, received at the given time. */
function eventOf(index: number, received_at: number) {
  const { account_id, source, kind, severity, service, type, isOpen } = sortOf(index);
  const event_id = idOf(index);
  return {
    account_id,
    event_id,
    revision: 1,
    source,
    kind,
    severity,
    service,
    type,
    user_id: null,
    summary: `${type}: ${event_id}`,
    description: null,
    started_at: received_at,
    resolved_at: kind === 'payment' || isOpen ? null : received_at,
    updated_at: received_at,
    received_at,
    routed: 0,
    origin: 'source',
    request_id: null,
    first_seq: index + 1,
    last_seq: index + 1,
    raw: RAW.replaceAll('evt_stored', event_id),
  };
}

/** The row of `event_revisions` that goes with it. */
function revisionOf(event: ReturnType<typeof eventOf>) {
  return {
    seq: event.last_seq,
    account_id: event.account_id,
    event_id: event.event_id,
    revision: event.revision,
    origin: event.origin,
    note: null,
    severity: event.severity,
    summary: event.summary,
    description: event.description,
    resolved_at: event.resolved_at,
    updated_at: event.updated_at,
    recorded_at: event.received_at,
    request_id: event.request_id,
    // The service keeps a revision's own signal only where a later revision may replace the event's.
    raw: event.kind === 'payment' ? null : event.raw,
  };
}

/** Prime, so that the sorts are mixed evenly and the ids are spread over their index as random ones are. */
const STRIDE = 611_953;

function sortOf(index: number): Sort {
  let rank = (index * STRIDE) % 1_000;
  const sort = SORTS.find(({ perMille }) => (rank -= perMille) < 0);
  if (sort === undefined) throw new RangeError('the sorts do not add up to a thousand');
  return sort;
}

function idOf(index: number): string {
  return `evt_${Math.imul(index, 0x9e3779b1) >>> 0}_${index}`;
}
