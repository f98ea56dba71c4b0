import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module';
import { RoutingModule } from '../routing/routing.module';
import { Recorder } from './recorder';
import { RecordingTransaction } from './recording-transaction';

@Module({
  imports: [OutboxModule, RoutingModule],
  providers: [Recorder, RecordingTransaction],
  exports: [Recorder],
})
export class RecordingModule {}
