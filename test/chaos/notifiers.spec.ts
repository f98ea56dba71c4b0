import { eventually } from '../harness/eventually';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { Gate } from '../delivery/gate';
import { Installation, removeInstallations } from './installation';
import { removeOwnServers, startOwnServers, type OwnServers } from './own-servers';

const DELIVERIES = 100;

let servers: OwnServers;
let installation: Installation;

beforeAll(async () => {
  servers = await startOwnServers();
  // Outlasts the test, so that what was stopped in mid-send still has its answer to read.
  installation = await Installation.make(servers, { DELIVERY_TIMEOUT_MS: '60000' });
  await installation.start('api,worker,scheduler', {}, 'hub');
});
afterAll(async () => {
  await removeInstallations();
  await removeOwnServers(servers);
});

async function post(event_id: string): Promise<void> {
  const event = {
    account_id: 'acme',
    user_id: 'user-17',
    type: 'checkout.failed',
    timestamp: '2026-01-15T10:40:00.000Z',
    severity: 'critical',
  };
  const answer = await installation.client('hub').post('/events', { ...event, event_id });
  expect(answer.status).toBe(202);
}

interface DeliveryRow {
  readonly event_id: string;
  readonly status: string;
  readonly claims: number;
}

function deliveries(): Promise<DeliveryRow[]> {
  const query = 'SELECT event_id, status, claims FROM deliveries ORDER BY id';
  return queryPostgres(installation.databaseUrl, query);
}

describeWith({ ownPostgres: true, ownRedis: true }, 'two notifiers', () => {
  it('have one delivery: what comes late from the one that stood still in mid-send does not count', async () => {
    const { destination } = installation;
    const first = new Gate();
    const second = new Gate();
    destination.next(first.behaviour, second.behaviour);
    const { process: stopped } = await installation.start('notifier', {}, 'one');
    await post('late');
    await eventually(() => expect(destination.calls).toHaveLength(1));
    stopped.kill('SIGSTOP');
    // The answer that it will find when it goes on.
    first.open();
    await installation.start('notifier', {}, 'two');
    // Its lease is over.
    await queryPostgres(installation.databaseUrl, 'UPDATE deliveries SET due_at = 0, lease_until = 0');
    await eventually(() => expect(destination.calls).toHaveLength(2));

    stopped.kill('SIGCONT');
    const lines = await eventually(() => {
      const lost = installation.lines('delivery attempt whose lease was lost: not counted', 'one');
      expect(lost).not.toEqual([]);
      return lost;
    });
    expect(lines).toMatchObject([{ event_id: 'late', attempt: 1, outcome: 'delivered' }]);
    expect(await deliveries()).toEqual([{ event_id: 'late', status: 'pending', claims: 2 }]);

    second.open();
    await eventually(async () => {
      expect(await deliveries()).toEqual([{ event_id: 'late', status: 'delivered', claims: 2 }]);
    });
    expect(destination.calls).toEqual(['trigger acme/late', 'trigger acme/late']);
  }, 60_000);

  it('send each of many deliveries once, and share them', async () => {
    const { destination } = installation;
    const before = destination.calls.length;
    const ids = Array.from({ length: DELIVERIES }, (_, n) => `e${n}`);
    for (const id of ids) await post(id);
    const rows = await eventually(async () => {
      const ended = (await deliveries()).filter(({ event_id }) => event_id !== 'late');
      expect(ended.map(({ status }) => status)).toEqual(ids.map(() => 'delivered'));
      return ended;
    }, 30_000);
    expect(rows.map(({ claims }) => claims)).toEqual(ids.map(() => 1));
    expect(destination.calls.slice(before).sort()).toEqual(ids.map((id) => `trigger acme/${id}`).sort());
    const shares = ['one', 'two'].map((name) => installation.lines('delivered', name).length);
    process.stdout.write(`two notifiers had ${shares.join(' and ')} deliveries\n`);
    expect(await installation.stop()).toEqual({ hub: 0, one: 0, two: 0 });
  }, 60_000);
});
