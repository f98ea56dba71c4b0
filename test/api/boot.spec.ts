import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChildService } from '../harness/child-service';
import { inheritedEnvironment } from '../harness/inherited-environment';
import { ServiceClient } from '../harness/service-client';
import { temporaryFolder } from '../harness/temporary-folder';
import type { Environment } from '../../src/config/settings';

const MAIN = join(__dirname, '..', '..', 'dist', 'main.js');

/** Starts the built service where it is expected to refuse. */
async function refuse(
  environment: Environment,
  nodeArguments: string[] = [],
): Promise<{ code: number | null; errors: string }> {
  const child = spawn(process.execPath, [...nodeArguments, MAIN], {
    env: {
      ...inheritedEnvironment(),
      PORT: '0',
      DATABASE_URL: `sqlite:${join(temporaryFolder(), 'a.db')}`,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, errors };
}

describe('the start', () => {
  it('is refused with every fault of the settings, and nothing secret', async () => {
    const { code, errors } = await refuse({
      PORT: 'http',
      HOST: '0.0.0.0',
      PAGERDUTY_ROUTING_KEY: 'topsecret',
      SHUTDOWN_DRAIN_MS: '20000',
    });
    expect(code).toBe(1);
    expect(errors.split('\n')).toEqual([
      'Signalbox cannot start, because of its settings:',
      '  - PORT must be a whole number from 0 to 65535',
      '  - PAGERDUTY_ROUTING_KEY must be 32 letters and digits',
      expect.stringContaining('  - HOST is 0.0.0.0'),
      '  - SHUTDOWN_DRAIN_MS must be below SHUTDOWN_GRACE_MS',
      '',
    ]);
  });

  it('is refused to a second process on the same database, which names the first', async () => {
    const DATABASE_URL = `sqlite:${join(temporaryFolder(), 'signalbox.db')}`;
    const first = await startChildService({ DATABASE_URL });
    const { code, errors } = await refuse({ DATABASE_URL });
    expect(code).toBe(1);
    expect(errors).toContain(`is in use by process ${first.process.pid}.`);
    expect((await new ServiceClient(first.url).get('/readyz')).status).toBe(200);
    expect(await first.end('SIGKILL')).toBeNull();

    const next = await startChildService({ DATABASE_URL });
    expect((await new ServiceClient(next.url).get('/readyz')).status).toBe(200);
    expect(await next.end('SIGTERM')).toBe(0);
  });

  it('is refused on a port that is taken', async () => {
    const first = await startChildService({
      DATABASE_URL: `sqlite:${join(temporaryFolder(), 'signalbox.db')}`,
    });
    const { code, errors } = await refuse({ PORT: new URL(first.url).port });
    expect(code).toBe(1);
    expect(errors).toContain('EADDRINUSE');
    await first.end('SIGTERM');
  });

  it.each(['18.19.0', '20.20.2', '22.11.0'])(
    'is refused by Node %s, in a sentence that helps',
    async (version) => {
      const preload = join(temporaryFolder(), 'old-node.cjs');
      writeFileSync(
        preload,
        `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
       Object.defineProperty(process, 'version', { value: 'v${version}' });`,
      );
      const { code, errors } = await refuse({}, ['--require', preload]);
      expect(code).toBe(1);
      expect(errors).toBe(
        `Signalbox needs Node 22.12 or newer; this is v${version}. Start it with "npm start", which brings its own.\n`,
      );
    },
  );

  it('says where it listens and with which settings, secrets masked', async () => {
    const child = await startChildService({
      DATABASE_URL: `sqlite:${join(temporaryFolder(), 'not', 'there', 'yet.db')}`,
    });
    expect(child.log).toContainEqual(
      expect.objectContaining({
        msg: 'listening',
        url: child.url,
        settings: expect.objectContaining({
          STRIPE_WEBHOOK_SECRET: '[redacted]',
          HOST: '127.0.0.1',
        }) as unknown,
      }),
    );
    expect(await child.end('SIGTERM')).toBe(0);
  });
});
