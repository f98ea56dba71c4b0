import { Module } from '@nestjs/common';
import { MonitorsModule } from '../monitors.module';
import { MonitorsFileController } from './monitors-file.controller';
import { MonitorsFileSync } from './monitors-file-sync';

/** Monitors and maintenance windows from a file, for those who keep them in version control. */
@Module({
  imports: [MonitorsModule],
  controllers: [MonitorsFileController],
  providers: [MonitorsFileSync],
})
export class MonitorsFileModule {}
