import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { processEnvironment } from '../config/environment';
import { Settings } from '../config/settings';
import { developmentSecret, developmentSecretPath } from '../ingest/stripe-secrets';
import { signatureHeader } from '../ingest/stripe-signature';

const USAGE = `Signs a file as Stripe would and posts it.

  npm run send -- FILE [--url http://127.0.0.1:3000] [--secret whsec_…]

Without --secret: STRIPE_WEBHOOK_SECRET, else the secret that the service made for development.`;

/** Signs and posts one webhook; the exit code says whether it was accepted. */
async function send(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { url: { type: 'string' }, secret: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const [file] = positionals;
  if (values.help === true || file === undefined) {
    console.log(USAGE);
    return values.help === true ? 0 : 2;
  }
  const settings = Settings.load(processEnvironment());
  const url = new URL('/ingest/stripe', values.url ?? `http://127.0.0.1:${settings.PORT}`);
  const body = readFileSync(file);
  const secret =
    values.secret ??
    settings.STRIPE_WEBHOOK_SECRET?.[0] ??
    developmentSecret(developmentSecretPath(settings));
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'stripe-signature': signatureHeader(body, secret, Date.now()),
    },
    body,
  });
  console.log(`${response.status} ${await response.text()}`);
  return response.ok ? 0 : 1;
}

send().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { message, cause } = error as Error;
    console.error(cause instanceof Error ? `${message}: ${cause.message}` : message);
    process.exitCode = 1;
  },
);
