import { Writable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ThrottlerStorage } from '@nestjs/throttler';
import { AccountLimits } from '../../src/accounts/account-limits';
import { Settings, type Environment } from '../../src/config/settings';
import { createApp } from '../../src/create-app';
import { Draining } from '../../src/health/draining';
import { EventQueue } from '../../src/ingest/queue/event-queue';
import { ServiceClient, STRIPE_SECRET } from './service-client';
import { ENCRYPTION_KEY, freshStore, keepStore, releaseStore } from './store';

/** One line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: string };

/** The real service, running in this process on a free port and a store of its own. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly client: ServiceClient;
  readonly url: string;
  /** Where that is a SQLite file. */
  readonly databasePath: string;
  readonly environment: Environment;
  /** Everything it has logged, at every level. */
  readonly log: readonly LogLine[];
  stop(): Promise<void>;
}

const PATIENCE_MS = 20_000;

const running = new Set<RunningService>();
const logs = new Set<LogLine[]>();
/** Stores of services that were given none. */
const own = new Set<Environment>();

/**
 * Starts the service with the defaults of a test (fast retries, a known Stripe secret) and what `environment`
 * adds. Give the `environment` of one that was stopped to start it again on its data.
 */
export async function startService(environment: Environment = {}): Promise<RunningService> {
  const isStoreGiven = environment['DATABASE_URL'] !== undefined;
  const store = isStoreGiven ? {} : await freshStore();
  if (isStoreGiven) keepStore(environment);
  else own.add(store);
  const complete: Environment = {
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'trace',
    ...store,
    STRIPE_WEBHOOK_SECRET: STRIPE_SECRET,
    THROTTLE_LIMIT: '0',
    DELIVERY_BASE_MS: '5',
    DELIVERY_MAX_MS: '20',
    DELIVERY_TIMEOUT_MS: '10000',
    BREAKER_RESET_MS: '50',
    SHUTDOWN_GRACE_MS: '4000',
    ENCRYPTION_KEY,
    // What a test makes fail is no reason to page.
    SLO_ALERTS: 'false',
    ...environment,
  };
  const log: LogLine[] = [];
  logs.add(log);
  const settings = Settings.load(complete);
  const app = await createApp(settings, collector);
  // Redis is not late by what else this machine is busy with.
  const askRedis = [EventQueue, AccountLimits, ThrottlerStorage] as const;
  for (const one of askRedis)
    app.get<{ answerWithinMs: number }>(one, { strict: false }).answerWithinMs = PATIENCE_MS;
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

/** Stops every service that a test has left running; after this nobody needs the stores that were made for them. */
export async function stopServices(): Promise<void> {
  await Promise.all([...running].map((service) => service.stop()));
  own.forEach(releaseStore);
  own.clear();
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
