import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThan, MoreThan, Or } from 'typeorm';
import { Database } from '../database/database';
import { isoOrNull } from '../normalization/instant';
import { UuidV7Sequence } from '../normalization/uuid-v7';
import { AccountEntity } from './account.entity';
import type { Author } from './actor';
import { ApiKeyEntity } from './api-key.entity';
import { Audit } from './audit/audit';
import type { Scope } from './scope';

/** A key to add. */
export interface AddedKey {
  readonly account_id: string;
  readonly prefix: string;
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly expires_at: number | null;
}

/** The table of keys. */
@Injectable()
export class ApiKeysRepository {
  private readonly ids = new UuidV7Sequence();

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  /** Adds a key to an account that is not deleted; null where there is no such account. */
  async add(author: Author, key: AddedKey): Promise<ApiKeyEntity | null> {
    return this.database.write(async (tx, now) => {
      // The change holds the account's row: it cannot be deleted until its new key is there to be revoked.
      const account = { id: key.account_id, deleted_at: IsNull() };
      const { affected } = await tx.update(AccountEntity, account, { updated_at: now });
      if (affected === 0) return null;
      const id = this.ids.next(now);
      const row = { ...key, id, scopes: [...key.scopes], created_at: now };
      await tx.insert(ApiKeyEntity, row);
      const { account_id, prefix, scopes, expires_at } = key;
      const after = { prefix, scopes, expires_at: isoOrNull(expires_at) };
      await this.audit.note(tx, now, author, { account_id, action: 'key.made', subject: id, after });
      return tx.findOneByOrFail(ApiKeyEntity, { id });
    });
  }

  /** Keys of an account, revoked ones included, oldest first, those after `after`. */
  list(account_id: string, limit: number, after: string | undefined): Promise<ApiKeyEntity[]> {
    const place = after === undefined ? {} : { id: MoreThan(after) };
    return this.database.read.find(ApiKeyEntity, {
      where: { account_id, ...place },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** The key with a prefix, unless it is revoked. */
  findByPrefix(prefix: string): Promise<ApiKeyEntity | null> {
    return this.database.read.findOneBy(ApiKeyEntity, { prefix, revoked_at: IsNull() });
  }

  /** Revokes a key, and answers it; one that is revoked stays as it is. Null where the account has no such key. */
  async revoke(author: Author, account_id: string, id: string): Promise<ApiKeyEntity | null> {
    return this.database.write(async (tx, now) => {
      const valid = { id, account_id, revoked_at: IsNull() };
      const { affected } = await tx.update(ApiKeyEntity, valid, { revoked_at: now });
      const key = await tx.findOneBy(ApiKeyEntity, { id, account_id });
      if (key === null || affected === 0) return key;
      const before = { prefix: key.prefix, scopes: key.scopes };
      await this.audit.note(tx, now, author, { account_id, action: 'key.revoked', subject: id, before });
      return key;
    });
  }

  /** Notes that keys were used at an instant, unless a later use is noted already. */
  async noteUse(ids: readonly string[], at: number): Promise<void> {
    await this.database.write(async (tx) => {
      const last_used_at = Or(IsNull(), LessThan(at));
      await tx.update(ApiKeyEntity, { id: In([...ids].sort()), last_used_at }, { last_used_at: at });
    });
  }
}
