import { Injectable } from '@nestjs/common';
import { combinations } from '../telemetry/metrics/label-sets';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import { Readings } from '../telemetry/metrics/readings';
import { Queues } from './queues';
import { QUEUES } from './queue-names';
import { RedisConnection } from './redis-connection';

/**
 * Exports how much waits in each queue. The numbers are Redis's own and every process exports the same: add up nothing,
 * take the highest. Where there is no Redis they stay 0.
 */
@Injectable()
export class QueueDepths {
  constructor(queues: Queues, redis: RedisConnection, metrics: MetricsRegistry, readings: Readings) {
    const common = { labels: ['queue'] as const, known: combinations({ queue: QUEUES }) };
    const waiting = metrics.gauge({
      ...common,
      name: 'bullmq_queue_waiting',
      help: 'Jobs that wait, those with a priority and those that are tried again included.',
    });
    const active = metrics.gauge({
      ...common,
      name: 'bullmq_queue_active',
      help: 'Jobs that are worked on.',
    });
    const usable = { name: 'redis_usable', help: 'Whether Redis answers; 1 too where none is configured.' };
    metrics.gauge(usable, (gauge) => gauge.set(redis.isUsable || !redis.isConfigured ? 1 : 0));
    readings.add({
      name: 'queues',
      isOurs: () => redis.isConfigured,
      read: async () => {
        for (const queue of QUEUES) {
          const depth = await queues.depth(queue);
          waiting.set({ queue }, depth.waiting);
          active.set({ queue }, depth.active);
        }
      },
      forget: () => [waiting, active].forEach((gauge) => gauge.reset()),
    });
  }
}
