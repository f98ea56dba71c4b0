import { InvitationEntity } from '../../src/people/invitation.entity';
import { Database } from '../../src/database/database';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { PASSWORD, startWithPeople, tokensOf, type PeopleService } from './people-service';

const EMAIL = 'ada@acme.example';
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as unknown;
const GONE = { status: 404, body: { code: 'invitation_not_found' } };

let people: PeopleService;
beforeEach(async () => {
  people = await startWithPeople();
});
afterEach(stopServices);

const accept = (token: string, password = PASSWORD, more: object = {}): Promise<Answer> =>
  people.nobody.post('/auth/accept', { token, password, ...more });

describe('an invitation', () => {
  it('makes whoever has its token a person of the account, once', async () => {
    const token = await people.invite('acme', 'Ada@Acme.example', 'operator');
    expect(token).toMatch(/^sbi_[\w-]{43}$/);
    expect(tokensOf(await accept(token))).toMatchObject({
      person: { id: UUID, email: EMAIL, operator: false },
      account_id: 'acme',
      role: 'operator',
    });
    expect(await accept(token)).toMatchObject(GONE);
    expect((await people.login(EMAIL)).status).toBe(200);
  });

  it('is shown once, listed without its token, and not kept', async () => {
    const token = await people.invite('acme', EMAIL, 'viewer');
    const pending = { accepted_at: null, revoked_at: null };
    const shown = { id: UUID, email: EMAIL, role: 'viewer', invited_by: 'admin_token', created_at: INSTANT };
    expect((await people.admin.get('/accounts/acme/invitations')).body).toEqual({
      invitations: [{ ...shown, ...pending, expires_at: INSTANT }],
      next_cursor: null,
    });
    const rows = await people.service.app.get(Database).read.find(InvitationEntity);
    expect(rows[0]!.expires_at - rows[0]!.created_at).toBe(7 * 86_400_000);
    expect(JSON.stringify([rows, people.service.log])).not.toContain(token.slice(4));
    await accept(token);
    expect((await people.admin.get('/accounts/acme/invitations')).body).toMatchObject({
      invitations: [{ accepted_at: INSTANT, revoked_at: null }],
    });
  });

  it('can be accepted for seven days', async () => {
    const token = await people.invite('acme', EMAIL, 'viewer');
    const database = people.service.app.get(Database);
    await database.write((tx, now) => tx.update(InvitationEntity, { email: EMAIL }, { expires_at: now }));
    expect(await accept(token)).toMatchObject(GONE);
  });

  it('is revoked by the account’s admins, and by a newer one of the same address', async () => {
    const first = await people.invite('acme', EMAIL, 'admin');
    const second = await people.invite('acme', EMAIL, 'viewer');
    expect(await accept(first)).toMatchObject(GONE);
    const { invitations } = (await people.admin.get('/accounts/acme/invitations')).body as {
      invitations: { id: string; revoked_at: string | null }[];
    };
    expect(invitations.map(({ revoked_at }) => revoked_at)).toEqual([INSTANT, null]);
    const path = `/accounts/acme/invitations/${invitations[1]!.id}`;
    expect((await people.admin.delete(path.replace('acme', 'other'))).status).toBe(404);
    for (let index = 0; index < 2; index++) expect((await people.admin.delete(path)).status).toBe(204);
    expect(await accept(second)).toMatchObject(GONE);
  });

  it('is no way to become a person that there is without their password', async () => {
    await people.join('acme', EMAIL, 'admin');
    const token = await people.invite('evil', EMAIL, 'viewer');
    const guessed = await accept(token, 'the inviter’s own choice');
    expect(guessed).toMatchObject({ status: 401, body: { code: 'login_failed' } });
    expect((await people.login(EMAIL)).status).toBe(200);
    expect(tokensOf(await accept(token))).toMatchObject({ account_id: 'evil', role: 'viewer' });
    expect(tokensOf(await people.login(EMAIL))).toMatchObject({ account_id: 'acme', role: 'admin' });
  });

  it('gives nobody who has a role in the account another one', async () => {
    await people.join('acme', EMAIL, 'viewer');
    const again = await people.admin.post('/accounts/acme/invitations', { email: EMAIL, role: 'admin' });
    expect(again).toMatchObject({ status: 409, body: { code: 'already_member' } });
  });

  it('takes no password that will not do', async () => {
    const token = await people.invite('acme', EMAIL, 'viewer');
    for (const password of ['eleven char', EMAIL.toUpperCase(), 'Password1234']) {
      expect(await accept(token, password)).toMatchObject({
        status: 400,
        body: { code: 'password_refused' },
      });
    }
    expect((await accept(token)).status).toBe(200);
  });

  it('accepted at once by several gives one person, and one of them a session', async () => {
    const token = await people.invite('acme', EMAIL, 'viewer');
    const answers = await Promise.all(Array.from({ length: 4 }, () => accept(token)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect(statuses.slice(1).every((status) => status >= 400 && status < 500)).toBe(true);
    expect((await people.admin.get('/accounts/acme/people')).body['people']).toHaveLength(1);
  });

  it('of an account that is deleted or was never added is none', async () => {
    const token = await people.invite('acme', EMAIL, 'viewer');
    await people.admin.delete('/accounts/acme');
    expect(await accept(token)).toMatchObject(GONE);
    for (const account of ['acme', 'never']) {
      const body = { email: EMAIL, role: 'viewer' };
      const answer = await people.admin.post(`/accounts/${account}/invitations`, body);
      expect(answer).toMatchObject({ status: 404, body: { code: 'account_not_found' } });
      expect((await people.admin.get(`/accounts/${account}/invitations`)).status).toBe(404);
    }
  });

  it.each([
    [{ email: 'ada', role: 'viewer' }, 'email must be an e-mail address'],
    [{ email: EMAIL, role: 'owner' }, 'role must be one of viewer, operator, admin'],
    [{ email: EMAIL, role: 'viewer', operator: true }, 'property operator should not exist'],
  ])('of %j is refused', async (body, message) => {
    await people.admin.post('/accounts', { id: 'acme', name: 'Acme' });
    const answer = await people.admin.post('/accounts/acme/invitations', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', message } });
  });
});
