import type { Environment } from '../../src/config/settings';
import { startGuarded, type GuardedClient, type GuardedService } from '../accounts/guarded-service';
import type { Answer } from '../harness/service-client';

/** What everybody in tests logs in with, unless they say otherwise. */
export const PASSWORD = 'a quite long sentence of mine';

/** What somebody has logged in with. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly person: { readonly id: string; readonly email: string; readonly operator: boolean };
  readonly account_id: string;
  readonly role: string;
}

/** A service with people. */
export interface PeopleService extends GuardedService {
  /** Makes sure that there is such an account, and invites somebody there; gives the invitation's token. */
  readonly invite: (account: string, email: string, role: string) => Promise<string>;
  /** Makes somebody a person of an account, and logs them in. */
  readonly join: (account: string, email: string, role: string) => Promise<Tokens>;
  readonly login: (email: string, password?: string, more?: object) => Promise<Answer>;
  readonly refresh: (token: string, more?: object) => Promise<Answer>;
  /** Speaks as the person who has logged in. */
  readonly asPerson: (tokens: Tokens) => GuardedClient;
}

/** Starts the service with ADMIN_TOKEN set. Tests fail to log in more often than one address may fail elsewhere. */
export async function startWithPeople(environment: Environment = {}): Promise<PeopleService> {
  const guarded = await startGuarded(environment);
  const { admin, nobody, as } = guarded;
  const invite = async (account: string, email: string, role: string): Promise<string> => {
    const added = await admin.post('/accounts', { id: account, name: `Account ${account}` });
    if (added.status !== 201 && added.status !== 409) throw new Error(`answered ${added.status}`);
    const invited = await admin.post(`/accounts/${account}/invitations`, { email, role });
    if (invited.status !== 201) throw new Error(`answered ${invited.status}`);
    return String(invited.body['token']);
  };
  return {
    ...guarded,
    invite,
    join: async (account, email, role) => {
      const token = await invite(account, email, role);
      return tokensOf(await nobody.post('/auth/accept', { token, password: PASSWORD }));
    },
    login: (email, password = PASSWORD, more = {}) =>
      nobody.post('/auth/login', { email, password, ...more }),
    refresh: (token, more = {}) => nobody.post('/auth/refresh', { refresh_token: token, ...more }),
    asPerson: ({ access_token }) => as(access_token),
  };
}

/** What an answer that should be a success has handed out. */
export function tokensOf({ status, body }: Answer): Tokens {
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body as unknown as Tokens;
}
