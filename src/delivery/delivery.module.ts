import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { DestinationsModule } from '../destinations/destinations.module';
import { OutboxModule } from '../outbox/outbox.module';
import { RoutingModule } from '../routing/routing.module';
import { ClaimsRepository } from './claims.repository';
import { CriticalReconciler } from './critical-reconciler';
import { DeliveryEnds } from './delivery-ends';
import { DeliveriesController } from './deliveries.controller';
import { DeliveryMetrics } from './delivery-metrics';
import { DeliveryWorker } from './delivery-worker';
import { Replay } from './replay';
import { WakeQueue } from './wake-queue';
import { WaitingAlarm } from './waiting-alarm';

@Module({
  imports: [AccountsModule, DestinationsModule, OutboxModule, RoutingModule],
  controllers: [DeliveriesController],
  providers: [
    ClaimsRepository,
    CriticalReconciler,
    DeliveryEnds,
    DeliveryMetrics,
    DeliveryWorker,
    Replay,
    WaitingAlarm,
    WakeQueue,
  ],
  exports: [DeliveryEnds, Replay],
})
export class DeliveryModule {}
