import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { EventsModule } from '../events/events.module';
import { HttpModule } from '../http/http.module';
import { NormalizationModule } from '../normalization/normalization.module';
import { OutboxModule } from '../outbox/outbox.module';
import { RecordingModule } from '../recording/recording.module';
import { IngestMetrics } from './ingest-metrics';
import { PostLimit } from './post-limit';
import { AccountBacklog } from './queue/account-backlog';
import { DeadLettersController } from './queue/dead-letters.controller';
import { DeadLetterMetrics } from './queue/dead-letter-metrics';
import { DeadLetters } from './queue/dead-letters';
import { EventConsumer } from './queue/event-consumer';
import { EventQueue } from './queue/event-queue';
import { QueuedAudit } from './queue/queued-audit';
import { QueueWaits } from './queue/queue-waits';
import { ResolveController } from './resolve.controller';
import { StripeRefusals } from './stripe-refusals';
import { StripeSecrets } from './stripe-secrets';
import { StripeController } from './stripe.controller';
import { TenantEventsController } from './tenant-events.controller';
import { TenantIntake } from './tenant-intake';

@Module({
  imports: [
    AccountsModule,
    DeliveryModule,
    EventsModule,
    HttpModule,
    NormalizationModule,
    OutboxModule,
    RecordingModule,
  ],
  controllers: [StripeController, TenantEventsController, ResolveController, DeadLettersController],
  providers: [
    StripeSecrets,
    StripeRefusals,
    PostLimit,
    TenantIntake,
    IngestMetrics,
    AccountBacklog,
    EventQueue,
    EventConsumer,
    QueueWaits,
    DeadLetters,
    DeadLetterMetrics,
    QueuedAudit,
  ],
  exports: [QueueWaits, StripeRefusals, StripeSecrets],
})
export class IngestModule {}
