import { setTimeout as sleep } from 'node:timers/promises';
import { ROLES } from '../../src/config/definitions';
import { repetitions } from '../harness/repetitions';
import { describeWith } from '../harness/servers';
import { Installation, removeInstallations } from './installation';
import { expectFewComplaints, expectNoLoss } from './no-loss';
import { removeOwnServers, startOwnServers, type OwnServers } from './own-servers';
import { Tenants } from './tenants';

const ROUNDS = repetitions({ short: 1, long: 10 });
const AWAY_MS = 1_500;
const UNDER_LOAD_MS = 1_000;

let servers: OwnServers;
let installation: Installation;
let tenants: Tenants;

beforeAll(async () => {
  servers = await startOwnServers('always');
  await servers.redis.stop();
  installation = await Installation.make(servers);
});
beforeEach(() => {
  tenants = new Tenants({ url: () => installation.process('api').url });
});
afterEach(() => tenants.stop());
afterAll(async () => {
  await removeInstallations();
  await removeOwnServers(servers);
});

describeWith({ ownPostgres: true, ownRedis: true }, 'Redis', () => {
  it('away at boot of every role is done without, and used when it comes', async () => {
    await installation.startEach(ROLES);
    await tenants.during(UNDER_LOAD_MS);
    expect(tenants.countOf('queued')).toBe(0);
    await servers.redis.start();
    await tenants.untilQueued();
    await tenants.during(UNDER_LOAD_MS);
    await expectNoLoss('Redis away at boot', installation, tenants);
    expect(Object.keys(tenants.statuses)).toEqual(['202']);
  }, 120_000);

  it.each([
    ['stopped', (): Promise<void> => servers.redis.stop()],
    ['killed', (): Promise<void> => servers.redis.kill9()],
  ])(
    `%s and started under load costs no post and no event (${ROUNDS} rounds)`,
    async (how, end) => {
      for (let round = 0; round < ROUNDS; round++) {
        tenants.start();
        await sleep(UNDER_LOAD_MS);
        const committedBefore = tenants.countOf('committed');
        await end();
        await sleep(AWAY_MS);
        await servers.redis.start();
        await sleep(UNDER_LOAD_MS);
        await tenants.stop();
        expect(tenants.countOf('committed')).toBeGreaterThan(committedBefore);
        await tenants.untilQueued();
      }
      await expectNoLoss(`Redis ${how}`, installation, tenants);
      expect(Object.keys(tenants.statuses)).toEqual(['202']);
    },
    120_000 + ROUNDS * 10_000,
  );

  it('away at the end does not keep a process from stopping in order', async () => {
    await servers.redis.stop();
    expectFewComplaints(installation, ROUNDS * 2 + 2);
    expect(await installation.stop()).toEqual({ api: 0, worker: 0, notifier: 0, scheduler: 0 });
  });
});
