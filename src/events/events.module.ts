import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { OutboxModule } from '../outbox/outbox.module';
import { EventsController } from './events.controller';
import { EventsRepository } from './events.repository';
import { Retention } from './retention';
import { StreamModule } from './stream/stream.module';
import { SummaryModule } from './summary/summary.module';

@Module({
  imports: [AccountsModule, OutboxModule, StreamModule, SummaryModule],
  controllers: [EventsController],
  providers: [EventsRepository, Retention],
  exports: [EventsRepository],
})
export class EventsModule {}
