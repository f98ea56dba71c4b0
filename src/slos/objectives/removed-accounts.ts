import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccountRemovals } from '../../accounts/account-removals';
import { AccountObjectivesRepository } from '../storage/account-objectives.repository';

/** Takes the objectives away that removed accounts have set for themselves. */
@Injectable()
export class ObjectivesOfRemovedAccounts implements OnModuleInit {
  constructor(
    private readonly removals: AccountRemovals,
    private readonly objectives: AccountObjectivesRepository,
  ) {}

  onModuleInit(): void {
    this.removals.add((tx, accountIds, now) => this.objectives.clear(tx, accountIds, now));
  }
}
