import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { Settings } from '../config/settings';
import { DeliveryModule } from '../delivery/delivery.module';
import { DestinationsModule } from '../destinations/destinations.module';
import { HttpModule } from '../http/http.module';
import { IngestModule } from '../ingest/ingest.module';
import { MonitorsModule } from '../monitors/monitors.module';
import { OutboxModule } from '../outbox/outbox.module';
import { RecordingModule } from '../recording/recording.module';
import { AlertKeeper } from './alerting/alert-keeper';
import { Conditions } from './alerting/conditions';
import { OwnConditions } from './alerting/own-conditions';
import { OwnState } from './alerting/own-state';
import { SloAlerts } from './alerting/slo-alerts';
import { ObjectiveDoubts } from './api/objective-doubts';
import { ObjectivesController } from './api/objectives.controller';
import { SlosController } from './api/slos.controller';
import { SloDetails } from './api/slo-details';
import { Counting } from './counting/counting';
import { LatencyCounter } from './counting/latency-counter';
import { RequestCounter } from './counting/request-counter';
import { TargetWatch } from './counting/target-watch';
import { Objectives } from './objectives/objectives';
import { OwnObjectivesReader } from './objectives/own-objectives-reader';
import { ObjectivesOfRemovedAccounts } from './objectives/removed-accounts';
import { ServedRoutes } from './objectives/served-routes';
import { ObjectiveTargets } from './objectives/targets';
import { Histories } from './reading/histories';
import { IncidentsReader } from './reading/incidents-reader';
import { TargetHistories } from './reading/target-histories';
import { VendorEvents } from './reading/vendor-events';
import { ReportsController } from './reports/reports.controller';
import { ReportSchedule } from './reports/report-schedule';
import { ReportSender } from './reports/report-sender';
import { Reports } from './reports/reports';
import { AccountObjectivesRepository } from './storage/account-objectives.repository';
import { AlertsRepository } from './storage/alerts.repository';
import { CountsRepository } from './storage/counts.repository';
import { SloRetention } from './storage/slo-retention';
import { WatchesRepository } from './storage/watches.repository';

/** What was promised, whether it is kept, and who is told when it is not. */
@Module({
  imports: [
    AccountsModule,
    DeliveryModule,
    DestinationsModule,
    HttpModule,
    IngestModule,
    MonitorsModule,
    OutboxModule,
    RecordingModule,
  ],
  controllers: [SlosController, ObjectivesController, ReportsController],
  providers: [
    {
      provide: Objectives,
      inject: [Settings],
      useFactory: (settings: Settings) => Objectives.load(settings),
    },
    ...[ObjectiveTargets, ServedRoutes, OwnObjectivesReader, AccountObjectivesRepository, ObjectiveDoubts],
    ObjectivesOfRemovedAccounts,
    ...[CountsRepository, AlertsRepository, WatchesRepository, SloRetention],
    ...[Counting, RequestCounter, LatencyCounter, TargetWatch],
    ...[Histories, TargetHistories, VendorEvents, IncidentsReader],
    ...[Conditions, OwnConditions, OwnState, AlertKeeper, SloAlerts],
    ...[SloDetails, Reports, ReportSender, ReportSchedule],
  ],
})
export class SlosModule {}
