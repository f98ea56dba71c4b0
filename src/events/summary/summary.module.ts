import { Module } from '@nestjs/common';
import { RollupRetention } from './rollup-retention';
import { RollupWriter } from './rollup-writer';
import { Summaries } from './summaries';
import { SummaryController } from './summary.controller';
import { SummaryReader } from './summary-reader';
import { UserRollup } from './user-rollup';

/** Roll-ups of events, and the summaries made of them. */
@Module({
  controllers: [SummaryController],
  providers: [RollupRetention, RollupWriter, Summaries, SummaryReader, UserRollup],
  exports: [RollupRetention, RollupWriter],
})
export class SummaryModule {}
