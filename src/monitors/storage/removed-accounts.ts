import { Injectable, type OnModuleInit } from '@nestjs/common';
import { In } from 'typeorm';
import { AccountRemovals } from '../../accounts/account-removals';
import { MaintenanceWindowEntity } from './maintenance-window.entity';

/** Removes the maintenance windows of accounts that are removed. Their monitors have gone when they were deleted. */
@Injectable()
export class WindowsOfRemovedAccounts implements OnModuleInit {
  constructor(private readonly removals: AccountRemovals) {}

  onModuleInit(): void {
    this.removals.add(async (tx, accountIds) => {
      await tx.delete(MaintenanceWindowEntity, { account_id: In([...accountIds]), origin: 'api' });
    });
  }
}
