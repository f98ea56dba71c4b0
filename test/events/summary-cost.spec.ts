import { Database } from '../../src/database/database';
import { EventCountEntity } from '../../src/events/summary/event-count.entity';
import { UserRollup } from '../../src/events/summary/user-rollup';
import { WINDOWS } from '../../src/events/summary/summary-window';
import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { Recorder } from '../../src/recording/recorder';
import { startService, stopServices, type RunningService } from '../harness/service';
import { writeDownStatements, type Executed } from './executed';
import { event, TimedRecorder } from './recorded-at';

/** The minutes of an hour, with the one that it begins in. */
const MAX_BUCKETS = 61;

let service: RunningService;
let database: Database;

beforeEach(async () => {
  service = await startService();
  database = service.app.get(Database);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await stopServices();
});

/** Enough, of enough accounts, for PostgreSQL to see which index is the right one. */
function openIncidents(): NormalizedEvent[] {
  return Array.from({ length: 3_000 }, (_, n) => {
    return event(`open-${n}`, {
      kind: 'incident',
      account_id: n % 100 === 0 ? 'acme' : `account-${n % 100}`,
    });
  });
}

/** What a summary of each window asks the database. */
async function statementsOfSummaries(): Promise<Executed[]> {
  const executed = await writeDownStatements(service);
  for (const window of WINDOWS) await service.client.get(`/accounts/acme/summary?window=${window}`);
  return executed.filter(({ sql }) => /event_counts r|event_users r|AS open_events/.test(sql));
}

/** How the database carries a statement out, where its indexes can serve it. */
function planOf({ sql, parameters }: Executed): Promise<string[]> {
  return database.write(async (tx) => {
    if (database.dialect === 'sqlite') {
      const steps = await tx.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, [...parameters]);
      return steps.map(({ detail }) => detail);
    }
    // With so few rows, PostgreSQL would rather read all of them.
    await tx.query('SET LOCAL enable_seqscan = off');
    const steps = await tx.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${sql}`, [...parameters]);
    return steps.map((step) => step['QUERY PLAN']);
  });
}

const LOOKS = {
  sqlite: {
    counts: /SEARCH r USING PRIMARY KEY \(span_ms=\? AND bucket_at=\? AND account_id=\?\)/,
    users:
      /SEARCH r USING INDEX sqlite_autoindex_event_users_1 \(span_ms=\? AND bucket_at=\? AND account_id=\?\)/,
    open: /SEARCH events USING (COVERING )?INDEX ix_events_account_open \(account_id=\?\)/,
    scan: /SCAN (r|events)\b/,
  },
  postgres: {
    counts: /(Index Scan using|Bitmap Index Scan on) (event_counts_pkey|ix_event_counts_age)/,
    users: /(Index Scan using|Bitmap Index Scan on) (event_users_pkey|ix_event_users_age)/,
    open: /(Index|Index Only|Bitmap Index) Scan (using|on) events_\d+_account_id_idx/,
    scan: /Seq Scan on (event_counts|event_users|events)/,
  },
} as const;

describe('however many events there are, a summary', () => {
  it('looks into indexes only', async () => {
    await service.app.get(Recorder).record([event('a', { user_id: 'ann' }), ...openIncidents()]);
    await service.app.get(UserRollup).addUp();
    // SQLite's plans do not depend on what is in the tables, as long as nobody has it gather statistics.
    if (database.dialect === 'postgres') await database.write((tx) => tx.query('ANALYZE'));
    const looks = LOOKS[database.dialect];
    const found = { counts: 0, users: 0, open: 0 };
    for (const statement of await statementsOfSummaries()) {
      const plan = (await planOf(statement)).join('\n');
      expect(plan).not.toMatch(looks.scan);
      const kind = /event_counts/.test(statement.sql)
        ? 'counts'
        : /event_users/.test(statement.sql)
          ? 'users'
          : 'open';
      expect(plan).toMatch(looks[kind]);
      // Of the partitions, the account's own.
      if (kind === 'open') expect(new Set(plan.match(/\bevents_\d+\b/g)).size).toBeLessThanOrEqual(1);
      found[kind]++;
    }
    // The window of an hour looks at its hours too.
    expect(found).toEqual({ counts: WINDOWS.length + 1, users: WINDOWS.length, open: WINDOWS.length });
  });

  it('looks at a bounded number of buckets', async () => {
    for (const { sql, parameters } of await statementsOfSummaries()) {
      if (sql.includes('AS open_events')) continue;
      const buckets = JSON.parse(String(parameters[0])) as unknown[];
      expect(buckets.length).toBeGreaterThan(0);
      expect(buckets.length).toBeLessThanOrEqual(MAX_BUCKETS);
    }
  });

  it('adds up rows whose number does not depend on that of the events', async () => {
    const recorder = new TimedRecorder(service);
    const at = Date.UTC(2026, 0, 15, 10, 23);
    const countRows = (): Promise<number> => database.read.getRepository(EventCountEntity).count();
    const events = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) =>
        event(`e-${from + n}`, { type: `type-${n % 4}`, user_id: `user-${n % 7}` }),
      );
    await recorder.record(at, ...events(0, 10));
    expect(await countRows()).toBe(3 * 4);
    for (let batch = 1; batch <= 5; batch++) await recorder.record(at + batch, ...events(batch * 1_000, 500));
    expect(await countRows()).toBe(3 * 4);
  });
});
