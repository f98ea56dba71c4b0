import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Environment } from '../../src/config/settings';
import { freePort } from '../harness/free-port';
import type { Answer, ServiceClient } from '../harness/service-client';

/** Whom the provider knows, by what `login_hint` names them. */
export type ProviderAccounts = Readonly<
  Record<
    string,
    { readonly email: string; readonly email_verified: boolean; readonly groups?: readonly string[] }
  >
>;

/** How a provider is set up. */
export interface ProviderSetup {
  readonly accounts: ProviderAccounts;
  /** Whether the ID token says the e-mail address; otherwise only the userinfo endpoint does. */
  readonly areClaimsInToken?: boolean;
}

/** What a browser remembers of one site. */
export type Cookies = Map<string, string>;

/** An OpenID provider on this machine, in a process of its own, and the settings of a service that uses it. */
export class LocalProvider {
  private constructor(
    private readonly child: ChildProcess,
    readonly environment: Environment,
  ) {}

  static async start({ accounts, areClaimsInToken = false }: ProviderSetup): Promise<LocalProvider> {
    const [port, servicePort] = [await freePort(), await freePort()];
    const publicUrl = `http://127.0.0.1:${servicePort}`;
    const redirectUri = `${publicUrl}/auth/oidc/callback`;
    const options = JSON.stringify({ port, redirectUri, accounts, areClaimsInToken });
    const program = join(__dirname, 'provider.mts');
    const child = spawn(process.execPath, [program, options], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    return new LocalProvider(child, {
      PORT: String(servicePort),
      PUBLIC_URL: publicUrl,
      OIDC_ISSUER: `http://127.0.0.1:${port}`,
      OIDC_CLIENT_ID: 'signalbox',
      OIDC_CLIENT_SECRET: 'only-for-tests',
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    // It ends with its input, by itself, and so leaves what it has compiled to the next one.
    this.child.stdin?.end();
    await ended;
  }

  /**
   * What a browser does that the service has sent to `location`: logs in as one of the accounts, and gives the URL by
   * which the provider sends it back.
   */
  async visit(location: string, account: string): Promise<URL> {
    let url = new URL(location);
    url.searchParams.set('login_hint', account);
    const cookies: Cookies = new Map();
    while (url.origin !== this.environment['PUBLIC_URL']) {
      const response = await fetch(url, { redirect: 'manual', headers: { cookie: headerOf(cookies) } });
      keepCookies(cookies, response.headers);
      const next = response.headers.get('location');
      if (next === null)
        throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
      url = new URL(next, url);
    }
    return url;
  }

  /** Logs in at the service as one of the accounts, in a browser that remembers nothing of earlier times. */
  async logIn(client: ServiceClient, account: string): Promise<Answer> {
    const cookies: Cookies = new Map();
    const begun = await client.get('/auth/oidc', { redirect: 'manual' });
    keepCookies(cookies, begun.headers);
    const { pathname, search } = await this.visit(begun.headers.get('location') ?? 'nowhere', account);
    return client.get(`${pathname}${search}`, { headers: { cookie: headerOf(cookies) } });
  }
}

/** The Cookie header of what a browser remembers. */
export function headerOf(cookies: Cookies): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** Remembers what an answer sets. */
export function keepCookies(cookies: Cookies, headers: Answer['headers']): void {
  for (const line of headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
}
