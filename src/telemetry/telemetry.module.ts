import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings';
import { MetricsRegistry } from './metrics/metrics-registry';
import { Readings } from './metrics/readings';
import { startExporting } from './tracing/exporting';
import { Tracing } from './tracing/tracing';

/** What every module tells of itself with. */
@Global()
@Module({
  providers: [
    MetricsRegistry,
    Readings,
    {
      provide: Tracing,
      inject: [Settings],
      useFactory: async (settings: Settings) => new Tracing(await startExporting(settings)),
    },
  ],
  exports: [MetricsRegistry, Readings, Tracing],
})
export class TelemetryModule {}
