import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Settings } from '../config/settings';
import { createApp } from '../create-app';
import { apiDocumentOf } from '../http/openapi';

/** Prints the OpenAPI document, as the service serves it at /docs-json. The console's client is made from it. */
async function print(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-document-'));
  const settings = Settings.load({
    LOG_LEVEL: 'warn',
    DATABASE_URL: `sqlite:${join(folder, 'empty.db')}`,
  });
  const app = await createApp(settings);
  try {
    await app.init();
    process.stdout.write(JSON.stringify(apiDocumentOf(app)));
  } finally {
    await app.close();
    rmSync(folder, { recursive: true });
  }
}

print().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
