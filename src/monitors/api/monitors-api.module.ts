import { Module } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module';
import { HttpModule } from '../../http/http.module';
import { MonitorsModule } from '../monitors.module';
import { UptimeController } from '../uptime/uptime.controller';
import { UptimesController } from '../uptime/uptimes.controller';
import { UptimeReader } from '../uptime/uptime-reader';
import { ChecksController } from './checks.controller';
import { HeartbeatsController } from './heartbeats.controller';
import { KnownMonitors } from './known-monitors';
import { MaintenanceWindowsController } from './maintenance-windows.controller';
import { MonitorsController } from './monitors.controller';
import { OwnedMonitors } from './owned-monitors';

/** What people and jobs can ask of monitors over HTTP. */
@Module({
  imports: [MonitorsModule, AccountsModule, HttpModule],
  controllers: [
    MonitorsController,
    ChecksController,
    UptimeController,
    UptimesController,
    MaintenanceWindowsController,
    HeartbeatsController,
  ],
  providers: [OwnedMonitors, KnownMonitors, UptimeReader],
})
export class MonitorsApiModule {}
