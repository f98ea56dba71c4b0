import { setTimeout as sleep } from 'node:timers/promises';
import { ROLES } from '../../src/config/definitions';
import { eventually } from '../harness/eventually';
import { describeWith } from '../harness/servers';
import type { Answer } from '../harness/service-client';
import { TcpProxy } from '../harness/tcp-proxy';
import { detourOf } from './detour';
import { Installation, removeInstallations } from './installation';
import { expectFewComplaints, expectNoLoss } from './no-loss';
import { removeOwnServers, startOwnServers, type OwnServers } from './own-servers';
import { Tenants } from './tenants';

const UNDER_LOAD_MS = 700;

let servers: OwnServers;
let postgres: TcpProxy;
let redis: TcpProxy;
let installation: Installation;
let tenants: Tenants;

beforeAll(async () => {
  servers = await startOwnServers('always');
  postgres = await TcpProxy.start(servers.postgres.url);
  redis = await TcpProxy.start(servers.redis.url);
  installation = await Installation.make(
    servers,
    {},
    { postgresUrl: detourOf(postgres), redisUrl: redis.url },
  );
  await installation.startEach(ROLES);
});
beforeEach(() => {
  tenants = new Tenants({ url: () => installation.process('api').url });
});
afterEach(async () => {
  await Promise.all([postgres.heal(), redis.heal()]);
  await tenants.stop();
});
afterAll(async () => {
  await removeInstallations();
  await Promise.all([postgres.stop(), redis.stop()]);
  await removeOwnServers(servers);
});

function post(event_id: string): Promise<Answer> {
  const event = { account_id: 'acme', user_id: 'u', type: 'login', timestamp: '2026-01-15T10:40:00.000Z' };
  return installation.client('api').post('/events', { ...event, event_id });
}

async function readinessOf(name: string): Promise<number> {
  return (await installation.client(name).get('/readyz')).status;
}

async function takeAway(how: 'refuse' | 'hang'): Promise<void> {
  if (how === 'refuse') await Promise.all([postgres.cut(), redis.cut()]);
  else [postgres, redis].forEach((proxy) => proxy.pause());
}

describeWith({ ownPostgres: true, ownRedis: true }, 'PostgreSQL and Redis', () => {
  it.each([
    ['PostgreSQL', 'committed', (): Promise<void> => postgres.heal()],
    ['Redis', 'queued', (): Promise<void> => redis.heal()],
  ])(
    'both away: 503 with Retry-After, and 202 again when %s comes back',
    async (name, durability, heal) => {
      await tenants.during(UNDER_LOAD_MS);
      tenants.start();
      await takeAway('refuse');
      const refused = await eventually(async () => {
        const answer = await post(`refused-${name}`);
        expect(answer.status).toBe(503);
        return answer;
      });
      expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(refused.body).toMatchObject({ code: 'storage_unavailable' });
      await heal();
      await eventually(async () => {
        expect(await post(`taken-${name}`)).toMatchObject({ status: 202, body: { durability } });
      });
      await Promise.all([postgres.heal(), redis.heal()]);
      await sleep(UNDER_LOAD_MS);
      await tenants.stop();
      await expectNoLoss(`both away, ${name} back first`, installation, tenants);
      expect(Object.keys(tenants.statuses)).toEqual(['202', '503']);
    },
    120_000,
  );

  it('missing leave a process ready that can do its work all the same', async () => {
    await eventually(async () => {
      expect(await Promise.all(ROLES.map(readinessOf))).toEqual([200, 200, 200, 200]);
    });
    await postgres.cut();
    await eventually(async () => {
      expect(await Promise.all(ROLES.map(readinessOf))).toEqual([200, 503, 503, 503]);
    });
    await redis.cut();
    await eventually(async () => expect(await readinessOf('api')).toBe(503));
    await postgres.heal();
    await eventually(async () => {
      expect(await Promise.all(ROLES.map(readinessOf))).toEqual([200, 200, 503, 200]);
    });
    await redis.heal();
    await eventually(async () => {
      expect(await Promise.all(ROLES.map(readinessOf))).toEqual([200, 200, 200, 200]);
    });
  }, 60_000);

  it('hanging are as good as away', async () => {
    postgres.pause();
    await eventually(async () => {
      expect(await Promise.all(ROLES.map(readinessOf))).toEqual([200, 503, 503, 503]);
    }, 30_000);
    redis.pause();
    const refused = await eventually(async () => {
      const answer = await post('hanging');
      expect(answer.status).toBe(503);
      return answer;
    }, 60_000);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    await Promise.all([postgres.heal(), redis.heal()]);
    await eventually(async () => {
      expect(await Promise.all(ROLES.map(readinessOf))).toEqual([200, 200, 200, 200]);
    }, 60_000);
  }, 120_000);

  it('both away do not keep a process from stopping in order', async () => {
    expect(installation.lines('a request failed').length).toBeLessThan(20);
    expectFewComplaints(installation, 6);
    await takeAway('refuse');
    expect(await installation.stop()).toEqual({ api: 0, worker: 0, notifier: 0, scheduler: 0 });
  }, 30_000);

  it('both hanging let a process end within its time', async () => {
    await installation.start(ROLES.join(','), {}, 'all');
    await takeAway('hang');
    // 1 where the time was over before a statement was.
    expect([0, 1]).toContain((await installation.stop())['all']);
  }, 30_000);
});
