import { Module } from '@nestjs/common';
import { CredentialsRepository } from './credentials.repository';
import { OutboxRepository } from './outbox.repository';
import { WakeSignal } from './wake-signal';

@Module({
  providers: [OutboxRepository, CredentialsRepository, WakeSignal],
  exports: [OutboxRepository, CredentialsRepository, WakeSignal],
})
export class OutboxModule {}
