import { Injectable, type OnModuleInit } from '@nestjs/common';
import { In } from 'typeorm';
import { AccountRemovals } from '../accounts/account-removals';
import { PublicPageEntity } from './public-page.entity';

/** Removes the pages of accounts that are removed; from their deletion on nobody has seen them. */
@Injectable()
export class PagesOfRemovedAccounts implements OnModuleInit {
  constructor(private readonly removals: AccountRemovals) {}

  onModuleInit(): void {
    this.removals.add(async (tx, accountIds) => {
      await tx.delete(PublicPageEntity, { account_id: In([...accountIds]) });
    });
  }
}
