import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { MonitorsRunModule } from '../monitors/run/monitors-run.module';
import { OutboxModule } from '../outbox/outbox.module';
import { ReliabilityModule } from '../reliability/reliability.module';
import { StatuspageModule } from '../statuspage/statuspage.module';
import { Draining } from './draining';
import { Heartbeat } from './heartbeat';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { Readiness } from './readiness';

@Module({
  imports: [
    TerminusModule.forRoot({ errorLogStyle: 'json', logger: false }),
    MonitorsRunModule,
    OutboxModule,
    ReliabilityModule,
    StatuspageModule,
  ],
  controllers: [HealthController, MetricsController],
  providers: [Draining, Readiness, Heartbeat],
})
export class HealthModule {}
