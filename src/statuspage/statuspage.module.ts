import { Module } from '@nestjs/common';
import { NormalizationModule } from '../normalization/normalization.module';
import { RecordingModule } from '../recording/recording.module';
import { ReliabilityModule } from '../reliability/reliability.module';
import { PageClient } from './page-client';
import { PageMetrics } from './page-metrics';
import { PagePoll } from './page-poll';
import { PageReader } from './page-reader';
import { PageStates } from './page-states';
import { PollSchedule } from './poll-schedule';
import { SharedPoll } from './shared-poll';
import { StatusPoller } from './status-poller';
import { StatuspageController } from './statuspage.controller';

/** The vendors' status pages: polled on a schedule and on request. */
@Module({
  imports: [NormalizationModule, RecordingModule, ReliabilityModule],
  controllers: [StatuspageController],
  providers: [
    PageClient,
    PageMetrics,
    PageReader,
    PageStates,
    PagePoll,
    SharedPoll,
    StatusPoller,
    PollSchedule,
  ],
  exports: [StatusPoller],
})
export class StatuspageModule {}
