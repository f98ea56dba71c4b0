import type { SealedColumn } from '../secrets/reseal';
import type { SecretBox } from '../secrets/secret-box';

const contextOf = (accountId: string): string => `Stripe secrets of account ${accountId}`;

/** Where accounts' Stripe secrets stand. */
export const STRIPE_SECRETS: SealedColumn = {
  table: 'accounts',
  key: 'id',
  column: 'stripe_secrets',
  contextOf,
};

/**
 * An account's Stripe secrets as its row holds them; null for none.
 *
 * @throws EncryptionKeyMissingError
 */
export function sealStripeSecrets(
  box: SecretBox,
  accountId: string,
  secrets: readonly string[],
): string | null {
  return secrets.length === 0 ? null : box.seal(JSON.stringify(secrets), contextOf(accountId));
}

/** @throws UnreadableSecretError */
export function openStripeSecrets(
  box: SecretBox,
  { id, stripe_secrets }: { readonly id: string; readonly stripe_secrets: string | null },
): readonly string[] {
  return stripe_secrets === null ? [] : (JSON.parse(box.open(stripe_secrets, contextOf(id))) as string[]);
}
