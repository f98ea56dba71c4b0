import { Injectable } from '@nestjs/common';
import { AccountsRepository } from '../../accounts/accounts.repository';
import { assertMayWrite, type CallerIdentity } from '../../accounts/caller';
import { ApiError } from '../../http/api-error';

export const ACCOUNT_DELETED = 'The account was deleted: nothing can be added to it.';

/** Says to which accounts something may be added. */
@Injectable()
export class OpenAccounts {
  constructor(private readonly accounts: AccountsRepository) {}

  /** @throws ApiError 403 where it is not the caller's, 409 where it was deleted */
  async assertMayAdd(caller: CallerIdentity, accountId: string): Promise<void> {
    assertMayWrite(caller, [accountId]);
    const account = await this.accounts.findEver(accountId);
    if (account !== null && account.deleted_at !== null) {
      throw new ApiError(409, 'account_deleted', ACCOUNT_DELETED);
    }
  }
}
