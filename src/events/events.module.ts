import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module';
import { EventsController } from './events.controller';
import { EventsRepository } from './events.repository';

@Module({
  imports: [OutboxModule],
  controllers: [EventsController],
  providers: [EventsRepository],
  exports: [EventsRepository],
})
export class EventsModule {}
