import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { UptimeTotals } from '../monitors/uptime/uptime-totals';
import { ServicesModule } from '../services/services.module';
import { AccountPublicPageController } from './account-public-page.controller';
import { PublicPagesRepository } from './public-pages.repository';
import { PublicStatusController } from './public-status.controller';
import { PublicStatusReader } from './public-status-reader';
import { PublicStatuses } from './public-statuses';
import { PagesOfRemovedAccounts } from './removed-accounts';

/** What accounts show to everybody: status pages, their feeds and badges. */
@Module({
  imports: [AccountsModule, ServicesModule],
  controllers: [AccountPublicPageController, PublicStatusController],
  providers: [
    PublicPagesRepository,
    PagesOfRemovedAccounts,
    PublicStatusReader,
    PublicStatuses,
    UptimeTotals,
  ],
})
export class PublicPagesModule {}
