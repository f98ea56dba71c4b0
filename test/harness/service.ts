import { Writable } from 'node:stream';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings, type Environment } from '../../src/config/settings';
import { createApp } from '../../src/create-app';
import { Draining } from '../../src/health/draining';
import { ServiceClient, STRIPE_SECRET } from './service-client';
import { temporaryFolder } from './temporary-folder';

/** One line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: string };

/** The real service, running in this process on a free port and a SQLite file of its own. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly client: ServiceClient;
  readonly url: string;
  readonly databasePath: string;
  readonly environment: Environment;
  /** Everything it has logged, at every level. */
  readonly log: readonly LogLine[];
  stop(): Promise<void>;
}

const running = new Set<RunningService>();
const logs = new Set<LogLine[]>();

/**
 * Starts the service with the defaults of a test (fast retries, a known Stripe secret) and what `environment`
 * adds. Give the `databasePath` of one that was stopped to start it again on its data.
 */
export async function startService(environment: Environment = {}): Promise<RunningService> {
  const databasePath = join(temporaryFolder(), 'signalbox.db');
  const complete: Environment = {
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'trace',
    DATABASE_URL: `sqlite:${databasePath}`,
    STRIPE_WEBHOOK_SECRET: STRIPE_SECRET,
    THROTTLE_LIMIT: '0',
    DELIVERY_BASE_MS: '5',
    DELIVERY_MAX_MS: '20',
    DELIVERY_TIMEOUT_MS: '400',
    BREAKER_RESET_MS: '50',
    SHUTDOWN_GRACE_MS: '4000',
    ...environment,
  };
  const log: LogLine[] = [];
  logs.add(log);
  const settings = Settings.load(complete);
  const app = await createApp(settings, collector);
  await app.listen(settings.PORT, settings.HOST);
  const url = await app.getUrl();
  const service: RunningService = {
    app,
    url,
    client: new ServiceClient(url),
    databasePath: settings.sqlitePath,
    environment: complete,
    log,
    stop: async () => {
      if (!running.delete(service)) return;
      app.get(Draining).start();
      await app.close();
      logs.delete(log);
    },
  };
  running.add(service);
  return service;
}

/** Stops every service that a test has left running. */
export async function stopServices(): Promise<void> {
  await Promise.all([...running].map((service) => service.stop()));
}

/**
 * Takes the log of this process's services. nestjs-pino keeps one logger per process, that of the first service;
 * so every service that runs gets every line.
 */
const collector = new Writable({
  write: (chunk: Buffer, _encoding, done) => {
    const lines = chunk.toString().split('\n');
    for (const line of lines) if (line !== '') for (const log of logs) log.push(JSON.parse(line) as LogLine);
    done();
  },
});
