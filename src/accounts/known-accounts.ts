import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { SecretBox } from '../secrets/secret-box';
import type { AccountEntity } from './account.entity';
import { AccountsRepository } from './accounts.repository';
import { forbidden } from './caller';
import { Remembered } from './remembered';
import { openStripeSecrets } from './stripe-secrets-seal';
import type { AccountLimit } from './token-bucket';

/** So long a post waits for its account's limit to be read for the first time. */
const FIRST_READING_MS = 100;

/** What requests need to know of accounts, remembered so that it is known while the database is away. */
@Injectable()
export class KnownAccounts {
  private readonly rows: Remembered<AccountEntity>;

  constructor(
    private readonly settings: Settings,
    private readonly box: SecretBox,
    accounts: AccountsRepository,
  ) {
    this.rows = new Remembered({
      name: 'an account',
      load: (id) => accounts.findEver(id),
      // Most accounts have no row.
      absentForMs: Infinity,
    });
  }

  /**
   * What an account may post. The default where it says nothing else, and where that cannot be found out in time.
   *
   * @throws ApiError 403 where it is deleted
   */
  async limitOf(id: string): Promise<AccountLimit> {
    const account = await this.findInTime(id);
    if (account !== null && account.deleted_at !== null) throw forbidden();
    return this.effectiveLimit(account);
  }

  /** The limit that holds for an account: its own, or the default. */
  effectiveLimit(account: Pick<AccountEntity, 'events_per_minute' | 'burst'> | null): AccountLimit {
    const { ACCOUNT_EVENTS_PER_MINUTE, ACCOUNT_BURST } = this.settings;
    return {
      events_per_minute: account?.events_per_minute ?? ACCOUNT_EVENTS_PER_MINUTE,
      burst: account?.burst ?? ACCOUNT_BURST,
    };
  }

  /**
   * What an account's own Stripe endpoint signs with; nothing where it has none, or there is no such account.
   *
   * @throws StorageUnavailableError where that is not known and the database is away; UnreadableSecretError where no key
   *   opens them
   */
  async stripeSecretsOf(id: string): Promise<readonly string[]> {
    const account = await this.rows.get(id);
    return account === null || account.deleted_at !== null ? [] : openStripeSecrets(this.box, account);
  }

  /** Notes what has just been stored, so that it holds at once in this process. */
  note(account: AccountEntity): void {
    this.rows.set(account.id, account);
  }

  /** Null too where the database does not say in time. */
  private async findInTime(id: string): Promise<AccountEntity | null> {
    return (await this.rows.getWithin(FIRST_READING_MS, id)) ?? null;
  }
}
