import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { In, IsNull, LessThan, MoreThan } from 'typeorm';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { reseal } from '../secrets/reseal';
import { SecretBox } from '../secrets/secret-box';
import { AccountEntity } from './account.entity';
import { AccountRemovals } from './account-removals';
import type { Author } from './actor';
import { ApiKeyEntity } from './api-key.entity';
import { Audit } from './audit/audit';
import type { Fields } from './audit/changes';
import { MembershipEntity } from './membership.entity';
import { sealStripeSecrets, STRIPE_SECRETS } from './stripe-secrets-seal';

/** What of an account can be changed. */
export type AccountChange = Partial<Pick<AccountEntity, 'name' | 'events_per_minute' | 'burst'>> & {
  readonly stripe_secrets?: readonly string[];
};

/** So many accounts go in one transaction, so that nobody waits long behind it. */
const BATCH_SIZE = 100;

const INSERT = new Statement<{ id: string }>(
  () => `
  INSERT INTO accounts (id, name, events_per_minute, burst, stripe_secrets, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id`,
);

/** The table of accounts. */
@Injectable()
export class AccountsRepository implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly audit: Audit,
    private readonly removals: AccountRemovals,
  ) {}

  /** Brings the secrets of earlier keys under the current one. */
  onApplicationBootstrap(): Promise<void> {
    return reseal(this.database, this.box, STRIPE_SECRETS);
  }

  /**
   * Adds an account; null where there is one of that id, deleted or not.
   *
   * @throws EncryptionKeyMissingError where it brings secrets and there is no key
   */
  async add(
    author: Author,
    id: string,
    change: AccountChange & { readonly name: string },
  ): Promise<AccountEntity | null> {
    const { name, events_per_minute = null, burst = null, stripe_secrets = [] } = change;
    const secrets = sealStripeSecrets(this.box, id, stripe_secrets);
    return this.database.write(async (tx, now) => {
      const added = await INSERT.run(tx, [id, name, events_per_minute, burst, secrets, now, now]);
      if (added.length === 0) return null;
      const account = await tx.findOneByOrFail(AccountEntity, { id });
      const after = auditedFields(account);
      await this.audit.note(tx, now, author, { account_id: id, action: 'account.added', subject: id, after });
      return account;
    });
  }

  /** An account that is not deleted. */
  find(id: string): Promise<AccountEntity | null> {
    return this.database.read.findOneBy(AccountEntity, { id, deleted_at: IsNull() });
  }

  /** An account, deleted or not. */
  findEver(id: string): Promise<AccountEntity | null> {
    return this.database.read.findOneBy(AccountEntity, { id });
  }

  /** Accounts that are not deleted, in the order of their ids, those after `after`. */
  list(limit: number, after: string | undefined): Promise<AccountEntity[]> {
    const place = after === undefined ? {} : { id: MoreThan(after) };
    return this.database.read.find(AccountEntity, {
      where: { ...place, deleted_at: IsNull() },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /**
   * Changes an account; null where there is none that is not deleted.
   *
   * @throws EncryptionKeyMissingError where it brings secrets and there is no key
   */
  async change(
    author: Author,
    id: string,
    { stripe_secrets, ...change }: AccountChange,
  ): Promise<AccountEntity | null> {
    const secrets =
      stripe_secrets === undefined ? {} : { stripe_secrets: sealStripeSecrets(this.box, id, stripe_secrets) };
    return this.database.write(async (tx, now) => {
      const there = { id, deleted_at: IsNull() };
      // Holds the row, so that what it was is what nobody else changes meanwhile.
      await tx.update(AccountEntity, there, { updated_at: now });
      const old = await tx.findOneBy(AccountEntity, there);
      if (old === null) return null;
      await tx.update(AccountEntity, there, { ...change, ...secrets, updated_at: now });
      const account = await tx.findOneByOrFail(AccountEntity, { id });
      await this.audit.note(tx, now, author, {
        account_id: id,
        action: 'account.changed',
        subject: id,
        before: auditedFields(old),
        after: { ...auditedFields(account), ...replacedSecrets(old, account) },
      });
      return account;
    });
  }

  /** Marks an account as deleted and revokes its keys; null where there is none that is not deleted. */
  async markDeleted(
    author: Author,
    id: string,
  ): Promise<{ readonly account: AccountEntity; readonly keys: ApiKeyEntity[] } | null> {
    return this.database.write(async (tx, now) => {
      const change = { deleted_at: now, updated_at: now, stripe_secrets: null };
      const { affected } = await tx.update(AccountEntity, { id, deleted_at: IsNull() }, change);
      if (affected === 0) return null;
      const valid = { account_id: id, revoked_at: IsNull() };
      const keys = await tx.findBy(ApiKeyEntity, valid);
      await tx.update(ApiKeyEntity, valid, { revoked_at: now });
      await this.audit.note(tx, now, author, { account_id: id, action: 'account.deleted', subject: id });
      const account = await tx.findOneByOrFail(AccountEntity, { id });
      return { account, keys: keys.map((key) => ({ ...key, revoked_at: now })) };
    });
  }

  /**
   * Removes the accounts that were deleted before an instant, who had a key or a role there, and what others keep of them;
   * answers how many.
   */
  async removeDeleted(before: number): Promise<number> {
    let removed = 0;
    for (;;) {
      const count = await this.database.write(async (tx, now) => {
        const where = { deleted_at: LessThan(before) };
        const accounts = await tx.find(AccountEntity, { where, select: { id: true }, take: BATCH_SIZE });
        const ids = accounts.map(({ id }) => id);
        if (ids.length > 0) await this.removals.tell(tx, ids, now);
        await tx.delete(ApiKeyEntity, { account_id: In(ids) });
        await tx.delete(MembershipEntity, { account_id: In(ids) });
        await tx.delete(AccountEntity, { id: In(ids) });
        return ids.length;
      });
      removed += count;
      if (count < BATCH_SIZE) return removed;
    }
  }
}

/** What the audit log tells of an account. */
function auditedFields({ name, events_per_minute, burst, stripe_secrets }: AccountEntity): Fields {
  return { name, events_per_minute, burst, has_stripe_webhook_secrets: stripe_secrets !== null };
}

/** Says that there are other secrets. */
function replacedSecrets(old: AccountEntity, account: AccountEntity): Fields {
  return old.stripe_secrets === account.stripe_secrets ? {} : { stripe_webhook_secrets_replaced: true };
}
