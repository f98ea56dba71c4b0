import { Database } from '../../src/database/database';
import { AccountEntity } from '../../src/accounts/account.entity';
import { ApiKeyEntity } from '../../src/accounts/api-key.entity';
import { AccountsRepository } from '../../src/accounts/accounts.repository';
import { errorShape } from '../api/error-shape';
import { SECRET } from '../destinations/own-destinations';
import { eventually } from '../harness/eventually';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { startGuarded, type GuardedService } from './guarded-service';

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as unknown;
const DEFAULTS = { events_per_minute: 600_000, burst: 50_000 };

function shownAccount(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    name: 'Acme',
    limits: { events_per_minute: null, burst: null },
    effective_limits: DEFAULTS,
    stripe_configured: false,
    created_at: INSTANT,
    updated_at: INSTANT,
    ...more,
  };
}

function expectError(answer: Answer, status: number, code: string, message?: string): void {
  expect(answer.body).toEqual({
    ...errorShape(status, answer.headers.get('x-request-id')),
    ...(message === undefined ? {} : { message }),
    code,
  });
  expect(answer.status).toBe(status);
}

let guarded: GuardedService;
beforeEach(async () => {
  guarded = await startGuarded();
});
afterEach(stopServices);

describe('an account', () => {
  it('is added, shown, changed, listed and deleted', async () => {
    const { admin } = guarded;
    const added = await admin.post('/accounts', { id: 'acme', name: 'Acme' });
    expect(added).toMatchObject({ status: 201, body: shownAccount('acme') });
    expect(added.body).toEqual((await admin.get('/accounts/acme')).body);
    const changed = await admin.patch('/accounts/acme', { name: 'Acme 2', limits: { burst: 7 } });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual(
      shownAccount('acme', {
        name: 'Acme 2',
        limits: { events_per_minute: null, burst: 7 },
        effective_limits: { ...DEFAULTS, burst: 7 },
      }),
    );
    expect((await admin.get('/accounts')).body).toEqual({ accounts: [changed.body], next_cursor: null });
    const deleted = await admin.delete('/accounts/acme');
    expect([deleted.status, deleted.body]).toEqual([204, '']);
    expect((await admin.get('/accounts')).body).toEqual({ accounts: [], next_cursor: null });
  });

  it('keeps what a change leaves out, and null brings a default back', async () => {
    const { admin } = guarded;
    const limits = { events_per_minute: 60, burst: 10 };
    await admin.post('/accounts', { id: 'acme', name: 'Acme', limits });
    expect((await admin.patch('/accounts/acme', { name: 'B' })).body).toMatchObject({ limits });
    expect((await admin.patch('/accounts/acme', { limits: { burst: null } })).body).toEqual(
      shownAccount('acme', {
        name: 'B',
        limits: { events_per_minute: 60, burst: null },
        effective_limits: { events_per_minute: 60, burst: 50_000 },
      }),
    );
  });

  it('is there once, and its id is not free while it is kept deleted', async () => {
    const { admin } = guarded;
    await admin.post('/accounts', { id: 'acme', name: 'Acme' });
    expectError(
      await admin.post('/accounts', { id: 'acme', name: 'Another' }),
      409,
      'account_exists',
      'There is an account of this id.',
    );
    await admin.delete('/accounts/acme');
    expectError(
      await admin.post('/accounts', { id: 'acme', name: 'Another' }),
      409,
      'account_exists',
      'An account of this id was deleted. The id is free again when retention has removed it.',
    );
  });

  it('is not found where it was never added or is deleted', async () => {
    const { admin } = guarded;
    await admin.post('/accounts', { id: 'gone', name: 'Gone' });
    await admin.delete('/accounts/gone');
    for (const id of ['gone', 'never', 'default']) {
      for (const answer of [
        await admin.get(`/accounts/${id}`),
        await admin.patch(`/accounts/${id}`, { name: 'x' }),
        await admin.delete(`/accounts/${id}`),
        await admin.get(`/accounts/${id}/keys`),
        await admin.post(`/accounts/${id}/keys`, { scopes: ['read'] }),
      ]) {
        expectError(answer, 404, 'account_not_found', 'There is no such account.');
      }
    }
  });

  it('of several is found page by page, in the order of their ids', async () => {
    const { admin } = guarded;
    for (const id of ['b', 'a-2', 'Z', 'a.1', '0']) await admin.post('/accounts', { id, name: id });
    const ids: string[][] = [];
    let next: string | null = null;
    do {
      const { body } = await admin.get(`/accounts?limit=2${next === null ? '' : `&cursor=${next}`}`);
      ids.push((body['accounts'] as { id: string }[]).map(({ id }) => id));
      next = body['next_cursor'] as string | null;
    } while (next !== null);
    expect(ids).toEqual([['0', 'Z'], ['a-2', 'a.1'], ['b']]);
  });

  it.each<[string, unknown, string]>([
    ['no id', { name: 'A' }, 'id must be 1 to 64 letters, digits, dots, dashes and underscores'],
    [
      'an id that is none',
      { id: 'a/b', name: 'A' },
      'id must be 1 to 64 letters, digits, dots, dashes and underscores',
    ],
    ['a blank name', { id: 'a', name: ' ' }, 'name must not be blank'],
    ['limits that are a list', { id: 'a', name: 'A', limits: [] }, 'limits must be an object'],
    [
      'a limit of nothing',
      { id: 'a', name: 'A', limits: { burst: 0 } },
      'burst must be a whole number from 1 to 1000000000, or null for the default',
    ],
    [
      'a limit nobody knows',
      { id: 'a', name: 'A', limits: { per_day: 1 } },
      'property per_day should not exist',
    ],
    [
      'a short secret',
      { id: 'a', name: 'A', stripe_webhook_secrets: ['hush'] },
      'stripe_webhook_secrets must be of 8 to 256 printable ASCII characters each',
    ],
  ])('with %s is refused', async (_, body, message) => {
    expectError(await guarded.admin.post('/accounts', body), 400, 'invalid_request', message);
  });

  it('is removed with its keys once it is deleted for longer than is kept', async () => {
    const { admin, service, makeKey } = guarded;
    await makeKey('gone', ['read']);
    await makeKey('stays', ['read']);
    await admin.delete('/accounts/gone');
    const accounts = service.app.get(AccountsRepository);
    expect(await accounts.removeDeleted(Date.now() - 1_000_000)).toBe(0);
    expect(await accounts.removeDeleted(Date.now() + 1_000_000)).toBe(1);
    const { read } = service.app.get(Database);
    expect((await read.find(AccountEntity)).map(({ id }) => id)).toEqual(['stays']);
    expect((await read.find(ApiKeyEntity)).map(({ account_id }) => account_id)).toEqual(['stays']);
    expect((await admin.post('/accounts', { id: 'gone', name: 'Back' })).status).toBe(201);
  });
});

it('leaves nothing to whoever takes the id of an account that was removed', async () => {
  const { admin, service } = guarded;
  const settings = { url: 'https://hooks.example.com/old', secret: SECRET };
  await admin.post('/accounts', { id: 'gone', name: 'Gone' });
  await admin.post('/destinations', { account_id: 'gone', name: 'hook', type: 'webhook', settings });
  await admin.post('/routes', { account_id: 'gone', name: 'All', to: ['hook'] });
  await admin.post('/maintenance-windows', {
    account_id: 'gone',
    name: 'Every night',
    starts_at: '2999-01-01T00:00:00Z',
    ends_at: '2999-01-01T01:00:00Z',
  });
  const page = { slug: 'gone', title: 'Gone', enabled: true, services: [{ service: 'shop', name: 'Shop' }] };
  expect(await admin.call('PUT', '/accounts/gone/public-page', { body: page })).toMatchObject({
    status: 200,
  });
  const own = { account_id: 'gone', objectives: [{ id: 'events-latency-p95', below_ms: 150 }] };
  expect(await admin.call('PUT', '/objectives', { body: own })).toMatchObject({ status: 200 });
  await admin.delete('/accounts/gone');
  expect(await service.app.get(AccountsRepository).removeDeleted(Date.now() + 1_000_000)).toBe(1);
  await admin.post('/accounts', { id: 'gone', name: 'Another' });
  const left = ['destinations', 'routes', 'maintenance-windows'].map(
    async (what) => (await admin.get(`/${what}?account_id=gone`)).body,
  );
  expect(await Promise.all(left)).toMatchObject([
    { destinations: [] },
    { routes: [] },
    { maintenance_windows: [] },
  ]);
  expect((await admin.get('/objectives?account_id=gone')).body).toMatchObject({ objectives: [] });
  expect((await admin.get('/accounts/gone/public-page')).body).toEqual({ public_page: null });
});

describe('a key', () => {
  it('is shown once, listed without it, and not kept', async () => {
    const { admin, service } = guarded;
    await admin.post('/accounts', { id: 'acme', name: 'Acme' });
    const expires_at = '2999-01-01T00:00:00+01:00';
    const made = await admin.post('/accounts/acme/keys', { scopes: ['read', 'ingest'], expires_at });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: UUID,
      key: expect.stringMatching(/^sbx_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}$/) as unknown,
      prefix: String(made.body['key']).slice(0, 12),
    });
    expect((await admin.get('/accounts/acme/keys')).body).toEqual({
      keys: [
        {
          id: made.body['id'],
          prefix: made.body['prefix'],
          scopes: ['read', 'ingest'],
          created_at: INSTANT,
          expires_at: '2998-12-31T23:00:00.000Z',
          revoked_at: null,
          last_used_at: null,
        },
      ],
      next_cursor: null,
    });
    const secret = String(made.body['key']).slice(13);
    const rows = await service.app.get(Database).read.find(ApiKeyEntity);
    expect(JSON.stringify([rows, service.log])).not.toContain(secret);
  });

  it('opens until it is revoked, and then at once no more', async () => {
    const { admin, as, makeKey } = guarded;
    const { key, id } = await makeKey('acme', ['read']);
    expect((await as(key).get('/accounts/acme')).status).toBe(200);
    const revoked = await admin.delete(`/accounts/acme/keys/${id}`);
    expect([revoked.status, revoked.body]).toEqual([204, '']);
    expect((await as(key).get('/accounts/acme')).status).toBe(401);
    expect((await admin.get('/accounts/acme/keys')).body).toMatchObject({
      keys: [{ id, revoked_at: INSTANT }],
    });
  });

  it('is revoked once, and only by way of its own account', async () => {
    const { admin, makeKey, as } = guarded;
    const { id, key } = await makeKey('acme', ['read']);
    await makeKey('other', ['read']);
    expectError(await admin.delete(`/accounts/other/keys/${id}`), 404, 'key_not_found');
    expect((await as(key).get('/accounts/acme')).status).toBe(200);
    await admin.delete(`/accounts/acme/keys/${id}`);
    const first = (await admin.get('/accounts/acme/keys')).body;
    expect((await admin.delete(`/accounts/acme/keys/${id}`)).status).toBe(204);
    expect((await admin.get('/accounts/acme/keys')).body).toEqual(first);
  });

  it('of a deleted account opens nothing', async () => {
    const { admin, as, makeKey } = guarded;
    const { key } = await makeKey('acme', ['read']);
    expect((await as(key).get('/events')).status).toBe(200);
    await admin.delete('/accounts/acme');
    expect((await as(key).get('/events')).status).toBe(401);
  });

  it('has the time of its last use noted', async () => {
    const { admin, as, makeKey } = guarded;
    const { key, id } = await makeKey('acme', ['read']);
    await as(key).get('/events');
    await eventually(async () => {
      expect((await admin.get('/accounts/acme/keys')).body).toMatchObject({
        keys: [{ id, last_used_at: INSTANT }],
      });
    });
  });

  it('of several is found page by page, oldest first', async () => {
    const { admin, makeKey } = guarded;
    const made: string[] = [];
    for (let index = 0; index < 3; index++) made.push((await makeKey('acme', ['read'])).id);
    const first = (await admin.get('/accounts/acme/keys?limit=2')).body;
    expect(first).toMatchObject({ keys: [{ id: made[0] }, { id: made[1] }], next_cursor: made[1] });
    const second = (await admin.get(`/accounts/acme/keys?limit=2&cursor=${made[1]}`)).body;
    expect(second).toMatchObject({ keys: [{ id: made[2] }], next_cursor: null });
  });

  it.each<[string, unknown, string]>([
    ['no scopes', { scopes: [] }, 'scopes must not be empty'],
    ['a scope nobody knows', { scopes: ['write'] }, 'scopes must be of ingest, read, admin'],
    ['a scope twice', { scopes: ['read', 'read'] }, 'scopes must name each scope once'],
    ...['2020-01-01T00:00:00Z', '2999-01-01', '2999-02-30T00:00:00Z', '2999-01-01T00:00:00', 'tomorrow'].map(
      (expires_at): [string, unknown, string] => [
        `an expiry of ${expires_at}`,
        { scopes: ['read'], expires_at },
        'expires_at must be an instant of ISO 8601, with its zone, in the future',
      ],
    ),
  ])('with %s is refused', async (_, body, message) => {
    await guarded.admin.post('/accounts', { id: 'acme', name: 'Acme' });
    expectError(await guarded.admin.post('/accounts/acme/keys', body), 400, 'invalid_request', message);
    expect((await guarded.admin.get('/accounts/acme/keys')).body).toMatchObject({ keys: [] });
  });
});
