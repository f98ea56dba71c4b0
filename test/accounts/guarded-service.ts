import type { Environment } from '../../src/config/settings';
import { startService, type RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';

export const ADMIN_TOKEN = 'the-first-credential-of-this-test';

/** A key as it is handed out. */
export interface HandedOut {
  readonly id: string;
  readonly key: string;
  readonly prefix: string;
}

/** A request to the service, whoever it comes from. */
export interface Request {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks to a service that has ADMIN_TOKEN set, with one credential or none. */
export class GuardedClient {
  constructor(
    private readonly service: RunningService,
    private readonly token: string | null,
  ) {}

  call(method: string, path: string, { body, headers = {} }: Request = {}): Promise<Answer> {
    return this.service.client.get(path, {
      method,
      headers: {
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.call('POST', path, { body });
  }

  patch(path: string, body: unknown): Promise<Answer> {
    return this.call('PATCH', path, { body });
  }

  delete(path: string): Promise<Answer> {
    return this.call('DELETE', path);
  }
}

/** A service that lets nobody in without a credential. */
export interface GuardedService {
  readonly service: RunningService;
  readonly admin: GuardedClient;
  readonly nobody: GuardedClient;
  readonly as: (token: string) => GuardedClient;
  /** Makes sure that there is such an account, and gives it a key. */
  readonly makeKey: (account: string, scopes: readonly string[], expiresAt?: string) => Promise<HandedOut>;
}

/** Starts the service with ADMIN_TOKEN set. */
export async function startGuarded(environment: Environment = {}): Promise<GuardedService> {
  const service = await startService({ ADMIN_TOKEN, ...environment });
  const admin = new GuardedClient(service, ADMIN_TOKEN);
  return {
    service,
    admin,
    nobody: new GuardedClient(service, null),
    as: (token) => new GuardedClient(service, token),
    makeKey: async (account, scopes, expiresAt) => {
      const added = await admin.post('/accounts', { id: account, name: `Account ${account}` });
      if (added.status !== 201 && added.status !== 409) throw new Error(`answered ${added.status}`);
      const expiry = expiresAt === undefined ? {} : { expires_at: expiresAt };
      const made = await admin.post(`/accounts/${account}/keys`, { scopes, ...expiry });
      if (made.status !== 201) throw new Error(`answered ${made.status}`);
      return made.body as unknown as HandedOut;
    },
  };
}
