import { Module } from '@nestjs/common';
import { OutboxRepository } from './outbox.repository';
import { WakeSignal } from './wake-signal';

@Module({ providers: [OutboxRepository, WakeSignal], exports: [OutboxRepository, WakeSignal] })
export class OutboxModule {}
