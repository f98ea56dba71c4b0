import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider, { type Configuration } from 'oidc-provider';

/**
 * An OpenID provider at which everybody logs in as whom the request's `login_hint` names, else as its first account. A program of its own, since
 * it is made of ES modules; its argument is a `ProviderOptions` as JSON. Says `listening` when it does.
 */

/** What the provider knows; see local-provider.ts. */
interface ProviderOptions {
  readonly port: number;
  readonly redirectUri: string;
  readonly accounts: Readonly<
    Record<
      string,
      { readonly email: string; readonly email_verified: boolean; readonly groups?: readonly string[] }
    >
  >;
  readonly areClaimsInToken: boolean;
}

const options = JSON.parse(process.argv[2] ?? '') as ProviderOptions;
const issuer = `http://127.0.0.1:${options.port}`;

const configuration: Configuration = {
  clients: [
    { client_id: 'signalbox', client_secret: 'only-for-tests', redirect_uris: [options.redirectUri] },
  ],
  cookies: { keys: ['only-for-tests'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
  conformIdTokenClaims: !options.areClaimsInToken,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  findAccount: (_context, sub) => ({
    accountId: sub,
    claims: () => ({ sub, ...options.accounts[sub] }),
  }),
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({
      clientId: 'signalbox',
      accountId: String(oidc.session?.accountId),
    });
    grant.addOIDCScope('openid email groups');
    await grant.save();
    return grant;
  },
};

const provider = new Provider(issuer, configuration);
const answer = provider.callback();

async function logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const hint = params['login_hint'];
  const accountId = typeof hint === 'string' ? hint : Object.keys(options.accounts)[0];
  if (accountId === undefined) throw new Error('the provider has no accounts');
  const login = { accountId };
  await provider.interactionFinished(request, response, { login });
}

createServer((request, response) => {
  if (request.url?.startsWith('/interaction/') === true) void logIn(request, response);
  else void answer(request, response);
}).listen(options.port, '127.0.0.1', () => process.stdout.write('listening\n'));

// The process of the tests is gone.
process.stdin.resume().once('end', () => process.exit());
