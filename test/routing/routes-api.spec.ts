import { startGuarded, type GuardedClient, type GuardedService } from '../accounts/guarded-service';
import { ACME_HOOK } from './routed-service';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { WakeSignal } from '../../src/outbox/wake-signal';

let guarded: GuardedService;
let admin: GuardedClient;
let account: string;
let made = 0;

beforeAll(async () => {
  guarded = await startGuarded();
  admin = guarded.admin;
});
afterAll(stopServices);

/** Each test has an account of its own, with one destination, `on-call`. */
beforeEach(async () => {
  account = `acme-${++made}`;
  expect((await admin.post('/destinations', { ...ACME_HOOK, account_id: account })).status).toBe(201);
});

const create = (route: object): Promise<Answer> => admin.post('/routes', { account_id: account, ...route });
const replace = (routes: unknown, more: object = {}): Promise<Answer> =>
  admin.call('PUT', '/routes', { body: { account_id: account, routes, ...more } });
const path = (id: unknown): string => `/routes/${String(id)}?account_id=${account}`;

async function list(): Promise<{ version: number; routes: Record<string, unknown>[]; default: unknown }> {
  return (await admin.get(`/routes?account_id=${account}`)).body as never;
}

async function names(): Promise<unknown[]> {
  return (await list()).routes.map(({ name }) => name);
}

describe('routes', () => {
  it('are none but the built-in last one at first', async () => {
    expect(await list()).toEqual({
      account_id: account,
      version: 0,
      routes: [],
      default: {
        id: 'default',
        name: 'default',
        enabled: true,
        match: { severity: ['critical'] },
        to: ['pagerduty', 'on-call'],
        continue: false,
        shadow: false,
        percent: 100,
        mute_until: null,
        min_duration_s: null,
        remind_every_s: null,
        fallback: null,
        fallback_after_s: 0,
      },
    });
  });

  it('are added, shown in full, changed, moved and deleted', async () => {
    const time = { days: ['sat', 'sun'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' };
    const added = await create({
      name: 'Nights',
      match: { service: 'pay*', severity: { from: 'warning' }, kind: ['incident'], time },
      to: ['on-call'],
      remind_every_s: 600,
      fallback: 'pagerduty',
    });
    const shown = {
      id: expect.stringMatching(/^route-[0-9a-f]{12}$/) as unknown,
      name: 'Nights',
      enabled: true,
      match: { service: ['pay*'], kind: ['incident'], severity: ['warning', 'critical'], time },
      to: ['on-call'],
      continue: false,
      shadow: false,
      percent: 100,
      mute_until: null,
      min_duration_s: null,
      remind_every_s: 600,
      fallback: 'pagerduty',
      fallback_after_s: 300,
    };
    expect(added).toMatchObject({ status: 201 });
    expect(added.body).toEqual({ account_id: account, version: 1, position: 0, ...shown });
    const { id } = added.body;
    await create({ name: 'All', to: [] });
    expect(await list()).toMatchObject({ version: 2, routes: [shown, { name: 'All', match: {}, to: [] }] });
    const moved = await admin.patch(path(id), { position: 1, remind_every_s: null, name: 'By night' });
    expect(moved).toMatchObject({
      status: 200,
      body: { ...shown, name: 'By night', remind_every_s: null, position: 1, version: 3 },
    });
    expect((await admin.get(path(id))).body).toEqual(moved.body);
    expect((await admin.delete(path(id))).status).toBe(204);
    for (const gone of [
      await admin.get(path(id)),
      await admin.patch(path(id), {}),
      await admin.delete(path(id)),
    ]) {
      expect(gone).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
    }
    expect(await list()).toMatchObject({ version: 4, routes: [{ name: 'All' }] });
  });

  it('are added at the place that is asked for', async () => {
    await create({ name: 'a', to: [] });
    await create({ name: 'c', to: [] });
    await create({ name: 'b', to: [], position: 1 });
    expect(await names()).toEqual(['a', 'b', 'c']);
  });

  it('are replaced as a whole, and what is shown can be sent back', async () => {
    const first = await replace([
      { name: 'a', to: ['on-call'] },
      { name: 'b', to: ['pagerduty'] },
    ]);
    expect(first).toMatchObject({ status: 200, body: { version: 1 } });
    const { routes } = await list();
    expect((await replace(routes)).body).toEqual(first.body);
    const shown = (await admin.get(`/routes?account_id=${account}`)).body;
    expect((await admin.call('PUT', '/routes', { body: shown })).body).toEqual(shown);
    const [a, b] = routes;
    const second = await replace([
      { name: 'new', to: [] },
      { ...b, name: 'b2' },
      { name: 'a', to: [] },
    ]);
    expect(second.body).toMatchObject({
      version: 2,
      routes: [{ name: 'new' }, { name: 'b2', id: b!['id'] }, { name: 'a', id: a!['id'], to: [] }],
    });
  });

  it('are not replaced by who has read an older version', async () => {
    await create({ name: 'a', to: [] });
    expect(await replace([], { version: 0 })).toMatchObject({
      status: 409,
      body: { code: 'routes_changed' },
    });
    expect(await names()).toEqual(['a']);
    expect((await replace([], { version: 1 })).status).toBe(200);
    expect(await names()).toEqual([]);
  });

  it('take turns when several are changed at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => create({ name: `r-${n}`, to: [] })),
    );
    expect(answers.map(({ body }) => body['version']).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await names()).toHaveLength(8);
  });

  it('are not added to an account that was deleted', async () => {
    await admin.post('/accounts', { id: account, name: 'Gone' });
    await admin.delete(`/accounts/${account}`);
    for (const answer of [await create({ name: 'a', to: [] }), await replace([])]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'account_deleted' } });
    }
  });

  it('are at most 500', async () => {
    const routes = Array.from({ length: 500 }, (_, n) => ({ name: `r-${n}`, to: [] }));
    expect((await replace(routes)).status).toBe(200);
    expect(await create({ name: 'one more', to: [] })).toMatchObject({
      status: 409,
      body: { code: 'too_many_routes' },
    });
    expect((await replace([...routes, { name: 'one more', to: [] }])).status).toBe(400);
  });

  it.each<[field: string | null, message: string, routes: unknown]>([
    ['routes', 'must be a list of at most 500', {}],
    ['routes[0]', 'must be an object', [7]],
    ['routes[0].name', 'is missing', [{ to: [] }]],
    ['routes[0].name', 'must be text of 1 to 64', [{ name: 'default', to: [] }]],
    [
      'routes[1].name',
      'is the name of another route',
      [
        { name: 'a', to: [] },
        { name: 'a', to: [] },
      ],
    ],
    ['routes[0].id', 'is no route of the account', [{ id: 'route-1', name: 'a', to: [] }]],
    ['routes[0].to', 'is missing', [{ name: 'a' }]],
    ['routes[0].to', 'must be a list of names', [{ name: 'a', to: ['nobody'] }]],
    ['routes[0].fallback', 'must be none of to', [{ name: 'a', to: ['on-call'], fallback: 'on-call' }]],
    ['routes[0].colour', 'is no field of a route', [{ name: 'a', to: [], colour: 'red' }]],
    ['routes[0].match', 'must be an object', [{ name: 'a', to: [], match: [] }]],
    ['routes[0].match.severty', 'is no field of match', [{ name: 'a', to: [], match: { severty: 'info' } }]],
    [
      'routes[0].match.severity',
      'must be one of',
      [{ name: 'a', to: [], match: { severity: { from: 'bad' } } }],
    ],
    ['routes[0].match.service', 'must be text', [{ name: 'a', to: [], match: { service: [] } }]],
    [
      'routes[0].match.time.timezone',
      'must be a time zone',
      [{ name: 'a', to: [], match: { time: { timezone: 'Mars' } } }],
    ],
    [
      'routes[0].match.time.to',
      'is missing',
      [{ name: 'a', to: [], match: { time: { timezone: 'UTC', from: '09:00' } } }],
    ],
    [
      'routes[0].mute_until',
      'at most 366 days ahead',
      [{ name: 'a', to: [], mute_until: '2999-01-01T00:00:00Z' }],
    ],
    [
      'routes[0].min_duration_s',
      'must be a whole number from 0 to 86400',
      [{ name: 'a', to: [], min_duration_s: 1.5 }],
    ],
    [
      'routes[0].remind_every_s',
      'must be a whole number from 60 to 604800',
      [{ name: 'a', to: [], remind_every_s: 59 }],
    ],
    ['routes[0].shadow', 'must be true or false', [{ name: 'a', to: [], shadow: 'yes' }]],
    ['routes[0].percent', 'must be a whole number from 0 to 100', [{ name: 'a', to: [], percent: 12.5 }]],
    [
      'routes[0].fallback_after_s',
      'must be a whole number from 0 to 86400',
      [{ name: 'a', to: [], fallback_after_s: -1 }],
    ],
  ])('are refused with the place of the fault: %s %s', async (field, message, routes) => {
    const answer = await replace(routes);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_route' } });
    expect(answer.body['faults']).toContainEqual({
      field,
      message: expect.stringContaining(message) as unknown,
    });
    expect(await list()).toMatchObject({ version: 0 });
  });

  it('are refused alone as in a list', async () => {
    const { body } = await create({ name: 'a', to: [] });
    expect((await create({ name: 'a', to: [] })).body).toMatchObject({ faults: [{ field: 'name' }] });
    expect((await create({ id: 'route-1', name: 'b', to: [] })).body).toMatchObject({
      faults: [{ field: 'id' }],
    });
    for (const change of [{ to: null }, { position: -1 }, { id: 'other' }, { version: 1 }]) {
      expect((await admin.patch(path(body['id']), change)).body).toMatchObject({
        code: 'invalid_route',
        faults: [{ field: Object.keys(change)[0] }],
      });
    }
    expect((await admin.post('/routes', [])).body).toMatchObject({ code: 'invalid_route' });
  });

  it('keep the destinations that they name from being deleted', async () => {
    const { body } = await admin.get(`/destinations?account_id=${account}`);
    const [{ id }] = body['destinations'] as [{ id: string }];
    const { id: routeId } = (await create({ name: 'Nights', to: ['on-call'] })).body;
    await create({ name: 'Stand-in', to: ['pagerduty'], fallback: 'on-call' });
    expect(await admin.delete(`/destinations/${id}`)).toMatchObject({
      status: 409,
      body: {
        code: 'destination_in_use',
        routes: ['Nights', 'Stand-in'],
        message: 'Routes name it: Nights, Stand-in.',
      },
    });
    await admin.delete(path(routeId));
    await replace([]);
    expect((await admin.delete(`/destinations/${id}`)).status).toBe(204);
  });

  it('name a destination called pagerduty before the operator’s, which then has another name', async () => {
    await create({ name: 'operators', to: ['pagerduty'] });
    await admin.post('/destinations', { ...ACME_HOOK, account_id: account, name: 'pagerduty' });
    await create({ name: 'own', to: ['pagerduty'] });
    const { routes } = await list();
    expect(routes.map(({ to }) => to)).toEqual([['operator/pagerduty'], ['pagerduty']]);
    expect((await replace(routes)).body).toMatchObject({ version: 2 });
  });

  it('are the account’s: changed by its admins, seen by its viewers, and no other’s', async () => {
    const { body } = await create({ name: 'a', to: [] });
    const own = guarded.as((await guarded.makeKey(account, ['read'])).key);
    const other = guarded.as((await guarded.makeKey(`other-${made}`, ['read'])).key);
    expect((await own.get('/routes')).body).toMatchObject({ account_id: account, routes: [{ name: 'a' }] });
    expect((await own.get(`/routes/${String(body['id'])}`)).body).toMatchObject({ name: 'a' });
    expect((await other.get(`/routes/${String(body['id'])}`)).status).toBe(404);
    expect((await other.get(path(body['id']))).status).toBe(403);
    expect((await own.post('/routes', { name: 'b', to: [] })).status).toBe(403);
  });

  it('leave a line in the logs, and wake whoever sends, for each change, and not where nothing changed', async () => {
    let woken = 0;
    const stop = guarded.service.app.get(WakeSignal).onWake(() => (woken += 1));
    const { body } = await create({ name: 'a', to: ['on-call'] });
    await create({ name: 'b', to: [] });
    await admin.patch(path(body['id']), { enabled: false });
    await admin.patch(path(body['id']), { enabled: false });
    await admin.patch(path(body['id']), { position: 1 });
    await replace([{ name: 'b', to: [] }]);
    stop();
    expect(woken).toBe(5);
    const logged = guarded.service.log.filter(
      ({ msg, account_id }) => msg === 'routes changed' && account_id === account,
    );
    expect(logged.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
    const { body: audit } = await admin.get(`/audit?account_id=${account}`);
    const entries = audit['entries'] as { action: string; subject: string; changes: unknown }[];
    const ofRoutes = entries.filter(({ action }) => action.startsWith('route')).reverse();
    expect(ofRoutes.map(({ action }) => action)).toEqual([
      'route.added',
      'route.added',
      'route.changed',
      'routes.reordered',
      'route.deleted',
    ]);
    expect(ofRoutes[0]).toMatchObject({
      subject: body['id'],
      changes: { to: { from: null, to: ['on-call'] } },
    });
    expect(ofRoutes[2]!.changes).toEqual({ enabled: { from: true, to: false } });
  });
});
