import { errorShape } from '../api/error-shape';
import { describeWith } from '../harness/servers';
import { startService, stopServices } from '../harness/service';
import { readiness, ScaledServices } from './scaled-services';

describeWith({ postgres: true, redis: true }, 'a process', () => {
  let services: ScaledServices;
  beforeAll(async () => {
    services = await ScaledServices.onFreshStore();
  });
  afterEach(stopServices);

  const OF_THE_API = [
    '/events',
    '/docs',
    '/docs-json',
    '/docs/',
    '/deliveries',
    '/accounts',
    '/dead-letters',
    '/',
  ];

  it.each(['scheduler', 'worker', 'notifier'] as const)(
    'that is only a %s answers probes, and nothing of the api',
    async (role) => {
      const { client } = await services.start(role);
      expect(await client.get('/healthz')).toMatchObject({ status: 200, body: { ok: true } });
      expect(await client.get('/readyz?verbose=1')).toMatchObject({ status: 200 });
      for (const path of OF_THE_API) {
        const refused = await client.get(path, { method: path === '/events' ? 'POST' : 'GET' });
        expect([path, refused.status, refused.body]).toEqual([
          path,
          404,
          {
            ...errorShape(404, refused.headers.get('x-request-id')),
            code: 'not_found',
            message: 'This process does not have the role api.',
          },
        ]);
      }
    },
  );

  it('that notifies serves the mock that it sends to, and no other does without the api', async () => {
    const path = '/destinations/pagerduty';
    expect((await (await services.start('notifier')).client.get(path)).status).toBe(200);
    expect((await (await services.start('worker')).client.get(path)).status).toBe(404);
    expect((await (await services.start(['api', 'worker'])).client.get(path)).status).toBe(200);
  });

  it('that is the api describes itself', async () => {
    const { client } = await services.start('api');
    expect((await client.get('/docs-json')).status).toBe(200);
    expect((await client.get('/nowhere')).body).toMatchObject({ statusCode: 404 });
  });

  it('says which roles it has, and whether it leads', async () => {
    const scheduler = await services.start(['scheduler', 'worker']);
    expect((await readiness(scheduler)).details['roles']).toEqual({
      status: 'up',
      roles: ['scheduler', 'worker'],
      is_leader: true,
    });
    const api = await services.start('api');
    expect((await readiness(api)).details['roles']).toEqual({
      status: 'up',
      roles: ['api'],
      is_leader: false,
    });
  });
});

describe('a process on a SQLite file', () => {
  it('has all roles, or does not start', async () => {
    await expect(startService({ DATABASE_URL: 'sqlite:unused.db', ROLES: 'api' })).rejects.toThrow(
      'ROLES must name all four where DATABASE_URL is a SQLite file',
    );
  });
});
