import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module';
import { MonitorsStorageModule } from '../monitors/storage/monitors-storage.module';
import { StatuspageModule } from '../statuspage/statuspage.module';
import { ChosenServicesReader } from './chosen-services-reader';
import { ServicesController } from './services.controller';
import { ServicesReader } from './services-reader';
import { SourcesController } from './sources.controller';
import { SourcesReader } from './sources-reader';

/** How the services are that everything here is about, and how we know. */
@Module({
  imports: [IngestModule, StatuspageModule, MonitorsStorageModule],
  controllers: [ServicesController, SourcesController],
  providers: [ServicesReader, SourcesReader, ChosenServicesReader],
  exports: [ChosenServicesReader],
})
export class ServicesModule {}
