import { Module } from '@nestjs/common';
import { MonitorsRunModule } from './run/monitors-run.module';
import { MonitorsStorageModule } from './storage/monitors-storage.module';

/** Monitors: what they are, what is known of them, and whoever runs their checks. */
@Module({
  imports: [MonitorsStorageModule, MonitorsRunModule],
  exports: [MonitorsStorageModule, MonitorsRunModule],
})
export class MonitorsModule {}
