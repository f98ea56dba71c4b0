import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CONSOLE_FOLDER } from './console-files';

/**
 * Serves the files that the console's page loads, where it has been built. Each carries a hash of what it holds in its
 * name, so that a browser may keep it for good; beside it lie its compressed forms.
 */
export function serveConsoleFiles(app: NestFastifyApplication): void {
  const root = join(CONSOLE_FOLDER, 'assets');
  if (!existsSync(root)) return;
  app.useStaticAssets({
    root,
    prefix: '/console/assets/',
    decorateReply: false,
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
  });
}
