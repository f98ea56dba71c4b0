import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import { DESTINATION_TYPES } from '../destinations/kind';
import { PAGERDUTY } from '../destinations/operators-pagerduty';
import type { SendResult } from '../destinations/send-result';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import { OutboxRepository } from '../outbox/outbox.repository';
import { OUTCOMES } from '../outbox/outcome';
import { Leadership } from '../roles/leadership';
import { combinations } from '../telemetry/metrics/label-sets';
import { LATENCY_BUCKETS, MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import { Readings } from '../telemetry/metrics/readings';
import type { NextStep } from './policy';

/** The operator's own destination by its name, accounts' by their type: there may be thousands of them. */
const DESTINATIONS = [PAGERDUTY, ...DESTINATION_TYPES.map((type) => `account_${type}`), 'account_any'];

/** How a delivery has ended, in the words of `DeliveryStatus`. */
const ENDS = ['delivered', 'dead', 'skipped'] as const;

/** An attempt that has ended and is written down. */
export interface EndedAttempt {
  /** `DestinationClient.kind` */
  readonly destination: string;
  readonly delivery: DeliveryEntity;
  readonly result: SendResult;
  readonly next: NextStep;
  readonly durationMs: number;
}

/** What deliveries tell of themselves. */
@Injectable()
export class DeliveryMetrics {
  private readonly attempts;
  private readonly durations;
  private readonly ends;
  private readonly latencies;

  constructor(
    metrics: MetricsRegistry,
    readings: Readings,
    private readonly outbox: OutboxRepository,
    private readonly database: Database,
    leadership: Leadership,
  ) {
    const outcomes = Object.keys(OUTCOMES);
    this.attempts = metrics.counter({
      name: 'delivery_attempts_total',
      help: 'Attempts to deliver, by how they ended.',
      labels: ['destination', 'outcome'] as const,
      known: combinations({ destination: DESTINATIONS, outcome: outcomes }),
    });
    this.durations = metrics.histogram({
      name: 'delivery_attempt_duration_seconds',
      help: 'Time of an attempt: from the request to the answer, and to the commit of what came of it.',
      labels: ['destination', 'outcome'] as const,
    });
    this.ends = metrics.counter({
      name: 'deliveries_total',
      help: 'Deliveries that have ended; skipped are those that had become pointless when their turn came.',
      labels: ['destination', 'status'] as const,
      known: combinations({ destination: DESTINATIONS, status: ENDS }),
    });
    const latency = {
      name: 'delivery_latency_seconds',
      help: 'From the commit of an event, or the end of what held it back, to the confirmed delivery.',
    };
    const of = { labels: ['destination'] as const, known: combinations({ destination: DESTINATIONS }) };
    this.latencies = metrics.histogram({ ...latency, ...of }, LATENCY_BUCKETS);
    const dueAge = metrics.gauge({
      name: 'deliveries_oldest_due_age_seconds',
      help: 'How long the oldest delivery waits that could be sent; 0 where none does.',
    });
    const pendingAge = metrics.gauge({
      name: 'deliveries_oldest_pending_age_seconds',
      help: 'How long ago the oldest delivery was decided that is not done and that no rule holds back; 0 where none is.',
    });
    readings.add({
      name: 'deliveries',
      isOurs: () => leadership.isLeader,
      read: async () => {
        const now = await this.database.now();
        dueAge.set(secondsSince(await this.outbox.oldestDueAt(now), now));
        pendingAge.set(secondsSince(await this.outbox.oldestPendingAt(now), now));
      },
      forget: () => {
        dueAge.reset();
        pendingAge.reset();
      },
    });
  }

  /** An attempt of this process has ended. */
  noteAttempt({ destination, delivery, result, next, durationMs }: EndedAttempt): void {
    const { outcome } = result;
    this.attempts.inc({ destination, outcome });
    this.durations.observe({ destination, outcome }, durationMs / 1_000);
    if (next.status === 'pending') return;
    this.noteEnd(destination, next.status);
    if (next.status === 'delivered') {
      // The two instants may be of two clocks.
      const latencyMs = Math.max(0, Date.now() - Math.max(delivery.created_at, delivery.held_until ?? 0));
      this.latencies.observe({ destination }, latencyMs / 1_000);
    }
  }

  /** Deliveries have ended. @param destination `account_any` where only its name is known */
  noteEnd(destination: string, status: (typeof ENDS)[number], count = 1): void {
    this.ends.inc({ destination, status }, count);
  }
}

function secondsSince(at: number | null, now: number): number {
  return at === null ? 0 : Math.max(0, now - at) / 1_000;
}
