import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { LoggerModule, type Params } from 'nestjs-pino';
import { AiModule } from './ai/ai.module';
import { ConfigModule } from './config/config.module';
import type { Settings } from './config/settings';
import { DatabaseModule } from './database/database.module';
import { DeliveryModule } from './delivery/delivery.module';
import { DestinationsModule } from './destinations/destinations.module';
import { EventEntity } from './events/event.entity';
import { EventsModule } from './events/events.module';
import { RevisionEntity } from './events/revision.entity';
import { HealthModule } from './health/health.module';
import { HttpModule } from './http/http.module';
import { IngestModule } from './ingest/ingest.module';
import { MockPagerDutyModule } from './mock-pagerduty/mock-pagerduty.module';
import { NormalizationModule } from './normalization/normalization.module';
import { AttemptEntity } from './outbox/attempt.entity';
import { CredentialEntity } from './outbox/credential.entity';
import { DeliveryEntity } from './outbox/delivery.entity';
import { RoutingModule } from './routing/routing.module';
import { PageStateEntity } from './statuspage/page-state.entity';
import { StatuspageModule } from './statuspage/statuspage.module';

const entities = [
  EventEntity,
  RevisionEntity,
  DeliveryEntity,
  AttemptEntity,
  CredentialEntity,
  PageStateEntity,
];

/** The whole service, from its settings. */
@Module({})
export class AppModule {
  static with(settings: Settings, logging: Params): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(settings),
        LoggerModule.forRoot(logging),
        ScheduleModule.forRoot(),
        DatabaseModule.with(entities),
        HttpModule,
        NormalizationModule,
        IngestModule,
        StatuspageModule,
        EventsModule,
        RoutingModule,
        DestinationsModule,
        DeliveryModule,
        MockPagerDutyModule,
        AiModule,
        HealthModule,
      ],
    };
  }
}
