import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { LocalProvider } from './local-provider';
import { startWithPeople, tokensOf, type PeopleService, type Tokens } from './people-service';

const LEA = 'lea@acme.example';

let provider: LocalProvider;
let people: PeopleService;

beforeAll(async () => {
  provider = await LocalProvider.start({
    accounts: {
      lea: { email: LEA, email_verified: true, groups: ['leads', 'on-call'] },
      eve: { email: 'eve@elsewhere.example', email_verified: true },
    },
  });
});
afterEach(stopServices);
afterAll(() => provider.stop());

/** Starts a service with two accounts, in which the map says what groups are. */
async function startWith(OIDC_ROLE_MAP: string): Promise<void> {
  const more = { OIDC_SCOPE: 'openid email groups', OIDC_ROLE_CLAIM: 'groups', OIDC_ROLE_MAP };
  people = await startWithPeople({ ...provider.environment, ...more });
  for (const id of ['acme', 'beta']) await people.admin.post('/accounts', { id, name: id });
}

/** Starts it again with another map. */
async function change(OIDC_ROLE_MAP: string): Promise<void> {
  const { environment } = people.service;
  await people.service.stop();
  people = await startWithPeople({ ...environment, OIDC_ROLE_MAP });
}

const logInAs = (account: string): Promise<Answer> => provider.logIn(people.service.client, account);

const rolesOf = async (tokens: Tokens): Promise<unknown> =>
  (await people.asPerson(tokens).get('/auth/me')).body['accounts'];

describe('roles that the OpenID provider gives', () => {
  it('let somebody in who is not invited, with the strongest of each account', async () => {
    await startWith('acme:operator=on-call,acme:admin=leads,beta:viewer=on-call,beta:admin=others');
    expect(await rolesOf(tokensOf(await logInAs('lea')))).toEqual([
      { account_id: 'acme', role: 'admin' },
      { account_id: 'beta', role: 'viewer' },
    ]);
    expect(await logInAs('eve')).toMatchObject({ status: 403, body: { code: 'not_invited' } });
  });

  it('are changed and taken away at the next login, and the audit log says so', async () => {
    await startWith('acme:admin=leads,beta:viewer=on-call');
    const before = tokensOf(await logInAs('lea'));
    await change('acme:viewer=leads,beta:viewer=others');
    const tokens = tokensOf(await logInAs('lea'));
    expect(tokens.person.id).toBe(before.person.id);
    expect(await rolesOf(tokens)).toEqual([{ account_id: 'acme', role: 'viewer' }]);
    const { body } = await people.admin.get('/audit');
    const { entries } = body as { entries: { action: string; account_id: string; by: { kind: string } }[] };
    expect(entries.filter(({ by }) => by.kind === 'system')).toMatchObject([
      { action: 'person.removed', account_id: 'beta' },
      { action: 'person.changed', account_id: 'acme' },
      { action: 'person.joined', account_id: 'beta' },
      { action: 'person.joined', account_id: 'acme' },
    ]);
    await change('acme:viewer=others');
    expect(await logInAs('lea')).toMatchObject({ status: 403, body: { code: 'no_account' } });
    expect((await people.asPerson(tokens).get('/auth/me')).status).toBe(401);
  });

  it('decide alone in the accounts that the map names, and in no others', async () => {
    await startWith('acme:admin=others');
    await people.invite('acme', LEA, 'admin');
    await people.invite('beta', LEA, 'operator');
    expect(await rolesOf(tokensOf(await logInAs('lea')))).toEqual([{ account_id: 'beta', role: 'operator' }]);
  });

  it('are none in an account that is not there', async () => {
    await startWith('gamma:admin=leads');
    expect(await logInAs('lea')).toMatchObject({ status: 403, body: { code: 'no_account' } });
    expect(people.service.log).toContainEqual(
      expect.objectContaining({ level: 'warn', account_id: 'gamma' }),
    );
  });
});
