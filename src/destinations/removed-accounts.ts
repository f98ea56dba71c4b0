import { Injectable, type OnModuleInit } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import { AccountRemovals } from '../accounts/account-removals';
import { DestinationEntity } from './destination.entity';

/**
 * Deletes the destinations of accounts that are removed. What was opened there is closed all the same. What the operator's
 * file says of an account holds for whoever has its id.
 */
@Injectable()
export class DestinationsOfRemovedAccounts implements OnModuleInit {
  constructor(private readonly removals: AccountRemovals) {}

  onModuleInit(): void {
    this.removals.add(async (tx, accountIds, now) => {
      const theirs = { account_id: In([...accountIds]), origin: 'api', deleted_at: IsNull() } as const;
      await tx.update(DestinationEntity, theirs, { deleted_at: now });
    });
  }
}
