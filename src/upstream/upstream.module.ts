import { Module } from '@nestjs/common';
import { NormalizationModule } from '../normalization/normalization.module';
import { RecordingModule } from '../recording/recording.module';
import { ReliabilityModule } from '../reliability/reliability.module';
import { AddedEvents } from './added-events';
import { FoundEvents } from './found-events';
import { UpstreamAddress } from './upstream-address';
import { UpstreamClient } from './upstream-client';
import { UpstreamController } from './upstream.controller';
import { UserEvents } from './user-events';

/** A slow, failing API of a vendor, in front of which this service stands. */
@Module({
  imports: [NormalizationModule, RecordingModule, ReliabilityModule],
  controllers: [UpstreamController],
  providers: [UpstreamAddress, UpstreamClient, FoundEvents, UserEvents, AddedEvents],
})
export class UpstreamModule {}
