import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Ends what belongs to accounts, in the transaction that removes them. */
export type EndWithAccounts = (
  tx: EntityManager,
  accountIds: readonly string[],
  now: number,
) => Promise<void>;

/**
 * Knows what ends with an account, because its id is free from then on and whoever takes it must find nothing of the one
 * before: whoever keeps something of accounts says so at the start, because this module knows none of them.
 */
@Injectable()
export class AccountRemovals {
  private readonly ends: EndWithAccounts[] = [];

  add(end: EndWithAccounts): void {
    this.ends.push(end);
  }

  /** @throws whatever keeps one of them from ending its part: then no account is removed */
  async tell(tx: EntityManager, accountIds: readonly string[], now: number): Promise<void> {
    for (const end of this.ends) await end(tx, accountIds, now);
  }
}
