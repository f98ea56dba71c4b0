import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module';
import { StatuspageModule } from '../statuspage/statuspage.module';
import { ServicesController } from './services.controller';
import { ServicesReader } from './services-reader';
import { SourcesController } from './sources.controller';
import { SourcesReader } from './sources-reader';

/** How the services are that everything here is about, and how we know. */
@Module({
  imports: [IngestModule, StatuspageModule],
  controllers: [ServicesController, SourcesController],
  providers: [ServicesReader, SourcesReader],
})
export class ServicesModule {}
