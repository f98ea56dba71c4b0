import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../../telemetry/metrics/metrics-registry';
import { CheckRunner } from './check-runner';

/** How busy this process is with checks. */
@Injectable()
export class CheckLoadMetrics {
  constructor(runner: CheckRunner, metrics: MetricsRegistry) {
    const gauge = (name: string, help: string, read: () => number): unknown =>
      metrics.gauge({ name, help }, (made) => made.set(read()));
    gauge('monitor_checks_running', 'Checks that ask their targets now.', () => runner.load.running);
    gauge(
      'monitor_checks_waiting',
      'Checks that are due and wait for their turn.',
      () => runner.load.waiting,
    );
    gauge('monitor_decisions_held', 'Whether decisions are held because this side cannot look.', () =>
      runner.load.held_since === null ? 0 : 1,
    );
  }
}
