import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../harness/eventually';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { INCIDENT, summary } from '../statuspage/documents';
import { PageServer } from '../statuspage/page-server';
import { Installation, removeInstallations } from './installation';
import { removeOwnServers, startOwnServers, type OwnServers } from './own-servers';

const ROLES = 'api,scheduler';
const EVERY_SECOND = '* * * * * *';
const TAKEOVER_LIMIT_MS = 30_000;

/** For a second caller to have come as far as waiting for the first one's outcome. */
const ARRIVAL_MS = 500;

const POLLED = 'status page polled';

let servers: OwnServers;
let pages: PageServer;
let installation: Installation;

beforeAll(async () => {
  servers = await startOwnServers();
});
beforeEach(async () => {
  pages = await PageServer.start();
});
afterEach(async () => {
  await removeInstallations();
  await pages.close();
});
afterAll(() => removeOwnServers(servers));

/** An installation that polls one page; in production it reads no fixtures beside it. */
async function make(cron?: string): Promise<void> {
  installation = await Installation.make(servers, {
    NODE_ENV: 'production',
    STATUS_PAGES: `acme=${pages.summaryUrl('acme')}`,
    PAGE_TIMEOUT_MS: '60000',
    ...(cron === undefined ? {} : { STATUS_POLL_CRON: cron }),
  });
}

async function isLeader(name: string): Promise<boolean> {
  const { body } = await installation.client(name).get('/readyz');
  const { details } = body as { details: { roles: { is_leader: boolean } } };
  return details.roles.is_leader;
}

/** A page with one incident. */
const withIncident = (id: string): object => summary({ incidents: [{ ...INCIDENT, id }] });

async function eventIds(): Promise<string[]> {
  const rows = await queryPostgres<{ event_id: string }>(
    installation.databaseUrl,
    'SELECT event_id FROM events ORDER BY event_id',
  );
  return rows.map(({ event_id }) => event_id);
}

describeWith({ ownPostgres: true, ownRedis: true }, 'of two schedulers', () => {
  it('one leads and polls; when it is killed the other takes over', async () => {
    pages.serveSummary('acme', { body: withIncident('inc1') });
    await make(EVERY_SECOND);
    await Promise.all([installation.start(ROLES, {}, 'one'), installation.start(ROLES, {}, 'two')]);
    const leaders = await Promise.all([isLeader('one'), isLeader('two')]);
    expect(leaders.toSorted()).toEqual([false, true]);
    const [leader, other] = leaders[0] === true ? ['one', 'two'] : ['two', 'one'];

    await eventually(() => expect(installation.lines(POLLED, leader).length).toBeGreaterThan(2));
    expect(installation.lines(POLLED, other)).toEqual([]);
    await installation.process(leader).end('SIGKILL');
    const killedAt = Date.now();
    const asked = pages.summaryRequests('acme').length;
    // A poll that was under way has been asked for, and not been told of.
    expect(asked - installation.lines(POLLED, leader).length).toBeLessThan(2);

    await eventually(async () => expect(await isLeader(other)).toBe(true), TAKEOVER_LIMIT_MS);
    process.stdout.write(`the other scheduler led ${Date.now() - killedAt} ms after kill -9 of the leader\n`);
    // Where that poll had begun, its lease has to end before the page is polled again.
    await queryPostgres(installation.databaseUrl, `UPDATE leases SET until = 0 WHERE name = 'page:acme'`);
    await eventually(() => expect(installation.lines(POLLED, other).length).toBeGreaterThan(1));
    expect(await eventIds()).toEqual(['acme_status:inc1']);
  }, 60_000);

  it('both poll once for two who ask at the same time, and give them the same answer', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    pages.serveSummary('acme', { body: withIncident('inc1'), after: released });
    await make();
    await Promise.all([installation.start(ROLES, {}, 'one'), installation.start(ROLES, {}, 'two')]);
    const asked = ['one', 'two'].map((name) => installation.client(name).post('/ingest/pull-status'));
    await eventually(() => expect(pages.summaryRequests('acme')).toHaveLength(1));
    await sleep(ARRIVAL_MS);
    release();
    const [one, two] = await Promise.all(asked);
    expect(one).toMatchObject({ status: 200, body: { fetched: { acme: 1 }, stored: 1 } });
    expect(two!.body).toEqual(one!.body);
    expect(pages.summaryRequests('acme')).toHaveLength(1);
    expect(await eventIds()).toEqual(['acme_status:inc1']);
  }, 60_000);

  it('one that stood still writes nothing under the leases that it has lost', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    pages.serveSummary('acme', { body: withIncident('old'), after: released }, { body: withIncident('new') });
    await make(EVERY_SECOND);
    const { process: leader } = await installation.start(ROLES, {}, 'one');
    await eventually(() => expect(pages.summaryRequests('acme')).toHaveLength(1));
    await installation.start(ROLES, {}, 'two');
    leader.kill('SIGSTOP');
    // What it would write down when it goes on.
    release();
    await eventually(async () => expect(await isLeader('two')).toBe(true), TAKEOVER_LIMIT_MS);
    await queryPostgres(installation.databaseUrl, `UPDATE leases SET until = 0 WHERE name = 'page:acme'`);
    await eventually(() => expect(installation.lines(POLLED, 'two').length).toBeGreaterThan(0));
    expect(installation.lines(POLLED, 'one')).toEqual([]);

    leader.kill('SIGCONT');
    // It gets the outcome of a later poll, its own or the other's, and so has come to the end of the old one.
    await eventually(() => expect(installation.lines('another process leads now', 'one')).toHaveLength(1));
    await eventually(async () => {
      expect(await installation.client('one').post('/ingest/pull-status')).toMatchObject({ status: 200 });
    });
    expect(await eventIds()).toEqual(['acme_status:new']);
    expect([await isLeader('one'), await isLeader('two')]).toEqual([false, true]);
    expect(await installation.stop()).toEqual({ one: 0, two: 0 });
  }, 90_000);
});
