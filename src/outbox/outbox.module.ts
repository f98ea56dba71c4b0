import { Module } from '@nestjs/common';
import { KeptSecrets } from './kept-secrets';
import { OutboxRepository } from './outbox.repository';
import { WakeSignal } from './wake-signal';

@Module({
  providers: [KeptSecrets, OutboxRepository, WakeSignal],
  exports: [KeptSecrets, OutboxRepository, WakeSignal],
})
export class OutboxModule {}
