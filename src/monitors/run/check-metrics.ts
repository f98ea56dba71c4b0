import { Injectable } from '@nestjs/common';
import { combinations } from '../../telemetry/metrics/label-sets';
import { LATENCY_BUCKETS, MetricsRegistry } from '../../telemetry/metrics/metrics-registry';
import { RESULT_CLASSES, type CheckResult } from '../model/monitor';

/** What the checks of this process tell of themselves, all monitors together. */
@Injectable()
export class CheckMetrics {
  private readonly checks;
  private readonly durations;
  private readonly lag;

  constructor(metrics: MetricsRegistry) {
    const common = { labels: ['result'] as const, known: combinations({ result: RESULT_CLASSES }) };
    this.checks = metrics.counter({
      ...common,
      name: 'monitor_checks_total',
      help: 'Checks that have ended, by what they say of the target; unknown is a fault of this side.',
    });
    this.durations = metrics.histogram({
      ...common,
      name: 'monitor_check_duration_seconds',
      help: 'Time of a check, from the request to the end of the answer.',
    });
    this.lag = metrics.histogram(
      {
        name: 'monitor_check_lag_seconds',
        help: 'How late checks begin: from the slot that was planned to the request.',
      },
      LATENCY_BUCKETS,
    );
  }

  noteCheck(result: CheckResult): void {
    this.checks.inc({ result: result.class });
    this.durations.observe({ result: result.class }, result.duration_ms / 1_000);
  }

  noteLag(lagMs: number): void {
    this.lag.observe(lagMs / 1_000);
  }
}
