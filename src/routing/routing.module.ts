import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { DestinationsModule } from '../destinations/destinations.module';
import { EventsModule } from '../events/events.module';
import { OutboxModule } from '../outbox/outbox.module';
import { ExplainController } from './api/explain.controller';
import { PreviewController } from './api/preview.controller';
import { RoutesController } from './api/routes.controller';
import { DestinationInUse } from './destination-in-use';
import { Explain } from './explain/explain';
import { LifeReader } from './preview/life-reader';
import { Preview } from './preview/preview';
import { RoutesOfRemovedAccounts } from './removed-accounts';
import { RoutesRepository } from './routes.repository';
import { RoutingRulesReader } from './routing-rules-reader';

/** Who is told of what: accounts' routes, and what follows from them. */
@Module({
  imports: [AccountsModule, DestinationsModule, EventsModule, OutboxModule],
  controllers: [ExplainController, PreviewController, RoutesController],
  providers: [
    RoutesRepository,
    RoutesOfRemovedAccounts,
    RoutingRulesReader,
    DestinationInUse,
    Explain,
    LifeReader,
    Preview,
  ],
  exports: [RoutingRulesReader, RoutesRepository],
})
export class RoutingModule {}
