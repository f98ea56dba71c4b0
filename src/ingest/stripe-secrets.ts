import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { KnownAccounts } from '../accounts/known-accounts';
import { secretFile } from '../accounts/secret-file';
import { Settings } from '../config/settings';
import { ACCOUNT_ID } from '../normalization/account-id';

/** Nobody signs with it: an account without a secret is answered as one whose secret is another, and in the same time. */
const NOBODYS_SECRET = randomBytes(32).toString('hex');

/** The secrets that Stripe webhooks may be signed with. */
@Injectable()
export class StripeSecrets {
  /** Those of the service's own endpoint; none means that it is not configured. */
  readonly all: readonly string[];

  constructor(
    settings: Settings,
    private readonly accounts: KnownAccounts,
  ) {
    const logger = new Logger('Stripe');
    if (settings.STRIPE_WEBHOOK_SECRET !== undefined) {
      this.all = settings.STRIPE_WEBHOOK_SECRET;
    } else if (settings.isProduction || settings.isPostgres) {
      this.all = [];
      logger.warn('STRIPE_WEBHOOK_SECRET is not set: POST /ingest/stripe answers 503 until it is');
    } else {
      const path = developmentSecretPath(settings);
      this.all = [developmentSecret(path)];
      logger.log({ path }, 'STRIPE_WEBHOOK_SECRET is not set: using a secret of our own, for development');
    }
  }

  /** Whether an account has an endpoint of its own. Only for those who may know. */
  async areThereFor(accountId: string): Promise<boolean> {
    return (await this.accounts.stripeSecretsOf(accountId)).length > 0;
  }

  /**
   * Those of an account's endpoint: never none, so that nobody learns which accounts there are.
   *
   * @throws StorageUnavailableError where they are not known and the database is away
   */
  async of(accountId: string): Promise<readonly string[]> {
    const secrets = ACCOUNT_ID.test(accountId) ? await this.accounts.stripeSecretsOf(accountId) : [];
    return secrets.length === 0 ? [NOBODYS_SECRET] : secrets;
  }
}

/** Where the secret for development is kept: beside the database, readable by its owner alone. */
export function developmentSecretPath(settings: Settings): string {
  return join(dirname(settings.sqlitePath), 'stripe-webhook-secret');
}

/** The secret for development; made where there is none yet. */
export function developmentSecret(path: string): string {
  return secretFile(path, `whsec_${randomBytes(24).toString('hex')}`);
}
