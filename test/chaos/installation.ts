import { randomBytes } from 'node:crypto';
import type { Role } from '../../src/config/definitions';
import type { Environment } from '../../src/config/settings';
import { startChildService, type ChildService } from '../harness/child-service';
import { FakeDestination } from '../harness/fake-destination';
import type { LogLine } from '../harness/service';
import { PostgresDatabases } from '../harness/postgres-databases';
import { ServiceClient } from '../harness/service-client';
import type { OwnServers } from './own-servers';

/** Where its processes find the servers, where that is not where they are. */
export interface Detours {
  readonly postgresUrl?: (databaseUrl: string) => string;
  readonly redisUrl?: string;
}

/** Levels of lines that somebody should read. */
const COMPLAINTS: readonly unknown[] = ['warn', 'error', 'fatal'];

const installations = new Set<Installation>();

/**
 * An installation of the scaled profile on a database and a prefix of its own: processes of the built service with the
 * roles that they are given, and a destination for their pages.
 */
export class Installation {
  private readonly processes = new Map<string, ChildService>();
  private readonly ended: ChildService[] = [];

  private constructor(
    /** The way past any detour. */
    readonly databaseUrl: string,
    readonly redisUrl: string,
    readonly prefix: string,
    readonly destination: FakeDestination,
    private readonly environment: Environment,
  ) {}

  /** Makes an empty database; starts no process yet. */
  static async make(
    { postgres, redis }: OwnServers,
    environment: Environment = {},
    { postgresUrl = (url) => url, redisUrl = redis.url }: Detours = {},
  ): Promise<Installation> {
    const prefix = `chaos-${randomBytes(4).toString('hex')}`;
    const { url } = await new PostgresDatabases(postgres.url, prefix.replace('-', '_')).createDatabase();
    const destination = await FakeDestination.start();
    const installation = new Installation(url, redis.url, prefix, destination, {
      DATABASE_URL: postgresUrl(url),
      REDIS_URL: redisUrl,
      REDIS_PREFIX: prefix,
      AUTH_SECRET: 'only-for-tests-and-for-nothing-else',
      PAGERDUTY_EVENTS_URL: destination.url,
      PAGERDUTY_ROUTING_KEY: 'R0123456789abcdefghijklmnopqrstu',
      DELIVERY_BASE_MS: '20',
      DELIVERY_TIMEOUT_MS: '2000',
      STATUS_POLL_CRON: '0 0 29 2 *',
      SHUTDOWN_GRACE_MS: '8000',
      ...environment,
    });
    installations.add(installation);
    return installation;
  }

  /** Starts a process; its name is its roles unless it is given one. */
  async start(roles: string, environment: Environment = {}, name = roles): Promise<ChildService> {
    const process = await startChildService({ ...this.environment, ROLES: roles, ...environment });
    const before = this.processes.get(name);
    if (before !== undefined) this.ended.push(before);
    this.processes.set(name, process);
    return process;
  }

  /** Starts one process of each role, with the same settings. */
  async startEach(roles: readonly Role[], environment: Environment = {}): Promise<void> {
    await Promise.all(roles.map((role) => this.start(role, environment)));
  }

  process(name: string): ChildService {
    const process = this.processes.get(name);
    if (process === undefined) throw new Error(`there is no process ${name}`);
    return process;
  }

  /** Speaks to a process, wherever it listens since its last start. */
  client(name: string): ServiceClient {
    return new ServiceClient(this.process(name).url);
  }

  /** The lines of all processes there were that say this, or of those of one name. */
  lines(msg: string, name?: string): LogLine[] {
    const living = name === undefined ? [...this.processes.values()] : [this.process(name)];
    const all = name === undefined ? [...living, ...this.ended] : living;
    return all.flatMap(({ log }) => log.filter((line) => line.msg === msg));
  }

  /** How often each process has complained of something, since it was started last. */
  countComplaints(): Record<string, number> {
    const counts = [...this.processes].map(([name, { log }]) => {
      return [name, log.filter(({ level }) => COMPLAINTS.includes(level)).length];
    });
    return Object.fromEntries(counts) as Record<string, number>;
  }

  /** Ends every process in order; answers the exit codes by name. */
  async stop(): Promise<Record<string, number | null>> {
    const ends = [...this.processes].map(async ([name, process]) => {
      process.process.kill('SIGCONT');
      return [name, await process.end('SIGTERM')] as const;
    });
    return Object.fromEntries(await Promise.all(ends));
  }

  async remove(): Promise<void> {
    installations.delete(this);
    await Promise.all([...this.processes.values()].map((process) => process.end('SIGKILL')));
    await this.destination.stop();
  }
}

/** Ends every process that a test has left running. */
export async function removeInstallations(): Promise<void> {
  await Promise.all([...installations].map((installation) => installation.remove()));
}
