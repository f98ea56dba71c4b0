import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { Audit } from '../../src/accounts/audit/audit';
import { AuthSecret } from '../../src/accounts/auth-secret';
import { PersonEntity } from '../../src/accounts/person.entity';
import { Database } from '../../src/database/database';
import { LoginFailuresEntity } from '../../src/people/login-failures.entity';
import { startService, stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { PASSWORD, startWithPeople, tokensOf, type PeopleService } from './people-service';

const EMAIL = 'ada@acme.example';

let people: PeopleService;
beforeEach(async () => {
  people = await startWithPeople();
});
afterEach(stopServices);

/** What is said, without the id of the request. */
function saidBy({ status, body, headers }: Answer): unknown {
  return { status, ...body, requestId: null, retry_after: headers.get('retry-after') };
}

const WRONG = {
  status: 401,
  statusCode: 401,
  error: 'Unauthorized',
  code: 'login_failed',
  message: 'The e-mail address or the password is wrong.',
  requestId: null,
  retry_after: null,
};

/** As if the last failures had been so long ago. */
async function letPass(ms: number): Promise<void> {
  await people.service.app.get(Database).write(async (tx) => {
    for (const row of await tx.find(LoginFailuresEntity)) {
      const earlier = { failed_at: row.failed_at - ms, locked_until: row.locked_until - ms };
      await tx.update(LoginFailuresEntity, { subject: row.subject }, earlier);
    }
  });
}

describe('logging in', () => {
  it('gives a short access token and a refresh token, for the account and role of the person', async () => {
    const { person } = await people.join('acme', EMAIL, 'operator');
    const answer = await people.login('ADA@Acme.example');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('set-cookie')).toBeNull();
    const tokens = tokensOf(answer);
    expect(tokens).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as unknown,
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: expect.stringMatching(/^sbr_[\w-]{43}$/) as unknown,
      person: { id: person.id, email: EMAIL, operator: false },
      account_id: 'acme',
      role: 'operator',
    });
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({ iss: 'signalbox', aud: 'signalbox:api', sub: person.id });
    expect(claims.exp! - claims.iat!).toBe(600);
  });

  it('is for one account at a time, the first or the one that is asked for', async () => {
    await people.join('beta', EMAIL, 'viewer');
    await people.join('acme', EMAIL, 'admin');
    expect(tokensOf(await people.login(EMAIL))).toMatchObject({ account_id: 'acme', role: 'admin' });
    const beta = tokensOf(await people.login(EMAIL, PASSWORD, { account_id: 'beta' }));
    expect(beta).toMatchObject({ account_id: 'beta', role: 'viewer' });
    expect((await people.asPerson(beta).get('/accounts/acme')).status).toBe(403);
    const switched = tokensOf(await people.refresh(beta.refresh_token, { account_id: 'acme' }));
    expect((await people.asPerson(switched).get('/accounts/acme')).status).toBe(200);
    const foreign = await people.login(EMAIL, PASSWORD, { account_id: 'other' });
    expect(foreign).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('says the same to a wrong password and to somebody who is not there', async () => {
    await people.join('acme', EMAIL, 'viewer');
    const answer = await people.login(EMAIL, 'another long sentence');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(saidBy(answer)).toEqual(WRONG);
    expect(saidBy(await people.login('nobody@acme.example'))).toEqual(WRONG);
    expect(saidBy(await people.login(EMAIL, 'x'.repeat(2_048)))).toEqual(WRONG);
  });

  it('is the same however the password is typed', async () => {
    const token = await people.invite('acme', EMAIL, 'viewer');
    await people.nobody.post('/auth/accept', { token, password: 'un cafe\u0301 tre\u0300s noir' });
    expect((await people.login(EMAIL, 'un caf\u00e9 tr\u00e8s noir')).status).toBe(200);
  });

  it('keeps no password, and logs none', async () => {
    await people.join('acme', EMAIL, 'viewer');
    await people.login(EMAIL, 'a wrong long sentence');
    const { app, log } = people.service;
    const rows = await app.get(Database).read.find(PersonEntity);
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const { access_token, refresh_token } = tokensOf(await people.login(EMAIL));
    const kept = JSON.stringify([rows, log, await app.get(Audit).list({}, 100)]);
    for (const secret of [PASSWORD, 'a wrong long sentence', access_token, refresh_token]) {
      expect(kept).not.toContain(secret);
    }
  });

  it.each([
    [{ email: 'ada', password: PASSWORD }, 'email must be an e-mail address'],
    [{ email: EMAIL }, /password must be a string/],
    [{ email: EMAIL, password: 'x'.repeat(2_049) }, /password must be shorter/],
    [{ email: EMAIL, password: PASSWORD, role: 'admin' }, 'property role should not exist'],
  ])('with %j is refused', async (body, message) => {
    const answer = await people.nobody.post('/auth/login', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(answer.body['message']).toMatch(message);
  });
});

describe('many logins at once', () => {
  it('take turns, and beyond what can wait they are sent away without being counted as failures', async () => {
    people = await startWithPeople({ TRUST_PROXY: 'true' });
    await people.join('acme', EMAIL, 'viewer');
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        people.nobody.call('POST', '/auth/login', {
          body: { email: `p${index}@acme.example`, password: PASSWORD },
          headers: { 'x-forwarded-for': `10.0.0.${index}` },
        }),
      ),
    );
    const busy = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 401).length + busy.length).toBe(60);
    for (const { body, headers } of busy) {
      expect([body['code'], headers.get('retry-after')]).toEqual(['busy', '2']);
    }
    const rows = await people.service.app.get(Database).read.find(LoginFailuresEntity);
    const failures = rows.filter(({ subject }) => subject.startsWith('person:')).map((row) => row.failures);
    expect(failures.filter((count) => count === 1)).toHaveLength(60 - busy.length);
    expect((await people.login(EMAIL)).status).toBe(200);
  });
});

describe('failed logins', () => {
  const fail = async (times: number, email = EMAIL): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (let index = 0; index < times; index++)
      answers.push(await people.login(email, `guess number ${index}`));
    return answers;
  };

  it.each([
    ['of a person', EMAIL],
    ['of nobody', 'nobody@acme.example'],
  ])('%s lock from the fifth on, and while they do nothing is looked at', async (_, email) => {
    await people.join('acme', EMAIL, 'viewer');
    const answers = await fail(5, email);
    expect(answers.slice(0, 4).map(saidBy)).toEqual(Array(4).fill(WRONG));
    expect(saidBy(answers[4]!)).toEqual({ ...WRONG, retry_after: '5' });
    const locked = saidBy(await people.login(email)) as { retry_after: string };
    expect(locked).toEqual({ ...WRONG, retry_after: expect.stringMatching(/^[1-5]$/) as unknown });
  });

  it('lock twice as long each time, and a right password ends that', async () => {
    await people.join('acme', EMAIL, 'viewer');
    await fail(5);
    await letPass(5_000);
    expect(saidBy((await fail(1))[0]!)).toMatchObject({ retry_after: '10' });
    await letPass(10_000);
    expect((await people.login(EMAIL)).status).toBe(200);
    expect(saidBy((await fail(1))[0]!)).toEqual(WRONG);
  });

  it('that come at once get no more tries than those that come one by one', async () => {
    await people.join('acme', EMAIL, 'viewer');
    const guesses = Array.from({ length: 12 }, (_, index) => people.login(EMAIL, `guess number ${index}`));
    await Promise.all(guesses);
    const rows = await people.service.app.get(Database).read.find(LoginFailuresEntity);
    expect(rows.find(({ subject }) => subject.startsWith('person:'))).toMatchObject({ failures: 5 });
  });

  it('of one person lock nobody else, nor the sessions of the person', async () => {
    const { refresh_token } = await people.join('acme', EMAIL, 'viewer');
    await people.join('acme', 'bob@acme.example', 'viewer');
    await fail(5);
    expect((await people.login('bob@acme.example')).status).toBe(200);
    expect((await people.refresh(refresh_token)).status).toBe(200);
  });

  it('of an address lock the address, whoever it tries, and a right password does not reset that', async () => {
    people = await startWithPeople({ TRUST_PROXY: 'true' });
    await people.join('acme', EMAIL, 'viewer');
    const from = (address: string, email: string, password: string): Promise<Answer> =>
      people.nobody.call('POST', '/auth/login', {
        body: { email, password },
        headers: { 'x-forwarded-for': address },
      });
    for (let index = 0; index < 19; index++) {
      expect(saidBy(await from('2001:db8::1', `p${index}@acme.example`, 'a guess of mine'))).toEqual(WRONG);
    }
    expect((await from('2001:db8::1', EMAIL, PASSWORD)).status).toBe(200);
    const last = await from('2001:db8::2', 'p20@acme.example', 'a guess of mine');
    expect(saidBy(last)).toEqual({ ...WRONG, retry_after: '5' });
    expect((await from('2001:db8::3', EMAIL, PASSWORD)).status).toBe(401);
    expect((await from('2001:db8:0:1::1', EMAIL, PASSWORD)).status).toBe(200);
  });

  it('that lock a person are in the audit log of their accounts', async () => {
    const { person } = await people.join('acme', EMAIL, 'viewer');
    await fail(5);
    const { body } = await people.admin.get('/audit?account_id=acme&limit=1');
    expect(body['entries']).toMatchObject([
      { action: 'person.locked', subject: person.id, by: { kind: 'system' }, address: '127.0.0.1' },
    ]);
  });
});

describe('an access token', () => {
  const claims = async (): Promise<{ sub: string; sid: string }> => {
    const { access_token } = await people.join('acme', EMAIL, 'admin');
    return decodeJwt<{ sub: string; sid: string }>(access_token);
  };
  const key = (): Uint8Array => people.service.app.get(AuthSecret).keyFor('access tokens');
  const statusFor = async (token: string): Promise<number> =>
    (await people.as(token).get('/accounts/acme')).status;

  const sign = (
    { sub, sid }: { sub: string; sid: string },
    {
      alg = 'HS256',
      typ = 'at+jwt',
      iss = 'signalbox',
      aud = 'signalbox:api',
      exp = '10 m',
      secret = key(),
    } = {},
  ): Promise<string> =>
    new SignJWT({ sid, account_id: 'acme' })
      .setProtectedHeader({ alg, typ })
      .setIssuer(iss)
      .setAudience(aud)
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime(exp)
      .sign(secret);

  it('opens when it is all right', async () => {
    expect(await statusFor(await sign(await claims()))).toBe(200);
  });

  it.each([
    ['of another algorithm', { alg: 'HS512' }],
    ['of another type', { typ: 'JWT' }],
    ['of another issuer', { iss: 'somebody' }],
    ['for another audience', { aud: 'somebody' }],
    ['that has expired', { exp: '-1 s' }],
    ['signed with another key', { secret: new Uint8Array(32) }],
  ])('%s opens nothing', async (_, more) => {
    expect(await statusFor(await sign(await claims(), more))).toBe(401);
  });

  it('without a signature, or of another person’s session, opens nothing', async () => {
    const { sub, sid } = await claims();
    const unsigned = new UnsecuredJWT({ sid, account_id: 'acme' })
      .setIssuer('signalbox')
      .setAudience('signalbox:api')
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime('10 m')
      .encode();
    expect(await statusFor(unsigned)).toBe(401);
    const { person } = await people.join('acme', 'bob@acme.example', 'admin');
    expect(await statusFor(await sign({ sub: person.id, sid }))).toBe(401);
    expect(await statusFor(await sign({ sub, sid: 'none' }))).toBe(401);
  });
});

describe('who one is', () => {
  it('is told to people, to ADMIN_TOKEN and to keys that may read', async () => {
    const tokens = await people.join('acme', EMAIL, 'viewer');
    await people.join('beta', EMAIL, 'admin');
    expect((await people.asPerson(tokens).get('/auth/me')).body).toEqual({
      kind: 'person',
      person: { id: tokens.person.id, email: EMAIL, operator: false },
      account_id: 'acme',
      accounts: [
        { account_id: 'acme', role: 'viewer' },
        { account_id: 'beta', role: 'admin' },
      ],
    });
    const none = { person: null, account_id: null, accounts: [] };
    expect((await people.admin.get('/auth/me')).body).toEqual({ kind: 'admin_token', ...none });
    const keyed = async (...scopes: string[]): Promise<Answer> =>
      people.as((await people.makeKey('acme', scopes)).key).get('/auth/me');
    expect((await keyed('read')).body).toEqual({ ...none, kind: 'key', account_id: 'acme' });
    expect((await keyed('ingest')).status).toBe(403);
  });
});

describe('a password', () => {
  const NEXT = 'another quite long sentence';

  it('is changed by whoever has it, and all other sessions end', async () => {
    const old = await people.join('acme', EMAIL, 'viewer');
    const own = tokensOf(await people.login(EMAIL));
    const changed = await people
      .asPerson(own)
      .post('/auth/password', { current_password: PASSWORD, new_password: NEXT });
    expect(changed.status).toBe(204);
    expect((await people.login(EMAIL)).status).toBe(401);
    expect((await people.login(EMAIL, NEXT)).status).toBe(200);
    expect((await people.asPerson(old).get('/auth/me')).status).toBe(401);
    expect((await people.refresh(old.refresh_token)).status).toBe(401);
    expect((await people.asPerson(own).get('/auth/me')).status).toBe(200);
    expect((await people.refresh(own.refresh_token)).status).toBe(200);
  });

  it('is not changed by a token alone, however often it is tried', async () => {
    const tokens = await people.join('acme', EMAIL, 'viewer');
    const change = (current_password: string, new_password = NEXT): Promise<Answer> =>
      people.asPerson(tokens).post('/auth/password', { current_password, new_password });
    expect(saidBy(await change(PASSWORD, 'short'))).toMatchObject({
      status: 400,
      code: 'password_refused',
      message: 'password must be of 12 to 256 characters',
    });
    for (let index = 0; index < 4; index++) expect(saidBy(await change('a guess of mine'))).toEqual(WRONG);
    expect(saidBy(await change('a guess of mine'))).toEqual({ ...WRONG, retry_after: '5' });
    expect((await change(PASSWORD)).status).toBe(401);
  });

  it('is nothing that ADMIN_TOKEN has', async () => {
    const body = { current_password: PASSWORD, new_password: NEXT };
    const answer = await people.admin.post('/auth/password', body);
    expect(answer).toMatchObject({ status: 409, body: { code: 'not_a_person' } });
  });
});

describe('without ADMIN_TOKEN', () => {
  it('nobody has to log in, and who does is named in the audit log and may do no less', async () => {
    const { environment } = people.service;
    await people.join('acme', EMAIL, 'viewer');
    await people.service.stop();
    const { client } = await startService({ ...environment, ADMIN_TOKEN: '' });
    expect((await client.get('/auth/me')).body).toMatchObject({ kind: 'anybody', person: null });
    const { access_token } = tokensOf(await client.post('/auth/login', { email: EMAIL, password: PASSWORD }));
    const authorization = `Bearer ${access_token}`;
    expect((await client.get('/auth/me', { headers: { authorization } })).body).toMatchObject({
      kind: 'person',
      accounts: [{ account_id: 'acme', role: 'viewer' }],
    });
    const named = await client.post('/accounts', { id: 'beta', name: 'Beta' }, { authorization });
    expect(named.status).toBe(201);
    await client.post('/accounts', { id: 'gamma', name: 'Gamma' });
    expect((await client.get('/audit?limit=2')).body['entries']).toMatchObject([
      { action: 'account.added', subject: 'gamma', by: { kind: 'anybody', id: null, name: null } },
      { action: 'account.added', subject: 'beta', by: { kind: 'person', name: EMAIL } },
    ]);
  });
});
