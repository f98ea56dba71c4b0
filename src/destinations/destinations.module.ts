import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { OutboxModule } from '../outbox/outbox.module';
import { ReliabilityModule } from '../reliability/reliability.module';
import { DestinationClients } from './destination-clients';
import { DestinationTest } from './destination-test';
import { DestinationUses } from './destination-uses';
import { DestinationsController } from './destinations.controller';
import { DestinationsRepository } from './destinations.repository';
import { DestinationsFileSync } from './file/destinations-file-sync';
import { EmailDestination } from './email.destination';
import { Kinds } from './kinds';
import { OperatorsPagerDuty } from './operators-pagerduty';
import { OwnAddress } from './own-address';
import { PagerDutyDestination } from './pagerduty.destination';
import { DestinationsOfRemovedAccounts } from './removed-accounts';
import { SlackDestination } from './slack.destination';
import { WebhookDestination } from './webhook.destination';

/** Where events can be sent, and where accounts want them sent. */
@Module({
  imports: [AccountsModule, OutboxModule, ReliabilityModule],
  controllers: [DestinationsController],
  providers: [
    ...[PagerDutyDestination, SlackDestination, WebhookDestination, EmailDestination, Kinds],
    OwnAddress,
    OperatorsPagerDuty,
    DestinationsRepository,
    DestinationUses,
    DestinationsOfRemovedAccounts,
    DestinationClients,
    DestinationTest,
    DestinationsFileSync,
  ],
  exports: [DestinationClients, DestinationsRepository, DestinationUses],
})
export class DestinationsModule {}
