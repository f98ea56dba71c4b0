import Sqlite from 'better-sqlite3';
import { incident, NO_BREAKER, over, record, settled, startPaging } from '../delivery/paging-service';
import { writeDownStatements, type Executed } from '../events/executed';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';

let destination: FakeDestination;
let service: RunningService;
let executed: Executed[];

beforeEach(async () => {
  destination = await FakeDestination.start();
  service = await startPaging(destination, NO_BREAKER);
  executed = await writeDownStatements(service);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await stopServices();
  await destination.stop();
});

/** How SQLite carries a statement out. Without statistics the plan does not depend on what the tables hold. */
function planOf({ sql, parameters }: Executed): string[] {
  const database = new Sqlite(service.databasePath, { readonly: true });
  try {
    const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[];
    return rows.map(({ detail }) => detail);
  } finally {
    database.close();
  }
}

/** The plan of the first statement that matches. */
async function planOfThat(pattern: RegExp): Promise<string[]> {
  return planOf(
    await eventually(() => {
      const statement = executed.find(({ sql }) => pattern.test(sql));
      if (statement === undefined) throw new Error(`nothing like ${String(pattern)} was executed`);
      return statement;
    }),
  );
}

describe('however many deliveries there are', () => {
  it.each<[what: string, statement: RegExp, index: string]>([
    ['the newest are claimed', /ORDER BY d\.priority DESC/, 'ix_deliveries_newest (destination=?)'],
    ['the oldest are claimed', /ORDER BY d\.due_at LIMIT/, 'ix_deliveries_due (destination=? AND due_at<?)'],
    [
      'those in the way are found',
      /ORDER BY d\.due_at LIMIT/,
      'ix_deliveries_event (account_id=? AND event_id=? AND destination=?)',
    ],
    ['the next due time is found', /due_at > \?/, 'ix_deliveries_due (destination=? AND due_at>?)'],
    ['the expired are found', /'expired'/, 'ix_deliveries_age (<expr><?)'],
    [
      'what was sent of an event is read',
      /AS is_attempted/,
      'ix_deliveries_event (account_id=? AND event_id=?)',
    ],
  ])('%s by an index', async (_what, statement, index) => {
    await record(service, incident('inc'));
    await settled(service, 'inc');
    const plan = await planOfThat(statement);
    expect(plan).toContainEqual(expect.stringContaining(index));
    // But for the events of an update, which are few, nothing is sorted.
    if (!statement.source.includes('is_attempted')) expect(plan.join('; ')).not.toContain('TEMP B-TREE');
  });

  it.each<[query: string, plan: string]>([
    ['', 'SCAN d'],
    ['?cursor=9', 'SEARCH d USING INTEGER PRIMARY KEY (rowid<?)'],
    ['?status=dead', 'SEARCH d USING INDEX ix_deliveries_status (status=?)'],
    ['?status=dead&cursor=9', 'SEARCH d USING INDEX ix_deliveries_status (status=? AND rowid<?)'],
    ['?account_id=acme', 'SEARCH d USING INDEX ix_deliveries_account (account_id=? AND id>?)'],
    [
      '?account_id=acme&cursor=9',
      'SEARCH d USING INDEX ix_deliveries_account (account_id=? AND id>? AND id<?)',
    ],
    ['?account_id=acme&status=dead', 'SEARCH d USING INDEX ix_deliveries_account (account_id=? AND id>?)'],
  ])('GET /deliveries%s reads one page and no more', async (query, plan) => {
    await service.client.deliveries(query);
    // Newest first is the order of the rows themselves, and of each index: nothing is sorted.
    expect(await planOfThat(/FROM "deliveries" "d"/)).toEqual([plan]);
  });

  it('readiness looks once into the index for each destination', async () => {
    await service.client.get('/readyz');
    const plan = await planOfThat(/WITH RECURSIVE waiting/);
    const looks = plan.filter((step) => step.includes('deliveries') || step.includes(' d '));
    expect(looks.length).toBeGreaterThan(0);
    for (const look of looks) {
      expect(look).toMatch(/SEARCH (d|deliveries) USING COVERING INDEX ix_deliveries_due/);
    }
  });

  it('replays are found by indexes', async () => {
    destination.next(answer(400), answer(400));
    await record(service, incident('inc'));
    const [dead] = await settled(service, 'inc');
    await service.client.post(`/deliveries/${dead!.id}/replay`);
    await settled(service, 'inc');
    await service.client.post('/deliveries/replay');
    const one = await planOfThat(/WITH RECURSIVE replays/);
    expect(one.filter((step) => step.includes('ix_deliveries_replay (replay_of=?)'))).toHaveLength(2);
    const many = (await planOfThat(/NOT EXISTS \(\s+SELECT 1 FROM deliveries l/)).join('; ');
    expect(many).toContain('ix_deliveries_status (status=? AND rowid>? AND rowid<?)');
    expect(many).toContain('ix_deliveries_event (account_id=? AND event_id=? AND destination=? AND rowid>?)');
    expect(many).not.toContain('TEMP B-TREE');
  });

  it('nothing reads all of the deliveries, nor all of the attempts', async () => {
    destination.next(answer(500), answer(202), answer(400));
    await record(service, incident('inc'), incident('other'));
    await settled(service, 'inc');
    await record(service, over('inc'), over('other'));
    await settled(service, 'other');
    const [delivery] = await service.client.deliveries();
    await service.client.post(`/deliveries/${delivery!.id}/replay`);
    await service.client.post('/deliveries/replay', { destination: 'pagerduty' });
    await service.client.get('/readyz');
    await service.client.get('/events/inc');
    await service.client.get('/events');
    const about = executed.filter(({ sql }) => /^\s*(WITH|SELECT|UPDATE|INSERT|DELETE).*deliver/is.test(sql));
    expect(about.length).toBeGreaterThan(10);
    // The one list without a filter reads the newest rows, up to its limit.
    const filtered = about.filter(({ sql }) => !/ORDER BY "d"\."id" DESC LIMIT/.test(sql));
    const scans = filtered.flatMap((statement) => {
      const plan = planOf(statement);
      // A CO-ROUTINE is the window of the newest-first claim, which is bounded.
      if (plan.includes('CO-ROUTINE d')) return [];
      return plan
        .filter((step) => /SCAN (deliver\w+|[adel])\b/.test(step))
        .map((step) => [step, statement.sql]);
    });
    expect(scans).toEqual([]);
  });
});
