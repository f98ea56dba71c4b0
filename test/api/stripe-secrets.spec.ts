import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '../harness/inherited-environment';
import { startService, stopServices } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { temporaryFolder } from '../harness/temporary-folder';
import { errorShape } from './error-shape';

afterEach(stopServices);

const ROOT = join(__dirname, '..', '..');
const SEND = join(ROOT, 'dist', 'cli', 'send.js');
const FIXTURE = join(ROOT, 'fixtures', 'stripe', 'payout_failed.json');

const secretFileOf = (databasePath: string): string => join(dirname(databasePath), 'stripe-webhook-secret');

describe('without STRIPE_WEBHOOK_SECRET in production', () => {
  it('POST /ingest/stripe answers 503 stripe_not_configured, and the log warns at boot', async () => {
    const service = await startService({ NODE_ENV: 'production', STRIPE_WEBHOOK_SECRET: '' });
    const answer = await service.client.stripe(payoutFailed('evt_1'));
    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({
      ...errorShape(503, answer.headers.get('x-request-id')),
      code: 'stripe_not_configured',
    });
    expect(service.log).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: expect.stringContaining('STRIPE_WEBHOOK_SECRET is not set') as unknown,
      }),
    );
    expect(await service.client.events()).toEqual([]);
  });
});

describe('without STRIPE_WEBHOOK_SECRET elsewhere', () => {
  it('a secret is made once, kept beside the database for its owner alone, and used again', async () => {
    const first = await startService({ STRIPE_WEBHOOK_SECRET: '' });
    const path = secretFileOf(first.databasePath);
    const secret = readFileSync(path, 'utf8');
    expect(secret).toMatch(/^whsec_[0-9a-f]{48}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await first.client.stripe(payoutFailed('evt_1'), { secret })).status).toBe(200);
    await first.stop();

    const second = await startService(first.environment);
    expect(readFileSync(path, 'utf8')).toBe(secret);
    expect((await second.client.stripe(payoutFailed('evt_2'), { secret })).status).toBe(200);
    expect(JSON.stringify([first.log, second.log])).not.toContain(secret);
  });

  it('differs from one installation to the next', async () => {
    const services = [
      await startService({ STRIPE_WEBHOOK_SECRET: '' }),
      await startService({ STRIPE_WEBHOOK_SECRET: '' }),
    ];
    const secrets = services.map(({ databasePath }) => readFileSync(secretFileOf(databasePath), 'utf8'));
    expect(new Set(secrets).size).toBe(2);
  });

  it('an empty file of it is filled: with an empty secret anybody could sign', async () => {
    const databasePath = join(temporaryFolder(), 'signalbox.db');
    writeFileSync(secretFileOf(databasePath), '', { mode: 0o644 });
    const service = await startService({ STRIPE_WEBHOOK_SECRET: '', DATABASE_URL: `sqlite:${databasePath}` });
    expect(readFileSync(secretFileOf(databasePath), 'utf8')).toMatch(/^whsec_/);
    expect(statSync(secretFileOf(databasePath)).mode & 0o777).toBe(0o600);
    expect((await service.client.stripe(payoutFailed('evt_1'), { secret: '' })).status).toBe(400);
  });
});

describe('npm run send', () => {
  /** Runs the built command as somebody would who stands in the project's folder. */
  async function send(
    args: readonly string[],
    environment: Record<string, string>,
  ): Promise<{ code: number; out: string }> {
    try {
      const env = { ...inheritedEnvironment(), ...environment };
      const { stdout } = await promisify(execFile)(process.execPath, [SEND, ...args], { env });
      return { code: 0, out: stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout + stderr };
    }
  }

  it('signs with the secret that was made, so that the service takes it', async () => {
    const service = await startService({ STRIPE_WEBHOOK_SECRET: '' });
    const environment = { DATABASE_URL: `sqlite:${service.databasePath}` };
    const url = `${service.url}/ingest/stripe`;
    expect(await send([FIXTURE, '--url', url], environment)).toEqual({
      code: 0,
      out: '200 {"received":true}\n',
    });
    const [event] = await service.client.events();
    expect(event).toMatchObject({ event_id: 'evt_1abc', summary: 'payout.failed: po_123' });
  });

  it('fails where the service does not take it', async () => {
    const service = await startService();
    const url = `${service.url}/ingest/stripe`;
    const { code, out } = await send([FIXTURE, '--url', url, '--secret', 'whsec_of_somebody_else'], {});
    expect(code).toBe(1);
    expect(out).toContain('400 ');
    expect(out).toContain('signature_mismatch');
  });

  it('says what is wrong where nobody listens, or no file is named', async () => {
    const DATABASE_URL = `sqlite:${join(temporaryFolder(), 'not', 'yet', 'there', 'signalbox.db')}`;
    const nobody = await send([FIXTURE, '--url', 'http://127.0.0.1:9/ingest/stripe'], { DATABASE_URL });
    expect(nobody.code).toBe(1);
    expect(nobody.out).toMatch(/fetch failed|ECONNREFUSED|bad port/);
    expect(await send([], {})).toMatchObject({
      code: 2,
      out: expect.stringContaining('npm run send') as unknown,
    });
  });
});
