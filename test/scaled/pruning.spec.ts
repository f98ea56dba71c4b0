import { inPostgresSession, queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import type { ServiceClient } from '../harness/service-client';
import { stopServices, type RunningService } from '../harness/service';
import { ScaledServices } from './scaled-services';
import {
  explain,
  partitionsRead,
  statementsOnEvents,
  type PlanNode,
  type SentStatement,
} from './sent-statements';

/** Of 50 accounts, all at different times. */
const STORED = 20_000;

const SEED = `
  INSERT INTO events SELECT 'acme-' || n % 50, 'e-' || n, 1, 'app', 'activity', 'info', 'app', 'login', 'u', 'login', NULL,
    n, NULL, n, n, FALSE, 'source', NULL, n, n, '{}'
  FROM generate_series(1, ${STORED}) n`;

const LIMIT = 20;

describeWith({ postgres: true, redis: true }, 'partitions of the events', () => {
  let services: ScaledServices;
  let service: RunningService;
  beforeAll(async () => {
    services = await ScaledServices.onFreshStore({ INGEST_MODE: 'direct' });
    service = await services.start(['api', 'worker']);
    await inPostgresSession(services.databaseUrl, async (client) => {
      await client.query(SEED);
      await client.query('ANALYZE events');
    });
  });
  afterAll(stopServices);

  /** An event of one account, as its tenant posts it. */
  const post = (client: ServiceClient, event: Record<string, unknown>): Promise<{ status: number }> =>
    client.post('/events', {
      account_id: 'acme-7',
      user_id: 'u',
      type: 'checkout.failed',
      timestamp: '2026-01-15T10:00:00.000Z',
      ...event,
    });

  const plansOf = (sent: readonly SentStatement[]): Promise<PlanNode[][]> =>
    Promise.all(sent.map((statement) => explain(services.databaseUrl, statement)));

  /** The one partition that holds the account. */
  const partitionOf = async (account: string): Promise<string> => {
    const sql = `SELECT DISTINCT tableoid::regclass::text AS name FROM events WHERE account_id = '${account}'`;
    const rows = await queryPostgres<{ name: string }>(services.databaseUrl, sql);
    expect(rows).toHaveLength(1);
    return rows[0]!.name;
  };

  const incident = { event_id: 'i-1', kind: 'incident', severity: 'critical' };

  it.each<[what: string, ask: (client: ServiceClient) => Promise<{ status: number }>]>([
    ["an account's list", (client) => client.get('/events?account_id=acme-7')],
    ['its second page', (client) => secondPage(client, 'account_id=acme-7&')],
    ['its open events', (client) => client.get('/events?account_id=acme-7&open=true')],
    ['an event', (client) => client.get('/events/e-7?account_id=acme-7')],
    ['a summary', (client) => client.get('/accounts/acme-7/summary')],
    ['a new event', (client) => post(client, { event_id: 'n-1' })],
    ['a known event', (client) => post(client, { event_id: 'e-7' })],
    ['an incident that pages', (client) => post(client, incident)],
    ['its next state', (client) => post(client, { ...incident, metadata: { summary: 'worse' } })],
    ['a resolution', (client) => client.post('/events/i-1/resolve?account_id=acme-7', {})],
  ])('are read one at a time for %s', async (_, ask) => {
    let status = 0;
    const sent = await statementsOnEvents(async () => (status = (await ask(service.client)).status));
    expect([200, 202]).toContain(status);
    const read = (await plansOf(sent)).map(partitionsRead);
    const partition = await partitionOf('acme-7');
    // A statement that only stores reads none.
    expect(read.filter((partitions) => partitions.length > 0)).not.toEqual([]);
    for (const partitions of read) expect([[], [partition]]).toContainEqual(partitions);
  });

  it('are read no further than a page where no account is given', async () => {
    const sent = await statementsOnEvents(() => service.client.get(`/events?limit=${LIMIT}`));
    const [keys, events] = await plansOf(sent);
    const scans = keys!.filter((node) => node['Relation Name'] !== undefined);
    expect(scans).toHaveLength(16);
    expect(scans.map((scan) => scan['Index Name'])).toEqual(
      Array(16).fill(expect.stringMatching(/_received_at_account_id_event_id_idx$/)),
    );
    // One more than are shown tells whether there is a next page; and of each partition the newest is looked at.
    const rowsRead = scans.reduce((sum, scan) => sum + scan['Actual Rows'], 0);
    expect(rowsRead).toBeLessThanOrEqual(LIMIT + 1 + 16);
    const looked = events!.filter((node) => /^events_/.test(node['Relation Name'] ?? ''));
    expect(looked.reduce((sum, node) => sum + node['Actual Loops'], 0)).toBe(LIMIT);
  });
});

async function secondPage(client: ServiceClient, query: string): Promise<{ status: number }> {
  const first = await client.get<{ next_cursor: string }>(`/events?${query}limit=${LIMIT}`);
  return client.get(`/events?${query}limit=${LIMIT}&cursor=${first.body.next_cursor}`);
}
