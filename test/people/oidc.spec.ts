import { PersonEntity } from '../../src/accounts/person.entity';
import { Database } from '../../src/database/database';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { headerOf, keepCookies, LocalProvider, type Cookies } from './local-provider';
import { PASSWORD, startWithPeople, tokensOf, type PeopleService } from './people-service';

const ADA = 'ada@acme.example';

const ACCOUNTS = {
  ada: { email: 'Ada@Acme.example', email_verified: true },
  'other-ada': { email: ADA, email_verified: true },
  unverified: { email: ADA, email_verified: false },
  eve: { email: 'eve@elsewhere.example', email_verified: true },
};

const REFUSED = { status: 401, body: { code: 'oidc_refused' } };

let provider: LocalProvider;
let people: PeopleService;
/** What the browser remembers of the service. */
let cookies: Cookies;

async function start(areClaimsInToken = false): Promise<void> {
  provider = await LocalProvider.start({ accounts: ACCOUNTS, areClaimsInToken });
  people = await startWithPeople(provider.environment);
  cookies = new Map();
}

beforeEach(() => start());
afterEach(async () => {
  await stopServices();
  await provider.stop();
});

/** Where the service sends the browser. */
async function begin(): Promise<string> {
  const answer = await people.service.client.get('/auth/oidc', { redirect: 'manual' });
  expect(answer.status).toBe(302);
  keepCookies(cookies, answer.headers);
  return answer.headers.get('location') ?? 'nowhere';
}

/** Comes back to the service from the provider. */
async function comeBack(url: URL, jar = cookies): Promise<Answer> {
  const headers = { cookie: headerOf(jar) };
  const answer = await people.service.client.get(`${url.pathname}${url.search}`, { headers });
  if (jar === cookies) keepCookies(cookies, answer.headers);
  return answer;
}

async function logInAs(account: string): Promise<Answer> {
  return comeBack(await provider.visit(await begin(), account));
}

describe('logging in by the OpenID provider', () => {
  it.each([
    ['the ID token', true],
    ['the userinfo endpoint', false],
  ])(
    'takes the address from %s, and lets an invited one in, with the role it was invited for',
    async (_, inToken) => {
      if (inToken) {
        await provider.stop();
        await start(true);
      }
      await people.invite('acme', ADA, 'operator');
      await people.invite('beta', ADA, 'viewer');
      const answer = await logInAs('ada');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const tokens = tokensOf(answer);
      expect(tokens).toMatchObject({
        refresh_token: null,
        account_id: 'acme',
        role: 'operator',
        person: { email: ADA, operator: false },
      });
      expect((await people.asPerson(tokens).get('/auth/me')).body['accounts']).toEqual([
        { account_id: 'acme', role: 'operator' },
        { account_id: 'beta', role: 'viewer' },
      ]);
      expect([...cookies.keys()]).toEqual(['signalbox_refresh']);
      const refreshed = await people.nobody.call('POST', '/auth/refresh', {
        headers: { cookie: headerOf(cookies) },
      });
      expect(refreshed.status).toBe(200);
      const again = tokensOf(await logInAs('ada'));
      expect(again.person.id).toBe(tokens.person.id);
    },
  );

  it('goes to the provider with PKCE, state and nonce, which nobody but the service can read in the cookie', async () => {
    const url = new URL(await begin());
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({
      client_id: 'signalbox',
      response_type: 'code',
      scope: 'openid email',
      redirect_uri: `${people.service.url}/auth/oidc/callback`,
      code_challenge_method: 'S256',
    });
    const ticket = Buffer.from(cookies.get('signalbox_oidc') ?? '', 'base64url').toString('latin1');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(asked[name]).toMatch(/^[\w-]{43}$/);
      expect(ticket).not.toContain(asked[name]);
    }
  });

  it('lets nobody in who is neither known nor invited', async () => {
    await people.invite('acme', ADA, 'viewer');
    expect(await logInAs('eve')).toMatchObject({ status: 403, body: { code: 'not_invited' } });
    expect(await people.service.app.get(Database).read.find(PersonEntity)).toEqual([]);
  });

  it('lets nobody in whose address the provider does not vouch for', async () => {
    await people.invite('acme', ADA, 'viewer');
    await people.join('beta', 'bob@acme.example', 'viewer');
    expect(await logInAs('unverified')).toMatchObject({ status: 403, body: { code: 'email_not_verified' } });
  });

  it('takes a person their password and their sessions when they first come this way', async () => {
    const squatter = await people.join('evil', ADA, 'viewer');
    await people.invite('acme', ADA, 'admin');
    const tokens = tokensOf(await logInAs('ada'));
    expect(tokens).toMatchObject({ account_id: 'acme', role: 'admin', person: { id: squatter.person.id } });
    expect((await people.asPerson(squatter).get('/auth/me')).status).toBe(401);
    expect((await people.login(ADA)).status).toBe(401);
    const body = { current_password: PASSWORD, new_password: 'another quite long sentence' };
    const change = await people.asPerson(tokens).post('/auth/password', body);
    expect(change).toMatchObject({ status: 409, body: { code: 'no_password' } });
    const { entries } = (await people.admin.get('/audit?account_id=evil')).body as {
      entries: { action: string }[];
    };
    expect(entries.map(({ action }) => action)).toContain('person.linked');
  });

  it('knows people by who they are at the provider, not by an address that went to somebody else', async () => {
    await people.invite('acme', ADA, 'viewer');
    tokensOf(await logInAs('ada'));
    await people.invite('beta', ADA, 'admin');
    expect(await logInAs('other-ada')).toMatchObject({ status: 403, body: { code: 'not_invited' } });
  });
});

describe('an answer of the provider', () => {
  beforeEach(async () => {
    await people.invite('acme', ADA, 'viewer');
  });

  it('to another state is refused', async () => {
    const url = await provider.visit(await begin(), 'ada');
    url.searchParams.set('state', 'another');
    expect(await comeBack(url)).toMatchObject(REFUSED);
  });

  it('with another nonce is refused', async () => {
    const location = new URL(await begin());
    location.searchParams.set('nonce', 'another');
    expect(await comeBack(await provider.visit(location.href, 'ada'))).toMatchObject(REFUSED);
  });

  it('to another PKCE challenge is refused', async () => {
    const location = new URL(await begin());
    location.searchParams.set('code_challenge', 'a'.repeat(43));
    expect(await comeBack(await provider.visit(location.href, 'ada'))).toMatchObject(REFUSED);
  });

  it('is taken once', async () => {
    const url = await provider.visit(await begin(), 'ada');
    const kept: Cookies = new Map(cookies);
    expect((await comeBack(url)).status).toBe(200);
    expect(await comeBack(url)).toMatchObject(REFUSED);
    expect(await comeBack(url, kept)).toMatchObject(REFUSED);
  });

  it('is taken in the browser that was sent there alone', async () => {
    const url = await provider.visit(await begin(), 'ada');
    expect(await comeBack(url, new Map())).toMatchObject(REFUSED);
    expect(await comeBack(url, new Map([['signalbox_oidc', 'made-up']]))).toMatchObject(REFUSED);
    const mine = cookies;
    cookies = new Map();
    await begin();
    expect(await comeBack(url)).toMatchObject(REFUSED);
    expect((await comeBack(url, mine)).status).toBe(200);
  });

  it('that says no is refused', async () => {
    const state = new URL(await begin()).searchParams.get('state');
    const url = new URL(`/auth/oidc/callback?error=access_denied&state=${state}`, people.service.url);
    expect(await comeBack(url)).toMatchObject(REFUSED);
  });
});

describe('a provider that is away', () => {
  const AWAY = { status: 503, body: { code: 'oidc_unavailable' } };

  it('is told of, before and after somebody was sent there, and passwords go on', async () => {
    await people.invite('acme', ADA, 'viewer');
    await people.join('acme', 'bob@acme.example', 'viewer');
    const url = await provider.visit(await begin(), 'ada');
    await provider.stop();
    const late = await comeBack(url);
    expect(late).toMatchObject(AWAY);
    expect(late.headers.get('retry-after')).toBe('5');
    const { environment } = people.service;
    await people.service.stop();
    people = await startWithPeople(environment);
    expect(await people.service.client.get('/auth/oidc', { redirect: 'manual' })).toMatchObject(AWAY);
    expect((await people.login('bob@acme.example')).status).toBe(200);
  });
});

it('without a provider both routes say so, or refuse', async () => {
  const without = await startWithPeople();
  const begun = await without.nobody.get('/auth/oidc');
  expect(begun).toMatchObject({ status: 404, body: { code: 'oidc_not_configured' } });
  expect(await without.nobody.get('/auth/oidc/callback?code=a&state=b')).toMatchObject(REFUSED);
});
