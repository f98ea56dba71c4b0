import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { destination } from 'pino';
import { processEnvironment } from './config/environment';
import { InvalidSettingsError, Settings } from './config/settings';
import { createApp } from './create-app';
import { InvalidFileError } from './definition-files/invalid-file';
import { DatabaseInUseError } from './database/file-lock';
import { NotDurableError } from './database/postgres-connection';
import { Draining } from './health/draining';
import { RedisPolicyError } from './redis/redis-connection';
import { EncryptionKeyMissingError } from './secrets/secret-box';
import { UnusableKeyFileError } from './secrets/key-file';

/** Runs the service until it is told to stop. */
export async function serve(): Promise<void> {
  // The database holds secrets and other people's data: its files are for this user alone.
  process.umask(0o077);
  try {
    const settings = Settings.load(processEnvironment());
    const log = destination();
    const app = await createApp(settings, log);
    const logger = new Logger('Signalbox');
    stopOnSignal(app, settings, logger, log);
    await app.listen(settings.PORT, settings.HOST);
    logger.log({ url: await app.getUrl(), settings: settings.redacted() }, 'listening');
  } catch (error) {
    refuse(error);
  }
}

/** What to look at where starting fails for a reason outside of the service, by the error's code. */
const START_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken: stop what listens there, or set PORT',
  EADDRNOTAVAIL: 'HOST is no address of this machine',
  EACCES: 'permission is denied: look at the folder of DATABASE_URL, and at PORT where it is below 1024',
  EROFS: 'the folder of DATABASE_URL cannot be written to',
  SQLITE_CANTOPEN: 'the file of DATABASE_URL cannot be opened: does its folder exist, and is it writable?',
  SQLITE_NOTADB: 'the file of DATABASE_URL is no SQLite database',
  SQLITE_CORRUPT: 'the database is damaged: restore it from a backup',
  SQLITE_BUSY: 'another program holds a lock on the file of DATABASE_URL',
  ECONNREFUSED: 'no PostgreSQL answers at host and port of DATABASE_URL',
  ENOTFOUND: 'the host of DATABASE_URL has no address',
  '28P01': 'PostgreSQL does not accept user and password of DATABASE_URL',
  '28000': 'PostgreSQL does not accept the user of DATABASE_URL',
  '3D000': 'PostgreSQL has no database of the name in DATABASE_URL',
};

/** Errors whose message says what to do. */
const EXPECTED = [
  InvalidSettingsError,
  InvalidFileError,
  DatabaseInUseError,
  NotDurableError,
  RedisPolicyError,
  UnusableKeyFileError,
  EncryptionKeyMissingError,
];

/** Says in plain words why the service does not start. */
function refuse(error: unknown): void {
  const isExpected = EXPECTED.some((expected) => error instanceof expected);
  const advice = START_FAULTS[codeOf(error)];
  const message = advice === undefined ? String((error as Error).stack ?? error) : (error as Error).message;
  const sentence = advice === undefined ? message : `Signalbox cannot start: ${advice} (${message})`;
  process.stderr.write(`${isExpected ? (error as Error).message : sentence}\n`);
  process.exit(1);
}

/** The code of an error or of what caused it. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? '' : codeOf(cause);
}

type Log = ReturnType<typeof destination>;

/**
 * Ends the log, and resolves once all of it is written. A process that just exits may write its last lines before one that
 * is on its way, or lose that one.
 */
function written(log: Log): Promise<void> {
  return new Promise((resolve) => {
    log.once('close', resolve);
    log.end();
  });
}

/**
 * On SIGTERM and SIGINT: readiness says 503, and after SHUTDOWN_DRAIN_MS, in which load balancers notice, the
 * listener closes; what was accepted is committed, what is in flight ends or is released, everything is closed.
 * All of it within SHUTDOWN_GRACE_MS, or the process ends without.
 */
function stopOnSignal(app: NestFastifyApplication, settings: Settings, logger: Logger, log: Log): void {
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    logger.log(
      { signal, drain_ms: settings.SHUTDOWN_DRAIN_MS, grace_ms: settings.SHUTDOWN_GRACE_MS },
      'stopping',
    );
    setTimeout(() => {
      logger.error('SHUTDOWN_GRACE_MS is over: ending without a clean stop; nothing acknowledged is lost');
      process.exit(1);
    }, settings.SHUTDOWN_GRACE_MS).unref();
    app.get(Draining).start();
    await sleep(settings.SHUTDOWN_DRAIN_MS);
    await app.close();
    logger.log('stopped');
    await written(log);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        logger.error({ err: error }, 'the stop failed');
        process.exit(1);
      });
    });
  }
}
