import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccountRemovals } from '../accounts/account-removals';
import { RoutesRepository } from './routes.repository';

/** Takes the routes of accounts away that are removed. */
@Injectable()
export class RoutesOfRemovedAccounts implements OnModuleInit {
  constructor(
    private readonly removals: AccountRemovals,
    private readonly routes: RoutesRepository,
  ) {}

  onModuleInit(): void {
    this.removals.add((tx, accountIds, now) => this.routes.clear(tx, accountIds, now));
  }
}
