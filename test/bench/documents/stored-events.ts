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

const INSERT_EVENT = `
  INSERT INTO events (account_id, event_id, revision, source, kind, severity, service, type, user_id, summary,
    description, started_at, resolved_at, updated_at, received_at, routed, origin, request_id, raw)
  VALUES (:account_id, :event_id, 1, :source, :kind, :severity, :service, :type, NULL, :summary,
    NULL, :received_at, :resolved_at, :received_at, :received_at, 0, 'source', NULL, :raw)`;

const INSERT_REVISION = `
  INSERT INTO event_revisions (account_id, event_id, revision, origin, note, severity, summary, description,
    resolved_at, updated_at, recorded_at, request_id, raw)
  VALUES (:account_id, :event_id, 1, 'source', NULL, :severity, :summary, NULL,
    :resolved_at, :received_at, :received_at, NULL, :revision_raw)`;

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
  const insertEvent = database.prepare(INSERT_EVENT);
  const insertRevision = database.prepare(INSERT_REVISION);
  const now = Date.now();
  const insert = database.transaction((from: number, to: number) => {
    for (let index = from; index < to; index++) {
      const row = rowOf(index, now - SPAN_MS + Math.floor((SPAN_MS * (index + 1)) / count));
      insertEvent.run(row);
      insertRevision.run(row);
    }
  });
  for (let from = 0; from < count; from += ROWS_PER_TRANSACTION) {
    insert(from, Math.min(from + ROWS_PER_TRANSACTION, count));
  }
  database.pragma('journal_mode = WAL');
  database.close();
}

const RAW = JSON.stringify(chargeSucceeded('evt_stored'), null, 2);

function rowOf(index: number, received_at: number): Readonly<Record<string, unknown>> {
  const sort = sortOf(index);
  const event_id = idOf(index);
  const raw = RAW.replaceAll('evt_stored', event_id);
  const isPoint = sort.kind === 'payment';
  return {
    ...sort,
    event_id,
    received_at,
    summary: `${sort.type}: ${event_id}`,
    resolved_at: isPoint || sort.isOpen ? null : received_at,
    raw,
    // The service keeps a revision's own signal only where a later revision may replace the event's.
    revision_raw: isPoint ? null : raw,
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
