import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module';
import { EventsController } from './events.controller';
import { EventsRepository } from './events.repository';
import { Retention } from './retention';

@Module({
  imports: [OutboxModule],
  controllers: [EventsController],
  providers: [EventsRepository, Retention],
  exports: [EventsRepository],
})
export class EventsModule {}
