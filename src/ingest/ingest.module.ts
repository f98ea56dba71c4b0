import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module';
import { HttpModule } from '../http/http.module';
import { NormalizationModule } from '../normalization/normalization.module';
import { RecordingModule } from '../recording/recording.module';
import { ResolveController } from './resolve.controller';
import { StripeSecrets } from './stripe-secrets';
import { StripeController } from './stripe.controller';

@Module({
  imports: [EventsModule, HttpModule, NormalizationModule, RecordingModule],
  controllers: [StripeController, ResolveController],
  providers: [StripeSecrets],
})
export class IngestModule {}
