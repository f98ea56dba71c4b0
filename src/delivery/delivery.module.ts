import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { DestinationsModule } from '../destinations/destinations.module';
import { OutboxModule } from '../outbox/outbox.module';
import { ClaimsRepository } from './claims.repository';
import { DeliveriesController } from './deliveries.controller';
import { DeliveryWorker } from './delivery-worker';
import { Replay } from './replay';
import { WakeQueue } from './wake-queue';
import { WaitingAlarm } from './waiting-alarm';

@Module({
  imports: [AccountsModule, DestinationsModule, OutboxModule],
  controllers: [DeliveriesController],
  providers: [ClaimsRepository, DeliveryWorker, Replay, WaitingAlarm, WakeQueue],
  exports: [Replay],
})
export class DeliveryModule {}
