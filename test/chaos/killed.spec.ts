import { setTimeout as sleep } from 'node:timers/promises';
import { inPostgresSession } from '../harness/postgres-session';
import { repetitions, seededRandom } from '../harness/repetitions';
import { describeWith } from '../harness/servers';
import { Installation, removeInstallations } from './installation';
import { expectNoLoss } from './no-loss';
import { removeOwnServers, startOwnServers, type OwnServers } from './own-servers';
import { Tenants } from './tenants';

const ROUNDS = repetitions({ short: 1, long: 5 });
const LONGEST_LIFE_MS = 1_500;
const HELD_UP_MS = 200;
const AWAY_MS = 300;

/** Those first whose work waits longest for another process. */
const ROLES = ['notifier', 'worker', 'api', 'scheduler'] as const;

let servers: OwnServers;

beforeAll(async () => {
  servers = await startOwnServers();
});
afterEach(removeInstallations);
afterAll(() => removeOwnServers(servers));

/** Holds up whoever writes events and deliveries, so that the work happens while they have some in hand. */
async function inMidWork({ databaseUrl }: Installation, work: () => Promise<unknown>): Promise<void> {
  await inPostgresSession(databaseUrl, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE events, deliveries IN SHARE ROW EXCLUSIVE MODE');
    await sleep(HELD_UP_MS);
    await work();
  });
}

describeWith({ ownPostgres: true, ownRedis: true }, 'kill -9', () => {
  it(
    `of each role under load loses nothing that was acknowledged (${ROUNDS} rounds)`,
    async () => {
      const random = seededRandom('kill -9 of each role');
      const installation = await Installation.make(servers);
      await installation.startEach(ROLES);
      const tenants = new Tenants({ url: () => installation.process('api').url });
      tenants.start();
      for (let round = 0; round < ROUNDS; round++) {
        for (const role of ROLES) {
          await sleep(500 + random() * LONGEST_LIFE_MS);
          await inMidWork(installation, () => installation.process(role).end('SIGKILL'));
          await sleep(AWAY_MS);
          await installation.start(role);
        }
      }
      await sleep(500);
      await tenants.stop();
      await expectNoLoss('kill -9 of each role', installation, tenants);
      expect(await installation.stop()).toEqual({ api: 0, worker: 0, notifier: 0, scheduler: 0 });
    },
    180_000 + ROUNDS * 30_000,
  );
});
