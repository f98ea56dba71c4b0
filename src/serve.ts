import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { processEnvironment } from './config/environment';
import { InvalidSettingsError, Settings } from './config/settings';
import { createApp } from './create-app';
import { DatabaseInUseError } from './database/file-lock';
import { Draining } from './health/draining';

/** Runs the service until it is told to stop. */
export async function serve(): Promise<void> {
  try {
    const settings = Settings.load(processEnvironment());
    const app = await createApp(settings);
    const logger = new Logger('Signalbox');
    stopOnSignal(app, settings, logger);
    await app.listen(settings.PORT, settings.HOST);
    logger.log({ url: await app.getUrl(), settings: settings.redacted() }, 'listening');
  } catch (error) {
    refuse(error);
  }
}

/** Says in plain words why the service does not start. */
function refuse(error: unknown): void {
  const isExpected = error instanceof InvalidSettingsError || error instanceof DatabaseInUseError;
  process.stderr.write(`${isExpected ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exit(1);
}

/**
 * On SIGTERM and SIGINT: readiness says 503, and after SHUTDOWN_DRAIN_MS, in which load balancers notice, the
 * listener closes; what was accepted is committed, what is in flight ends or is released, everything is closed.
 * All of it within SHUTDOWN_GRACE_MS, or the process ends without.
 */
function stopOnSignal(app: NestFastifyApplication, settings: Settings, logger: Logger): void {
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
