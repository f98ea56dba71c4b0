import { Module } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module';
import { EventStreamController } from './event-stream.controller';
import { EventStreams } from './event-streams';
import { RevisionTail } from './revision-tail';

/** What happens, as it happens. */
@Module({
  imports: [AccountsModule],
  controllers: [EventStreamController],
  providers: [RevisionTail, EventStreams],
})
export class StreamModule {}
