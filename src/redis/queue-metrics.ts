import { Injectable } from '@nestjs/common';
import { combinations } from '../telemetry/metrics/label-sets';
import { LATENCY_BUCKETS, MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import { QUEUES, type QueueName } from './queue-names';

/** What this process's workers of queues tell of themselves. Without Redis there are none, and all of it stays 0. */
@Injectable()
export class QueueMetrics {
  private readonly latencies;
  private readonly failures;
  private readonly progressOf = new Map<QueueName, () => number>();

  constructor(metrics: MetricsRegistry) {
    const common = { labels: ['queue'] as const, known: combinations({ queue: QUEUES }) };
    this.latencies = metrics.histogram(
      { ...common, name: 'queue_latency_seconds', help: 'From a job being queued to its being done.' },
      LATENCY_BUCKETS,
    );
    this.failures = metrics.counter({
      ...common,
      name: 'queue_failures_total',
      help: 'Jobs that failed, whether they are tried again or not.',
    });
    const age = {
      name: 'queue_consumer_progress_age_seconds',
      help: 'Time since a worker of this process last began or ended a job; -1 where it has none.',
    };
    metrics.gauge({ ...common, ...age }, (gauge) => {
      for (const queue of QUEUES) gauge.set({ queue }, this.progressAgeOf(queue));
    });
  }

  /** Exports when the worker of a queue last made progress: `progressAt` tells it, in milliseconds since 1970. */
  watch(queue: QueueName, progressAt: () => number): void {
    this.progressOf.set(queue, progressAt);
  }

  /** A job is done. @param queuedAt by the clock of whoever queued it, in milliseconds since 1970 */
  noteDone(queue: QueueName, queuedAt: number): void {
    this.latencies.observe({ queue }, Math.max(0, Date.now() - queuedAt) / 1_000);
  }

  noteFailed(queue: QueueName): void {
    this.failures.inc({ queue });
  }

  private progressAgeOf(queue: QueueName): number {
    const progressAt = this.progressOf.get(queue);
    return progressAt === undefined ? -1 : Math.max(0, Date.now() - progressAt()) / 1_000;
  }
}
