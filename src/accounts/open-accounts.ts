import { Injectable } from '@nestjs/common';
import { ApiError } from '../http/api-error';
import { DEFAULT_ACCOUNT } from '../normalization/normalized-event';
import { AccountsRepository } from './accounts.repository';
import { accountOf, type CallerIdentity } from './caller';

export const ACCOUNT_DELETED = 'The account was deleted: nothing can be added to it.';

/** Says to which accounts something may be added. */
@Injectable()
export class OpenAccounts {
  constructor(private readonly accounts: AccountsRepository) {}

  /**
   * The account that something new is to belong to: the one that is asked for, else the caller's own, else `default`.
   *
   * @throws ApiError 403 where it is not the caller's, 409 where it was deleted
   */
  async forNew(caller: CallerIdentity, requested: string | undefined): Promise<string> {
    const id = accountOf(caller, requested) ?? DEFAULT_ACCOUNT;
    const account = await this.accounts.findEver(id);
    if (account !== null && account.deleted_at !== null) {
      throw new ApiError(409, 'account_deleted', ACCOUNT_DELETED);
    }
    return id;
  }
}
