import { SLOW, type Conduct } from '../../src/upstream/built-in/server-conduct';
import { fixtureData, type ServerData } from '../../src/upstream/built-in/server-data';
import {
  UpstreamServer,
  type Served,
  type UpstreamServerOptions,
} from '../../src/upstream/built-in/upstream-server';
import { FoundEvents } from '../../src/upstream/found-events';
import type { Environment } from '../../src/config/settings';
import { eventually } from '../harness/eventually';
import { startService, stopServices, type RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { Held } from './held';
import { eventIds, usersWith } from './upstream-users';

const FAST: Conduct = { ...SLOW, delayMs: 0 };
const SICK: Conduct = { ...FAST, failureRate: 1 };

const servers: UpstreamServer[] = [];

afterEach(async () => {
  await stopServices();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

interface Setup {
  readonly service: RunningService;
  readonly server: UpstreamServer;
  readonly eventsOf: (user: string, query?: string) => Promise<Answer>;
}

async function start(
  data: ServerData,
  environment: Environment = {},
  options: Partial<UpstreamServerOptions> = {},
): Promise<Setup> {
  const server = await UpstreamServer.start({ data, conduct: FAST, ...options });
  servers.push(server);
  const service = await startService({ UPSTREAM_API_URL: server.url, ...environment });
  const eventsOf = (user: string, query = ''): Promise<Answer> =>
    service.client.get(`/api/getEventsByUserId/${user}${query}`);
  return { service, server, eventsOf };
}

/** The ids of the events in an answer. */
function idsIn({ body }: Answer): unknown {
  return (body as unknown as { id: string }[]).map(({ id }) => id);
}

describe('the upstream API’s lists', () => {
  it('are handed on as they are', async () => {
    const data = fixtureData();
    const { service } = await start(data);
    expect(await service.client.get('/api/getUsers')).toMatchObject({ status: 200, body: data.users });
    expect(await service.client.get('/api/getEvents')).toMatchObject({ status: 200, body: data.events });
  });

  it('come from the built-in server where no other is set, which is slow and has the fixtures', async () => {
    const service = await startService();
    expect(await service.client.get('/api/getUsers')).toMatchObject({
      status: 200,
      body: fixtureData().users,
    });
    expect(idsIn(await service.client.get('/api/getEventsByUserId/u-grace'))).toEqual(['e-11', 'e-12']);
  });

  it('are not made up in production', async () => {
    const { client } = await startService({ NODE_ENV: 'production' });
    const refused = { status: 503, body: { code: 'upstream_not_configured' } };
    for (const path of ['getUsers', 'getEvents', 'getEventsByUserId/u-ada']) {
      expect(await client.get(`/api/${path}`)).toMatchObject(refused);
    }
    expect(await client.post('/api/addEvent', { name: 'x', userId: 'u-ada' })).toMatchObject(refused);
    expect((await client.get('/readyz')).status).toBe(200);
  });

  it('are behind the path and the query of the URL that is set', async () => {
    const paths: string[] = [];
    const { server } = await start(usersWith({}), {}, { onServed: ({ path }) => paths.push(path) });
    const { client } = await startService({ UPSTREAM_API_URL: `${server.url}/v2/?key=1` });
    expect(await client.get('/api/getUsers')).toMatchObject({ status: 502 });
    expect(paths).toEqual(['/v2/getUsers']);
  });
});

describe('a user’s events', () => {
  it('come in the user’s order', async () => {
    const { eventsOf } = await start(usersWith({ ada: 30 }), { UPSTREAM_CONCURRENCY: '7' });
    const answer = await eventsOf('ada');
    expect(answer.status).toBe(200);
    expect(idsIn(answer)).toEqual(eventIds('ada', 30));
  });

  it('are none where there are none', async () => {
    const { eventsOf } = await start(usersWith({ linus: 0 }));
    expect(await eventsOf('linus')).toMatchObject({ status: 200, body: [] });
  });

  it('are a 404 where there is no such user', async () => {
    const { eventsOf } = await start(usersWith({}));
    for (const query of ['', '?partial=true']) {
      expect(await eventsOf('nobody', query)).toMatchObject({
        status: 404,
        body: { code: 'user_not_found' },
      });
    }
  });

  it('are a 400 for what is no id, and nobody is asked', async () => {
    const { service, server } = await start(usersWith({ ada: 1 }));
    const ids = [
      '%20',
      '.',
      '.a',
      '%2fgetUsers',
      'a%2f..%2fb',
      'a%00',
      'a b',
      '-1',
      'ü',
      'x'.repeat(129),
      '%3Fx',
    ];
    const statuses = ids.map(async (id) => {
      const { status, body } = await service.client.get(`/api/getEventsByUserId/${id}`);
      return [id, status, body['code']];
    });
    // fetch itself resolves a dot: what is left of the path is no route.
    const expected = ids.map((id) => (id === '.' ? [id, 404, 'not_found'] : [id, 400, 'invalid_request']));
    expect(await Promise.all(statuses)).toEqual(expected);
    expect(server.counts.of('getUserById').requests).toBe(0);
  });

  it('are a 400 for a partial that is neither true nor false', async () => {
    const { eventsOf } = await start(usersWith({ ada: 1 }));
    expect(await eventsOf('ada', '?partial=yes')).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });

  it('are read side by side, all of them where the bound allows it', async () => {
    const held = new Held();
    const { server, eventsOf } = await start(usersWith({ ada: 10 }), {}, held);
    const answer = eventsOf('ada');
    await eventually(() => expect(server.counts.of('getEventById').in_flight).toBe(10));
    held.open();
    expect((await answer).status).toBe(200);
    expect(server.counts.of('getEventById')).toEqual({ requests: 10, in_flight: 0, most_in_flight: 10 });
  });

  it('are read no more at once than the bound says, of all requests together', async () => {
    const held = new Held();
    const { server, eventsOf } = await start(
      usersWith({ ada: 12, grace: 12, linus: 12 }),
      { UPSTREAM_CONCURRENCY: '4' },
      held,
    );
    const answers = ['ada', 'grace', 'linus'].map((user) => eventsOf(user));
    await eventually(() => expect(server.counts.of('getEventById').in_flight).toBe(4));
    held.open();
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    expect(server.counts.of('getEventById')).toEqual({ requests: 36, in_flight: 0, most_in_flight: 4 });
  });

  it('are read over connections that are kept', async () => {
    const environment = { UPSTREAM_CONCURRENCY: '3', UPSTREAM_CACHE_MS: '0' };
    const { server, eventsOf } = await start(usersWith({ ada: 20 }), environment);
    for (let i = 0; i < 3; i += 1) expect((await eventsOf('ada')).status).toBe(200);
    expect(server.counts.of('getEventById').requests).toBe(60);
    expect(server.counts.connections).toBeLessThanOrEqual(3);
  });

  it('are fetched once when many ask at the same time', async () => {
    const held = new Held();
    const { service, server } = await start(usersWith({ ada: 1 }), { UPSTREAM_CACHE_MS: '0' }, held);
    const found = service.app.get(FoundEvents);
    const asking = Array.from({ length: 50 }, () => found.get('ada-0', Date.now() + 10_000));
    held.open();
    const events = await Promise.all(asking);
    expect(new Set(events).size).toBe(1);
    expect(server.counts.of('getEventById').requests).toBe(1);
    await found.get('ada-0', Date.now() + 10_000);
    expect(server.counts.of('getEventById').requests).toBe(2);
  });

  it('are kept for a while, and no longer', async () => {
    const { server, eventsOf } = await start(usersWith({ ada: 5 }));
    const keepingShortly = await startService({ UPSTREAM_API_URL: server.url, UPSTREAM_CACHE_MS: '20' });
    for (let i = 0; i < 3; i += 1) expect(idsIn(await eventsOf('ada'))).toEqual(eventIds('ada', 5));
    expect(server.counts.of('getEventById').requests).toBe(5);
    expect(server.counts.of('getUserById').requests).toBe(3);
    await eventually(async () => {
      await keepingShortly.client.get('/api/getEventsByUserId/ada');
      expect(server.counts.of('getEventById').requests).toBeGreaterThan(10);
    });
  });

  it('show what was added at once', async () => {
    const { service, eventsOf } = await start(usersWith({ ada: 2 }));
    await eventsOf('ada');
    await service.client.post('/api/addEvent', { name: 'More', userId: 'ada' });
    expect((await eventsOf('ada')).body).toMatchObject([{}, {}, { name: 'More' }]);
  });
});

describe('an event that cannot be read', () => {
  /** Their second event is listed, and not there. */
  function withGap(count: number): ServerData {
    const data = usersWith({ ada: count });
    return { ...data, events: data.events.filter(({ id }) => id !== 'ada-1') };
  }

  it('fails the request, which names it', async () => {
    const { service, eventsOf } = await start(withGap(5));
    expect(await eventsOf('ada')).toMatchObject({
      status: 502,
      body: { code: 'upstream_event_failed', event_id: 'ada-1', reason: 'not_found' },
    });
    expect(service.log).toContainEqual(
      expect.objectContaining({ level: 'warn', code: 'upstream_event_failed' }),
    );
  });

  it('keeps those behind it from being asked for', async () => {
    const { server, eventsOf } = await start(withGap(50), { UPSTREAM_CONCURRENCY: '1' });
    expect((await eventsOf('ada')).status).toBe(502);
    expect(server.counts.of('getEventById').requests).toBe(2);
  });

  it('is missing from a partial answer, which says so', async () => {
    const { eventsOf } = await start(withGap(4));
    const { status, body } = await eventsOf('ada', '?partial=true');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      events: [{ id: 'ada-0' }, { id: 'ada-2' }, { id: 'ada-3' }],
      failures: [{ event_id: 'ada-1', reason: 'not_found' }],
    });
  });

  it('is asked for again by the next request', async () => {
    let isOutage = true;
    const onServed = ({ path }: Served): void => {
      if (isOutage && path === '/getUserById/ada') server.conduct = SICK;
    };
    const { server, eventsOf } = await start(usersWith({ ada: 1 }), {}, { onServed });
    expect(await eventsOf('ada')).toMatchObject({ status: 502, body: { reason: 'http_5xx' } });
    isOutage = false;
    server.conduct = FAST;
    expect((await eventsOf('ada')).status).toBe(200);
  });

  it('has an id that stands in no path', async () => {
    const users = [{ id: 'ada', name: 'Ada', events: ['..', 'a/b', 'ok'] }];
    const { eventsOf } = await start({ users, events: [{ id: 'ok', name: 'ok', userId: 'ada' }] });
    expect((await eventsOf('ada', '?partial=true')).body).toMatchObject({
      events: [{ id: 'ok' }],
      failures: [
        { event_id: '..', reason: 'unusable_id' },
        { event_id: 'a/b', reason: 'unusable_id' },
      ],
    });
  });
});

describe('a read that fails', () => {
  it('is tried twice more, and then told of', async () => {
    const { service, server } = await start(usersWith({}), {}, { conduct: SICK });
    expect(await service.client.get('/api/getUsers')).toMatchObject({
      status: 502,
      body: { code: 'upstream_failed', reason: 'http_5xx' },
    });
    expect(server.counts.of('getUsers').requests).toBe(3);
  });

  it('succeeds where the third try does', async () => {
    const { service, server } = await start(
      usersWith({}),
      {},
      {
        conduct: SICK,
        onServed: () => {
          if (server.counts.of('getUsers').requests === 2) server.conduct = FAST;
        },
      },
    );
    expect(await service.client.get('/api/getUsers')).toMatchObject({ status: 200, body: [] });
    expect(server.counts.of('getUsers').requests).toBe(3);
  });

  it('is over when its time is', async () => {
    const { service, server } = await start(
      usersWith({ ada: 3 }),
      { UPSTREAM_TIMEOUT_MS: '300' },
      { conduct: { ...FAST, hangRate: 1 } },
    );
    const failed = { status: 502, body: { code: 'upstream_failed', reason: 'timeout' } };
    expect(await service.client.get('/api/getUsers')).toMatchObject(failed);
    expect(await service.client.get('/api/getEventsByUserId/ada')).toMatchObject(failed);
    expect(server.counts.of('getUsers').requests).toBeGreaterThan(1);
  });

  it('does not open the breaker of the posts', async () => {
    const { service, server } = await start(usersWith({ ada: 0 }), {}, { conduct: SICK });
    for (let i = 0; i < 3; i += 1) expect((await service.client.get('/api/getUsers')).status).toBe(502);
    server.conduct = FAST;
    const added = await service.client.post('/api/addEvent', { name: 'x', userId: 'ada' });
    expect(added).toMatchObject({ status: 200, body: { success: true } });
  });
});
