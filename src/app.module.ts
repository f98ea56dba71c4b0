import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { LoggerModule, type Params } from 'nestjs-pino';
import { AccountEntity } from './accounts/account.entity';
import { AccountsModule } from './accounts/accounts.module';
import { ApiKeyEntity } from './accounts/api-key.entity';
import { AuditEntryEntity } from './accounts/audit/audit-entry.entity';
import { MembershipEntity } from './accounts/membership.entity';
import { PersonEntity } from './accounts/person.entity';
import { SessionEntity } from './accounts/session.entity';
import { AiModule } from './ai/ai.module';
import { ConfigModule } from './config/config.module';
import type { Settings } from './config/settings';
import { ConsoleModule } from './console/console.module';
import { DatabaseModule } from './database/database.module';
import { DeliveryModule } from './delivery/delivery.module';
import { DestinationEntity } from './destinations/destination.entity';
import { DestinationsModule } from './destinations/destinations.module';
import { EventEntity } from './events/event.entity';
import { EventsModule } from './events/events.module';
import { RevisionEntity } from './events/revision.entity';
import { EventCountEntity } from './events/summary/event-count.entity';
import { EventUsersEntity } from './events/summary/event-users.entity';
import { UserTallyEntity } from './events/summary/user-tally.entity';
import { HealthModule } from './health/health.module';
import { HttpModule } from './http/http.module';
import { DeadLetterEntity } from './ingest/queue/dead-letter.entity';
import { IngestModule } from './ingest/ingest.module';
import { MockPagerDutyModule } from './mock-pagerduty/mock-pagerduty.module';
import { MonitorsApiModule } from './monitors/api/monitors-api.module';
import { MonitorsFileModule } from './monitors/file/monitors-file.module';
import { MonitorsModule } from './monitors/monitors.module';
import { CheckEntity } from './monitors/storage/check.entity';
import { CheckRollupEntity } from './monitors/storage/check-rollup.entity';
import { MaintenanceWindowEntity } from './monitors/storage/maintenance-window.entity';
import { MonitorEntity } from './monitors/storage/monitor.entity';
import { MonitorSpanEntity } from './monitors/storage/monitor-span.entity';
import { MonitorIncidentEntity } from './monitors/storage/monitor-incident.entity';
import { MonitorStateEntity } from './monitors/storage/monitor-state.entity';
import { NormalizationModule } from './normalization/normalization.module';
import { AttemptEntity } from './outbox/attempt.entity';
import { CredentialEntity } from './outbox/credential.entity';
import { DeliveryEntity } from './outbox/delivery.entity';
import { InvitationEntity } from './people/invitation.entity';
import { LoginFailuresEntity } from './people/login-failures.entity';
import { PeopleModule } from './people/people.module';
import { RefreshTokenEntity } from './people/refresh-token.entity';
import { PublicPageEntity } from './public-pages/public-page.entity';
import { PublicPagesModule } from './public-pages/public-pages.module';
import { RedisModule } from './redis/redis.module';
import { LeaseEntity } from './roles/lease.entity';
import { RolesModule } from './roles/roles.module';
import { AccountRoutesEntity } from './routing/account-routes.entity';
import { RoutingModule } from './routing/routing.module';
import { SecretsModule } from './secrets/secrets.module';
import { ServicesModule } from './services/services.module';
import { SlosModule } from './slos/slos.module';
import { AccountObjectivesEntity } from './slos/storage/account-objectives.entity';
import { SloAlertEntity } from './slos/storage/alert.entity';
import { SloCountEntity } from './slos/storage/count.entity';
import { SloWatchEntity } from './slos/storage/watch.entity';
import { PageStateEntity } from './statuspage/page-state.entity';
import { StatuspageModule } from './statuspage/statuspage.module';
import { TelemetryModule } from './telemetry/telemetry.module';
import { UpstreamModule } from './upstream/upstream.module';

/** What is stored. */
export const entities = [
  EventEntity,
  RevisionEntity,
  EventCountEntity,
  EventUsersEntity,
  UserTallyEntity,
  DeliveryEntity,
  AttemptEntity,
  CredentialEntity,
  DestinationEntity,
  AccountRoutesEntity,
  PageStateEntity,
  LeaseEntity,
  DeadLetterEntity,
  AccountEntity,
  ApiKeyEntity,
  MonitorEntity,
  MonitorStateEntity,
  MonitorIncidentEntity,
  MonitorSpanEntity,
  CheckEntity,
  CheckRollupEntity,
  MaintenanceWindowEntity,
  PersonEntity,
  MembershipEntity,
  InvitationEntity,
  SessionEntity,
  RefreshTokenEntity,
  LoginFailuresEntity,
  AuditEntryEntity,
  SloCountEntity,
  AccountObjectivesEntity,
  SloAlertEntity,
  SloWatchEntity,
  PublicPageEntity,
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
        TelemetryModule,
        DatabaseModule.with(entities),
        RedisModule,
        RolesModule,
        SecretsModule,
        HttpModule,
        AccountsModule,
        PeopleModule,
        NormalizationModule,
        IngestModule,
        StatuspageModule,
        MonitorsModule,
        MonitorsApiModule,
        MonitorsFileModule,
        UpstreamModule,
        SlosModule,
        EventsModule,
        RoutingModule,
        DestinationsModule,
        DeliveryModule,
        MockPagerDutyModule,
        AiModule,
        ServicesModule,
        PublicPagesModule,
        HealthModule,
        ConsoleModule,
      ],
    };
  }
}
