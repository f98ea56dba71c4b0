import { Module } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module';
import { RecordingModule } from '../../recording/recording.module';
import { ChecksRepository } from './checks.repository';
import { IncidentsRepository } from './incidents.repository';
import { MaintenanceWindowsRepository } from './maintenance-windows.repository';
import { MonitorRows } from './monitor-rows';
import { MonitorSpansRepository } from './monitor-spans.repository';
import { MonitorsRepository } from './monitors.repository';
import { WindowsOfRemovedAccounts } from './removed-accounts';
import { ResultStorage } from './result-storage';
import { RollupsRepository } from './rollups.repository';
import { WatchedMonitors } from './watched-monitors';

const REPOSITORIES = [
  ChecksRepository,
  IncidentsRepository,
  MaintenanceWindowsRepository,
  MonitorSpansRepository,
  MonitorsRepository,
  ResultStorage,
  RollupsRepository,
  WatchedMonitors,
];

/** What is stored of monitors. */
@Module({
  imports: [AccountsModule, RecordingModule],
  providers: [MonitorRows, WindowsOfRemovedAccounts, ...REPOSITORIES],
  exports: REPOSITORIES,
})
export class MonitorsStorageModule {}
