import { eventually } from '../harness/eventually';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { TcpProxy } from '../harness/tcp-proxy';
import { readiness, ScaledServices } from './scaled-services';

describeWith({ postgres: true, redis: true }, 'the leader', () => {
  afterEach(stopServices);

  const leads = async (service: RunningService): Promise<unknown> =>
    (await readiness(service)).details['roles']?.['is_leader'];

  it('is one of several schedulers, and another as soon as it stops', async () => {
    const services = await ScaledServices.onFreshStore();
    const first = await services.start('scheduler');
    const others = [await services.start('scheduler'), await services.start(['scheduler', 'api'])];
    expect([await leads(first), await leads(others[0]!), await leads(others[1]!)]).toEqual([
      true,
      false,
      false,
    ]);
    const lease = async (): Promise<unknown> =>
      (
        await queryPostgres(
          services.databaseUrl,
          `SELECT token, until = 0 AS is_free FROM leases WHERE name = 'leader'`,
        )
      )[0];
    expect(await lease()).toEqual({ token: '1', is_free: false });
    await first.stop();
    await eventually(async () => {
      expect([await leads(others[0]!), await leads(others[1]!)].sort()).toEqual([false, true]);
    });
    expect(await lease()).toEqual({ token: '2', is_free: false });
  });

  it('gives its lead back when it stops, so that nobody has to wait for the end of its lease', async () => {
    const services = await ScaledServices.onFreshStore();
    const leader = await services.start('scheduler');
    expect(await leads(leader)).toBe(true);
    await leader.stop();
    expect(
      await queryPostgres(services.databaseUrl, `SELECT until FROM leases WHERE name = 'leader'`),
    ).toEqual([{ until: '0' }]);
  });

  it('leads no more while it cannot reach the database, and one that can does', async () => {
    const services = await ScaledServices.onFreshStore();
    const proxy = await TcpProxy.start(services.databaseUrl);
    try {
      const first = await services.start('scheduler', { DATABASE_URL: proxy.url });
      const second = await services.start('scheduler');
      expect([await leads(first), await leads(second)]).toEqual([true, false]);
      await proxy.cut();
      await eventually(async () => expect(await leads(second)).toBe(true));
      expect(await leads(first)).toBe(false);
      await proxy.heal();
      await eventually(async () => expect((await readiness(first)).status).toBe(200));
      expect([await leads(first), await leads(second)]).toEqual([false, true]);
    } finally {
      await proxy.heal();
      await stopServices();
      await proxy.stop();
    }
  });
});
