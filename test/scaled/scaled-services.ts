import type { Environment } from '../../src/config/settings';
import type { Role } from '../../src/config/definitions';
import { startService, type RunningService } from '../harness/service';
import { freshScaledStore } from '../harness/store';

/** Processes of the scaled profile on one store, all within this one. `stopServices` stops them. */
export class ScaledServices {
  private constructor(readonly environment: Environment) {}

  /** On a database and a prefix of Redis that nobody has used, or on those that `environment` names. */
  static async onFreshStore(environment: Environment = {}): Promise<ScaledServices> {
    // Few connections: all suites share the server's hundred.
    return new ScaledServices({ DATABASE_POOL_MAX: '4', ...(await freshScaledStore()), ...environment });
  }

  /** The URL of their database. */
  get databaseUrl(): string {
    return this.environment['DATABASE_URL'] as string;
  }

  /** Starts one with the given roles. */
  start(roles: Role | readonly Role[], environment: Environment = {}): Promise<RunningService> {
    return startService({ ...this.environment, ROLES: [roles].flat().join(','), ...environment });
  }
}

/** What readiness answers. */
interface Ready {
  readonly status: string;
  readonly details: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a process says of its readiness. Whoever probes does not wait for long, and neither does this. */
export async function readiness({
  client,
}: RunningService): Promise<{ status: number; details: Ready['details'] }> {
  const signal = AbortSignal.timeout(5_000);
  const { status, body } = await client.get<Ready>('/readyz', { signal });
  return { status, details: body.details };
}
