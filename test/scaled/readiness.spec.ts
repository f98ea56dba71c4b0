import { eventually } from '../harness/eventually';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { TcpProxy } from '../harness/tcp-proxy';
import { readiness, ScaledServices } from './scaled-services';

/** Each takes two seconds while the database does not answer. */
const PROBES = 4;

describeWith({ postgres: true, redis: true }, 'readiness', () => {
  let services: ScaledServices;
  let redis: TcpProxy;
  let database: TcpProxy;
  beforeEach(async () => {
    services = await ScaledServices.onFreshStore();
    redis = await TcpProxy.start(services.environment['REDIS_URL'] as string);
    database = await TcpProxy.start(services.databaseUrl);
  });
  afterEach(async () => {
    await Promise.all([redis.heal(), database.heal()]);
    await stopServices();
    await Promise.all([redis.stop(), database.stop()]);
  });

  const start = (role: 'api' | 'worker' | 'notifier' | 'scheduler', more = {}): Promise<RunningService> =>
    services.start(role, { REDIS_URL: redis.url, DATABASE_URL: database.url, ...more });

  it.each([
    ['worker', 503, 'down'],
    ['notifier', 200, 'degraded'],
    ['scheduler', 200, 'degraded'],
    ['api', 200, 'degraded'],
  ] as const)('of a %s is %i while Redis is away', async (role, status, queues) => {
    const service = await start(role);
    expect((await readiness(service)).status).toBe(200);
    await redis.cut();
    await eventually(async () => {
      const now = await readiness(service);
      expect([now.status, now.details['queues']]).toEqual([
        status,
        { status: queues, message: 'Redis is away' },
      ]);
    });
    await redis.heal();
    await eventually(async () => expect((await readiness(service)).status).toBe(200));
  });

  it.each([
    ['worker', 503, {}],
    ['notifier', 503, {}],
    ['api', 200, {}],
    ['api', 503, { INGEST_MODE: 'direct' }],
  ] as const)('of a %s is %i while the database is away (%j)', async (role, status, more) => {
    const service = await start(role, more);
    expect((await readiness(service)).status).toBe(200);
    await database.cut();
    await eventually(async () => {
      const now = await readiness(service);
      expect([now.status, now.details['database']?.['status']]).toEqual([
        status,
        status === 200 ? 'degraded' : 'down',
      ]);
    });
    await database.heal();
    await eventually(async () => expect((await readiness(service)).status).toBe(200));
  });

  it('answers in time where the database does not answer at all, and takes no connection more for each probe', async () => {
    const service = await start('api', { DATABASE_POOL_MAX: '40' });
    expect((await readiness(service)).status).toBe(200);
    database.pause();
    const probe = async (): Promise<void> => {
      const now = await readiness(service);
      expect([now.status, now.details['database']]).toEqual([
        200,
        {
          status: 'degraded',
          message: expect.stringMatching(/^no write within 2000 ms$|timeout/) as unknown,
        },
      ]);
    };
    await eventually(probe);
    const before = database.connections;
    for (let count = 0; count < PROBES; count++) await probe();
    // Others ask the database now and then.
    expect(database.connections - before).toBeLessThan(PROBES);
    database.resume();
    await eventually(async () => {
      const now = await readiness(service);
      expect([now.status, now.details['database']]).toEqual([200, { status: 'up' }]);
    });
  });
});
