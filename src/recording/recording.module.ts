import { Module } from '@nestjs/common';
import { SummaryModule } from '../events/summary/summary.module';
import { OutboxModule } from '../outbox/outbox.module';
import { RoutingModule } from '../routing/routing.module';
import { DurabilityAudit } from './durability-audit';
import { IntakeBuffer } from './intake-buffer';
import { Recorder } from './recorder';
import { RecordingMetrics } from './recording-metrics';
import { RecordingTransaction } from './recording-transaction';

@Module({
  imports: [OutboxModule, RoutingModule, SummaryModule],
  providers: [DurabilityAudit, IntakeBuffer, Recorder, RecordingMetrics, RecordingTransaction],
  exports: [IntakeBuffer, Recorder],
})
export class RecordingModule {}
