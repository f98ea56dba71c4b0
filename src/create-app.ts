import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger, PinoLogger } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import { guardPages } from './accounts/guarded-pages';
import { AppModule } from './app.module';
import type { Settings } from './config/settings';
import { serveConsoleFiles } from './console/serve-console-files';
import { createHttpAdapter } from './http/http-adapter';
import { describeApi } from './http/openapi';
import { loggingOptions } from './telemetry/logging';

/**
 * Builds the service, ready to listen. `logStream` takes the log instead of standard output.
 *
 * @throws DatabaseInUseError where another process has the database
 */
export async function createApp(
  settings: Settings,
  logStream?: DestinationStream,
): Promise<NestFastifyApplication> {
  const logging = loggingOptions(settings, logStream);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(settings, logging),
    createHttpAdapter(settings),
    { bodyParser: false, abortOnError: false, logger: new Logger(new PinoLogger(logging), logging) },
  );
  // The service itself speaks plain HTTP: a browser told to upgrade would find no scripts for /docs.
  app.useSecurityHeaders({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
  // A browser that shows a stranger's page must not be able to post to a service on loopback.
  app.enableCsrfProtection();
  serveConsoleFiles(app);
  guardPages(app);
  describeApi(app);
  return app;
}
