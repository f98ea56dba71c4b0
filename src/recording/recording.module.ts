import { Module } from '@nestjs/common';
import { SummaryModule } from '../events/summary/summary.module';
import { OutboxModule } from '../outbox/outbox.module';
import { RoutingModule } from '../routing/routing.module';
import { IntakeBuffer } from './intake-buffer';
import { Recorder } from './recorder';
import { RecordingTransaction } from './recording-transaction';

@Module({
  imports: [OutboxModule, RoutingModule, SummaryModule],
  providers: [IntakeBuffer, Recorder, RecordingTransaction],
  exports: [IntakeBuffer, Recorder],
})
export class RecordingModule {}
