import type { EntityManager } from 'typeorm';
import { CredentialEntity } from './credential.entity';

/**
 * The secrets that deliveries went through, by fingerprint. The current one joins them in the transaction of the
 * first delivery that may need it, so that a fingerprint in the outbox always stands for a secret that is kept.
 */
export async function keptSecrets(
  tx: EntityManager,
  current: Omit<CredentialEntity, 'first_used_at' | 'abandoned'>,
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.find(CredentialEntity);
  const secrets = new Map(rows.map(({ fingerprint, secret }) => [fingerprint, secret]));
  if (!secrets.has(current.fingerprint)) {
    await tx.insert(CredentialEntity, {
      ...current,
      first_used_at: Date.now(),
      abandoned: false,
    });
    secrets.set(current.fingerprint, current.secret);
  }
  return secrets;
}
