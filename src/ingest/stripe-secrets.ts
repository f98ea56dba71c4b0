import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings';

/** The secrets that Stripe webhooks may be signed with; none means that the endpoint is not configured. */
@Injectable()
export class StripeSecrets {
  readonly all: readonly string[];

  constructor(settings: Settings) {
    const logger = new Logger('Stripe');
    if (settings.STRIPE_WEBHOOK_SECRET !== undefined) {
      this.all = settings.STRIPE_WEBHOOK_SECRET;
    } else if (settings.isProduction) {
      this.all = [];
      logger.warn('STRIPE_WEBHOOK_SECRET is not set: POST /ingest/stripe answers 503 until it is');
    } else {
      const path = developmentSecretPath(settings);
      this.all = [developmentSecret(path)];
      logger.log({ path }, 'STRIPE_WEBHOOK_SECRET is not set: using a secret of our own, for development');
    }
  }
}

/** Where the secret for development is kept: beside the database, readable by its owner alone. */
export function developmentSecretPath(settings: Settings): string {
  return join(dirname(settings.sqlitePath), 'stripe-webhook-secret');
}

/** The secret for development; made where there is none yet. */
export function developmentSecret(path: string): string {
  const secret = `whsec_${randomBytes(24).toString('hex')}`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, secret, { mode: 0o600, flag: 'wx' });
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  chmodSync(path, 0o600);
  const known = readFileSync(path, 'utf8').trim();
  if (known !== '') return known;
  // Somebody was stopped between making the file and filling it. Anybody could sign with an empty secret.
  writeFileSync(path, secret);
  return secret;
}
