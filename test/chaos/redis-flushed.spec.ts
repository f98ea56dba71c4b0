import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { ROLES } from '../../src/config/definitions';
import type { EventsJob } from '../../src/ingest/queue/events-job';
import { eventually } from '../harness/eventually';
import { inRedisSession } from '../harness/redis-session';
import { repetitions } from '../harness/repetitions';
import { describeWith } from '../harness/servers';
import { Installation, removeInstallations } from './installation';
import { comeToRest, nameOf, say, storedNames } from './no-loss';
import { removeOwnServers, startOwnServers, type OwnServers } from './own-servers';
import { Tenants } from './tenants';

const ROUNDS = repetitions({ short: 2, long: 20 });

const UNDER_LOAD_MS = 700;

/** A job is locked for longer, also where its worker has renewed that some time ago (src/redis/queues.ts). */
const LOCK_MS = 7_000;

let servers: OwnServers;
let installation: Installation;
let tenants: Tenants;

beforeAll(async () => {
  servers = await startOwnServers();
  installation = await Installation.make(servers);
  await installation.startEach(ROLES);
});
beforeEach(() => {
  tenants = new Tenants({ url: () => installation.process('api').url });
});
afterEach(async () => {
  installation.process('worker').process.kill('SIGCONT');
  await tenants.stop();
});
afterAll(async () => {
  await removeInstallations();
  await removeOwnServers(servers);
});

/** Names of the events of jobs that no worker has begun. */
async function waitingNames(): Promise<string[]> {
  const connection = { url: installation.redisUrl };
  const queue = new Queue<EventsJob>('events', { connection, prefix: `${installation.prefix}:queue` });
  const jobs = await queue.getJobs(['waiting', 'prioritized', 'delayed']);
  await queue.close();
  return jobs.flatMap(({ data }) => data.posts.flatMap(({ events }) => events.map(nameOf)));
}

/** Resolves in less than a job's lock holds: the worker that is held up keeps what it works on. */
function untilEventsWait(): Promise<void> {
  return eventually(async () => expect((await waitingNames()).length).toBeGreaterThan(50), LOCK_MS);
}

/** The counts of what waits of each account. */
function backlogs(): Promise<Record<string, string>> {
  return inRedisSession(installation.redisUrl, (redis) => redis.hgetall(`${installation.prefix}:backlog`));
}

async function expectThatAllGoesOn(): Promise<void> {
  const before = await storedNames(installation);
  await tenants.untilQueued();
  await comeToRest(installation, tenants);
  expect((await storedNames(installation)).size).toBeGreaterThan(before.size);
}

describeWith({ ownPostgres: true, ownRedis: true }, 'FLUSHALL', () => {
  it('loses exactly what waits in the queue, and nobody needs a restart', async () => {
    await tenants.during(UNDER_LOAD_MS);
    const worker = installation.process('worker').process;
    worker.kill('SIGSTOP');
    tenants.start();
    await untilEventsWait();
    await tenants.stop();
    const waiting = await waitingNames();
    await servers.redis.flushAll();
    worker.kill('SIGCONT');
    const { lost, stored } = await comeToRest(installation, tenants);
    say('FLUSHALL while nobody posts', tenants, stored, lost.length);
    expect(lost.map(nameOf).sort()).toEqual(waiting.sort());
    expect(lost.every(({ durability }) => durability === 'queued')).toBe(true);

    await expectThatAllGoesOn();
    expect(tenants.statuses).toEqual({ 202: expect.any(Number) as unknown });
    expect(await backlogs()).toEqual({});
  }, 120_000);

  it(
    `under load loses only what was queued before it, no delivery, and nothing committed (${ROUNDS} rounds)`,
    async () => {
      const mayBeLost = new Set<string>();
      for (let round = 0; round < ROUNDS; round++) {
        const worker = installation.process('worker').process;
        tenants.start();
        await sleep(UNDER_LOAD_MS);
        worker.kill('SIGSTOP');
        await untilEventsWait();
        const stored = await storedNames(installation);
        await servers.redis.flushAll();
        const flushedAt = Date.now();
        worker.kill('SIGCONT');
        await sleep(UNDER_LOAD_MS);
        await tenants.stop();
        const queued = tenants.acknowledged.filter((event) => {
          return event.durability === 'queued' && event.sentAt <= flushedAt && !stored.has(nameOf(event));
        });
        for (const event of queued) mayBeLost.add(nameOf(event));
      }
      const { lost, stored } = await comeToRest(installation, tenants);
      say('FLUSHALL under load', tenants, stored, lost.length);
      expect(lost.map(nameOf).filter((name) => !mayBeLost.has(name))).toEqual([]);
      expect(lost.length).toBeGreaterThan(0);

      await expectThatAllGoesOn();
      expect(tenants.statuses).toEqual({ 202: expect.any(Number) as unknown });
      expect(await backlogs()).toEqual({});
    },
    120_000 + ROUNDS * 10_000,
  );

  it('does not keep a process from stopping in order', async () => {
    await servers.redis.flushAll();
    expect(await installation.stop()).toEqual({ api: 0, worker: 0, notifier: 0, scheduler: 0 });
  });
});
