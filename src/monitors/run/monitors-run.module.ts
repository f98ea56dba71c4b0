import { Module } from '@nestjs/common';
import { Settings } from '../../config/settings';
import { EventsModule } from '../../events/events.module';
import { RecordingModule } from '../../recording/recording.module';
import { CheckModule } from '../check/check.module';
import { MonitorsStorageModule } from '../storage/monitors-storage.module';
import { CheckHandover } from './check-handover';
import { CheckLoadMetrics } from './check-load-metrics';
import { CheckMetrics } from './check-metrics';
import { CheckQueue } from './check-queue';
import { CheckRetention } from './check-retention';
import { CheckRunner } from './check-runner';
import { CheckSchedule } from './check-schedule';
import { CheckWorker } from './check-worker';
import { DatabaseClock } from './database-clock';
import { DueMonitors } from './due-monitors';
import { Heartbeats } from './heartbeats';
import { HoldEvents } from './hold-events';
import { LearnedLimits } from './learned-limits';
import { MonitorStateMetrics } from './monitor-state-metrics';
import { OwnChecks } from './own-checks';
import { ResultKeeper } from './result-keeper';

/** Runs what is due: finds it, checks it, judges it and keeps it. */
@Module({
  imports: [CheckModule, EventsModule, MonitorsStorageModule, RecordingModule],
  providers: [
    CheckLoadMetrics,
    CheckMetrics,
    CheckQueue,
    CheckRetention,
    CheckRunner,
    CheckSchedule,
    CheckWorker,
    DatabaseClock,
    DueMonitors,
    Heartbeats,
    HoldEvents,
    LearnedLimits,
    MonitorStateMetrics,
    OwnChecks,
    ResultKeeper,
    {
      provide: CheckHandover,
      inject: [Settings, OwnChecks, CheckQueue],
      useFactory: (settings: Settings, own: OwnChecks, queue: CheckQueue) =>
        settings.isScaled ? queue : own,
    },
  ],
  exports: [CheckRunner, CheckSchedule, DatabaseClock, Heartbeats],
})
export class MonitorsRunModule {}
