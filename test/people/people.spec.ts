import { PersonEntity } from '../../src/accounts/person.entity';
import { SessionEntity } from '../../src/accounts/session.entity';
import { AccountsRepository } from '../../src/accounts/accounts.repository';
import { Audit } from '../../src/accounts/audit/audit';
import { Database } from '../../src/database/database';
import { PeopleRepository } from '../../src/people/people.repository';
import { PeopleRetention } from '../../src/people/people-retention';
import { eventually } from '../harness/eventually';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { startWithPeople, tokensOf, type PeopleService, type Tokens } from './people-service';

const ADA = 'ada@acme.example';
const BOB = 'bob@acme.example';
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
const LAST_ADMIN = { status: 409, body: { code: 'last_admin' } };

let people: PeopleService;
beforeEach(async () => {
  people = await startWithPeople();
});
afterEach(stopServices);

/** The newest entries of an account's audit log. */
async function audited(account: string, count: number): Promise<unknown[]> {
  const { body } = await people.admin.get(`/audit?account_id=${account}&limit=${count}`);
  return body['entries'] as unknown[];
}

const event = (event_id: string): object => ({
  event_id,
  account_id: 'acme',
  user_id: 'u1',
  type: 'checkout.failed',
  kind: 'incident',
  timestamp: new Date().toISOString(),
});

describe('people of an account', () => {
  it('are listed, page by page', async () => {
    const ada = await people.join('acme', ADA, 'admin');
    const bob = await people.join('acme', BOB, 'viewer');
    await people.join('other', 'eve@other.example', 'admin');
    const shown = ({ person }: Tokens, role: string): object => {
      return { ...person, role, joined_at: INSTANT, last_login_at: INSTANT };
    };
    const asAda = people.asPerson(ada);
    const first = (await asAda.get('/accounts/acme/people?limit=1')).body;
    expect(first).toEqual({ people: [shown(ada, 'admin')], next_cursor: ada.person.id });
    const second = await asAda.get(`/accounts/acme/people?limit=1&cursor=${ada.person.id}`);
    expect(second.body).toEqual({ people: [shown(bob, 'viewer')], next_cursor: null });
    expect((await people.admin.get('/accounts/never/people')).status).toBe(404);
  });

  it('may do what their role says, and no more', async () => {
    const viewer = people.asPerson(await people.join('acme', 'v@acme.example', 'viewer'));
    const operator = people.asPerson(await people.join('acme', 'o@acme.example', 'operator'));
    const admin = people.asPerson(await people.join('acme', ADA, 'admin'));
    const statuses = async (ask: (who: typeof viewer) => Promise<Answer>): Promise<number[]> => {
      const answers: number[] = [];
      for (const who of [viewer, operator, admin]) answers.push((await ask(who)).status);
      return answers;
    };
    expect(await statuses((who) => who.get('/events'))).toEqual([200, 200, 200]);
    expect(await statuses((who) => who.post('/events', event('e1')))).toEqual([403, 202, 202]);
    await eventually(async () => {
      expect((await viewer.get('/events/e1')).status).toBe(200);
    });
    expect(await statuses((who) => who.post('/events/e1/resolve', {}))).toEqual([403, 200, 200]);
    expect(await statuses((who) => who.post('/deliveries/replay', {}))).toEqual([403, 200, 200]);
    expect(await statuses((who) => who.post('/dead-letters/replay', {}))).toEqual([403, 200, 200]);
    expect(await statuses((who) => who.get('/accounts/acme/people'))).toEqual([403, 403, 200]);
    expect(await statuses((who) => who.get('/audit'))).toEqual([403, 403, 200]);
    expect(await statuses((who) => who.patch('/accounts/acme', { name: 'A' }))).toEqual([403, 403, 200]);
    const key = { scopes: ['ingest', 'read'] };
    expect(await statuses((who) => who.post('/accounts/acme/keys', key))).toEqual([403, 403, 201]);
    // What concerns the whole service is nobody's of one account.
    expect(await statuses((who) => who.get('/accounts'))).toEqual([403, 403, 403]);
    expect(await statuses((who) => who.post('/accounts', { id: 'b', name: 'B' }))).toEqual([403, 403, 403]);
    expect(await statuses((who) => who.delete('/accounts/acme'))).toEqual([403, 403, 403]);
    expect(await statuses((who) => who.post('/ingest/pull-status'))).toEqual([403, 403, 403]);
    expect(await statuses((who) => who.post('/accounts/acme/keys', { scopes: ['admin'] }))).toEqual([
      403, 403, 403,
    ]);
    const limits = { limits: { burst: 1_000_000_000 } };
    expect(await statuses((who) => who.patch('/accounts/acme', limits))).toEqual([403, 403, 403]);
  });

  it('become something else at once, and lose what they may when they are removed', async () => {
    const admin = people.asPerson(await people.join('acme', ADA, 'admin'));
    const bob = await people.join('acme', BOB, 'admin');
    const path = `/accounts/acme/people/${bob.person.id}`;
    const changed = await admin.patch(path, { role: 'viewer' });
    expect(changed).toMatchObject({ status: 200, body: { id: bob.person.id, email: BOB, role: 'viewer' } });
    expect((await people.asPerson(bob).get('/accounts/acme/people')).status).toBe(403);
    expect((await people.asPerson(bob).get('/events')).status).toBe(200);
    const removed = await admin.delete(path);
    expect([removed.status, removed.body]).toEqual([204, '']);
    expect((await people.asPerson(bob).get('/events')).status).toBe(401);
    expect((await people.refresh(bob.refresh_token)).status).toBe(401);
    expect((await people.login(BOB)).status).toBe(401);
    for (const answer of [await admin.delete(path), await admin.patch(path, { role: 'admin' })]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'person_not_found' } });
    }
  });

  it('who still belong elsewhere stay there', async () => {
    const bob = await people.join('acme', BOB, 'viewer');
    await people.join('beta', BOB, 'operator');
    await people.admin.delete(`/accounts/acme/people/${bob.person.id}`);
    expect((await people.asPerson(bob).get('/events')).status).toBe(401);
    const next = tokensOf(await people.refresh(bob.refresh_token));
    expect(next).toMatchObject({ account_id: 'beta', role: 'operator' });
    expect((await people.asPerson(next).get('/accounts/beta')).status).toBe(200);
  });

  it('never lose their last admin to an admin, not to two at once either', async () => {
    const ada = await people.join('acme', ADA, 'admin');
    const bob = await people.join('acme', BOB, 'admin');
    const pathOf = ({ person }: Tokens): string => `/accounts/acme/people/${person.id}`;
    const [one, two] = await Promise.all([
      people.asPerson(ada).delete(pathOf(bob)),
      people.asPerson(bob).delete(pathOf(ada)),
    ]);
    expect([one.status, two.status].filter((status) => status === 204)).toHaveLength(1);
    const last = one.status === 204 ? ada : bob;
    expect(await people.asPerson(last).delete(pathOf(last))).toMatchObject(LAST_ADMIN);
    expect(await people.asPerson(last).patch(pathOf(last), { role: 'viewer' })).toMatchObject(LAST_ADMIN);
    expect((await people.asPerson(last).patch(pathOf(last), { role: 'admin' })).status).toBe(200);
    expect((await people.admin.delete(pathOf(last))).status).toBe(204);
  });

  it('lose their role with the account, and are forgotten when it is removed', async () => {
    const ada = await people.join('acme', ADA, 'admin');
    const bob = await people.join('acme', BOB, 'admin');
    await people.join('beta', BOB, 'viewer');
    await people.admin.delete('/accounts/acme');
    expect((await people.asPerson(ada).get('/events')).status).toBe(401);
    expect((await people.refresh(ada.refresh_token)).body).toMatchObject({ code: 'no_account' });
    expect((await people.login(ADA)).body).toMatchObject({ code: 'no_account' });
    expect(tokensOf(await people.login(BOB))).toMatchObject({ account_id: 'beta' });
    const { app } = people.service;
    await app.get(AccountsRepository).removeDeleted(Date.now() + 1_000_000);
    await app.get(PeopleRepository).removeStrays(Date.now() + 1_000_000);
    const left = await app.get(Database).read.find(PersonEntity);
    expect(left.map(({ id }) => id)).toEqual([bob.person.id]);
    expect((await people.refresh(ada.refresh_token)).status).toBe(401);
    const { refresh_token } = ada;
    expect((await people.nobody.post('/auth/logout', { refresh_token })).status).toBe(204);
  });
});

describe('an operator of the whole service', () => {
  it('is made by ADMIN_TOKEN alone, and may do everything until it takes that back', async () => {
    const ada = await people.join('acme', ADA, 'admin');
    const bob = await people.join('acme', BOB, 'viewer');
    const path = `/accounts/acme/people/${bob.person.id}`;
    const { key } = await people.makeKey('acme', ['admin']);
    for (const who of [people.asPerson(ada), people.as(key)]) {
      expect((await who.patch(path, { operator: true })).status).toBe(403);
    }
    expect((await people.admin.patch(path, { operator: true })).body).toMatchObject({
      operator: true,
      role: 'viewer',
    });
    const asBob = people.asPerson(bob);
    expect((await asBob.get('/accounts')).status).toBe(200);
    expect((await asBob.post('/accounts', { id: 'beta', name: 'Beta' })).status).toBe(201);
    expect((await asBob.patch(`/accounts/acme/people/${ada.person.id}`, { operator: true })).status).toBe(
      403,
    );
    expect((await people.admin.patch(path, { operator: false })).status).toBe(200);
    expect((await asBob.get('/accounts')).status).toBe(403);
  });

  it('is none any more without an account: there would be no way to take that back', async () => {
    const one = await people.join('acme', ADA, 'viewer');
    const two = await people.join('beta', BOB, 'viewer');
    const pathOf = ({ person, account_id }: Tokens): string => `/accounts/${account_id}/people/${person.id}`;
    for (const tokens of [one, two]) {
      await people.admin.patch(pathOf(tokens), { operator: true });
      expect((await people.asPerson(tokens).get('/accounts')).status).toBe(200);
    }
    await people.admin.delete(pathOf(one));
    await people.admin.delete('/accounts/beta');
    for (const tokens of [one, two])
      expect((await people.asPerson(tokens).get('/accounts')).status).toBe(401);
    expect((await people.login(ADA)).status).toBe(401);
    expect((await people.login(BOB)).body).toMatchObject({ code: 'no_account' });
  });
});

describe('the audit log', () => {
  it('says who changed what, from where, and what it was before', async () => {
    const ada = await people.join('acme', ADA, 'admin');
    const admin = people.asPerson(ada);
    const bob = await people.join('acme', BOB, 'viewer');
    await admin.call('PATCH', `/accounts/acme/people/${bob.person.id}`, {
      body: { role: 'operator' },
      headers: { 'x-request-id': 'request-17' },
    });
    expect(await audited('acme', 1)).toEqual([
      {
        id: expect.stringMatching(/^\d+$/) as unknown,
        at: INSTANT,
        account_id: 'acme',
        action: 'person.changed',
        subject: bob.person.id,
        by: { kind: 'person', id: ada.person.id, name: ADA },
        address: '127.0.0.1',
        request_id: 'request-17',
        changes: { role: { from: 'viewer', to: 'operator' } },
      },
    ]);
  });

  it('has every change of an account, its keys, its people and their sessions, and no secret', async () => {
    const ada = await people.join('acme', ADA, 'admin');
    const admin = people.asPerson(ada);
    await admin.patch('/accounts/acme', { name: 'Acme', stripe_webhook_secrets: ['whsec_first'] });
    await admin.patch('/accounts/acme', { stripe_webhook_secrets: ['whsec_other'] });
    await admin.patch('/accounts/acme', { name: 'Acme' });
    const key = (await admin.post('/accounts/acme/keys', { scopes: ['read'] })).body;
    await admin.delete(`/accounts/acme/keys/${String(key['id'])}`);
    await admin.delete(`/accounts/acme/keys/${String(key['id'])}`);
    const invited = (await admin.post('/accounts/acme/invitations', { email: BOB, role: 'viewer' })).body;
    await admin.delete(`/accounts/acme/invitations/${String(invited['id'])}`);
    const bob = await people.join('acme', BOB, 'viewer');
    await admin.delete(`/accounts/acme/people/${bob.person.id}`);
    await people.admin.delete('/accounts/acme');
    const entries = (await audited('acme', 100)) as { action: string; changes: object }[];
    expect(entries.map(({ action }) => action).reverse()).toEqual([
      'account.added',
      'invitation.made',
      'person.joined',
      'session.begun',
      'account.changed',
      'account.changed',
      'key.made',
      'key.revoked',
      'invitation.made',
      'invitation.revoked',
      'invitation.made',
      'person.joined',
      'session.begun',
      'person.removed',
      'account.deleted',
    ]);
    const changes = entries
      .filter(({ action }) => action === 'account.changed')
      .map((entry) => entry.changes);
    expect(changes.reverse()).toEqual([
      {
        name: { from: 'Account acme', to: 'Acme' },
        has_stripe_webhook_secrets: { from: false, to: true },
        stripe_webhook_secrets_replaced: { from: null, to: true },
      },
      { stripe_webhook_secrets_replaced: { from: null, to: true } },
    ]);
    const text = JSON.stringify(entries);
    for (const secret of [
      'whsec_',
      String(key['key']).slice(13),
      String(invited['token']),
      ada.refresh_token,
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  it('is read page by page, by an account’s admin of the account alone', async () => {
    const admin = people.asPerson(await people.join('acme', ADA, 'admin'));
    await people.join('other', 'eve@other.example', 'admin');
    const seen: unknown[] = [];
    let next: string | null = null;
    do {
      const { body } = await admin.get(`/audit?limit=3${next === null ? '' : `&cursor=${next}`}`);
      seen.push(...(body['entries'] as unknown[]));
      next = body['next_cursor'] as string | null;
    } while (next !== null);
    expect(seen).toEqual(await audited('acme', 100));
    expect((await admin.get('/audit?account_id=other')).status).toBe(403);
    const all = (await people.admin.get('/audit?limit=100')).body['entries'] as unknown[];
    expect(all).toHaveLength(seen.length + (await audited('other', 100)).length);
  });

  it('begins anew for whoever takes the id of an account that was removed', async () => {
    await people.join('acme', ADA, 'admin');
    await people.admin.delete('/accounts/acme');
    const accounts = people.service.app.get(AccountsRepository);
    expect(await accounts.removeDeleted(Date.now() + 1_000_000)).toBe(1);
    const next = people.asPerson(await people.join('acme', 'eve@other.example', 'admin'));
    const { body } = await next.get('/audit');
    const entries = body['entries'] as { action: string }[];
    expect(entries.map(({ action }) => action).at(-1)).toBe('account.added');
    expect(JSON.stringify(body)).not.toContain(ADA);
    expect(JSON.stringify(await audited('acme', 100))).toContain(ADA);
  });

  it('is not written where the change is not', async () => {
    await people.join('acme', ADA, 'admin');
    const before = await audited('acme', 100);
    await people.admin.post('/accounts', { id: 'acme', name: 'Again' });
    await people.admin.patch('/accounts/acme', { name: ' ' });
    await people.login(ADA, 'a wrong long sentence');
    expect(await audited('acme', 100)).toEqual(before);
  });

  it('forgets what is older than it is kept', async () => {
    await people.join('acme', ADA, 'admin');
    const { app } = people.service;
    const day = 86_400_000;
    await app.get(PeopleRetention).removeWhatIsOver(Date.now() + 364 * day);
    expect(await audited('acme', 100)).toHaveLength(4);
    await app.get(PeopleRetention).removeWhatIsOver(Date.now() + 366 * day);
    expect(await audited('acme', 100)).toEqual([]);
    expect(await app.get(Database).read.find(SessionEntity)).toEqual([]);
    expect(await app.get(Audit).removeOlderThan(Date.now())).toBe(0);
  });
});
