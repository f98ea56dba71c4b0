import { Module } from '@nestjs/common';
import { RecordingModule } from '../../recording/recording.module';
import { ChecksRepository } from './checks.repository';
import { IncidentsRepository } from './incidents.repository';
import { MaintenanceWindowsRepository } from './maintenance-windows.repository';
import { MonitorsRepository } from './monitors.repository';
import { ResultStorage } from './result-storage';
import { RollupsRepository } from './rollups.repository';
import { WatchedMonitors } from './watched-monitors';

const REPOSITORIES = [
  ChecksRepository,
  IncidentsRepository,
  MaintenanceWindowsRepository,
  MonitorsRepository,
  ResultStorage,
  RollupsRepository,
  WatchedMonitors,
];

/** What is stored of monitors. */
@Module({ imports: [RecordingModule], providers: REPOSITORIES, exports: REPOSITORIES })
export class MonitorsStorageModule {}
