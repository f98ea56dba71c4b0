import { setTimeout as sleep } from 'node:timers/promises';
import { ROLES } from '../../src/config/definitions';
import { repetitions } from '../harness/repetitions';
import { describeWith } from '../harness/servers';
import { TcpProxy } from '../harness/tcp-proxy';
import { detourOf } from './detour';
import { Installation, removeInstallations } from './installation';
import { makeKeys } from './keys';
import { expectFewComplaints, expectNoLoss, expectNoPageTwice } from './no-loss';
import { removeOwnServers, startOwnServers, type OwnServers } from './own-servers';
import { Tenants } from './tenants';

const ADMIN_TOKEN = 'only-for-these-tests';
const ROUNDS = repetitions({ short: 1, long: 10 });
const AWAY_MS = repetitions({ short: 4_000, long: 30_000 });
const LATE_MS = 2_000;
const UNDER_LOAD_MS = 1_000;

/** Leases of deliveries hold at least so long. */
const LEASE_MARGIN_MS = 20_000;

let servers: OwnServers;
let proxy: TcpProxy;
let installation: Installation;
let keys: Map<string, string>;
let tenants: Tenants;

beforeAll(async () => {
  servers = await startOwnServers();
  proxy = await TcpProxy.start(servers.postgres.url);
  installation = await Installation.make(servers, { ADMIN_TOKEN }, { postgresUrl: detourOf(proxy) });
  await installation.startEach(ROLES);
  keys = await makeKeys(installation.client('api'), ADMIN_TOKEN);
});
/** Tenants with keys that have been used. */
beforeEach(async () => {
  const url = (): string => installation.process('api').url;
  tenants = new Tenants({ url, keyOf: (account) => keys.get(account) as string });
  await tenants.during(UNDER_LOAD_MS);
  process.stdout.write(`PostgreSQL as usual: ${tenants.takeDurations()}\n`);
});
afterEach(async () => {
  await tenants.stop();
  await proxy.heal();
});
afterAll(async () => {
  await removeInstallations();
  await proxy.stop();
  await removeOwnServers(servers);
});

describeWith({ ownPostgres: true, ownRedis: true }, 'PostgreSQL', () => {
  it(
    `restarted under load costs no post and no event (${ROUNDS} rounds)`,
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        tenants.start();
        await sleep(UNDER_LOAD_MS);
        await (round % 2 === 0 ? servers.postgres.stop() : servers.postgres.kill9());
        await servers.postgres.start();
        await sleep(UNDER_LOAD_MS);
        await tenants.stop();
      }
      await expectNoLoss('PostgreSQL restarted', installation, tenants);
      expect(Object.keys(tenants.statuses)).toEqual(['202']);
      expectNoPageTwice(installation);
    },
    120_000 + ROUNDS * 10_000,
  );

  it.each<[string, () => Promise<void> | void]>([
    [`that answers ${LATE_MS} ms late`, () => proxy.delay(LATE_MS)],
    ['that refuses connections', () => proxy.cut()],
    ['that does not answer', () => proxy.pause()],
  ])(
    `%s, for ${AWAY_MS / 1_000} s, costs no post and no event`,
    async (how, disturb) => {
      tenants.start();
      await disturb();
      await sleep(AWAY_MS);
      process.stdout.write(`PostgreSQL ${how}: ${tenants.takeDurations()}\n`);
      await proxy.heal();
      await sleep(UNDER_LOAD_MS);
      await tenants.stop();
      await expectNoLoss(`PostgreSQL ${how}`, installation, tenants);
      expect(Object.keys(tenants.statuses)).toEqual(['202']);
      // Where it was away for longer than a lease holds, what was in flight is sent again.
      if (AWAY_MS < LEASE_MARGIN_MS) expectNoPageTwice(installation);
    },
    180_000 + AWAY_MS * 2,
  );

  it('that is back is not complained of any more, and every process stops in order', async () => {
    expectFewComplaints(installation, ROUNDS + 3);
    expect(await installation.stop()).toEqual({ api: 0, worker: 0, notifier: 0, scheduler: 0 });
  });
});
