import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { CredentialEntity } from './credential.entity';

/** The secrets that deliveries went through, by fingerprint. */
@Injectable()
export class CredentialsRepository {
  constructor(private readonly database: Database) {}

  /** Keeps the secret that a fingerprint stands for, for as long as something may have to go through it. */
  async remember(credential: Omit<CredentialEntity, 'first_used_at'>): Promise<void> {
    await this.database.write(async (tx) => {
      await tx
        .createQueryBuilder()
        .insert()
        .into(CredentialEntity)
        .values({ ...credential, first_used_at: Date.now() })
        .orIgnore()
        .execute();
    });
  }

  /** All secrets that are kept, by fingerprint: one for each time that a setting was changed. */
  async secrets(tx: EntityManager): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.find(CredentialEntity);
    return new Map(rows.map(({ fingerprint, secret }) => [fingerprint, secret]));
  }
}
