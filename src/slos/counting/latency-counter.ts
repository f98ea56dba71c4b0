import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DeliveryEnds } from '../../delivery/delivery-ends';
import { QueueWaits } from '../../ingest/queue/queue-waits';
import { Objectives } from '../objectives/objectives';
import { Counting } from './counting';
import { DELIVERIES, queueSeries } from './series';

/** Counts how long events waited to be stored, and how long after that they were delivered. */
@Injectable()
export class LatencyCounter implements OnModuleInit {
  constructor(
    private readonly waits: QueueWaits,
    private readonly deliveries: DeliveryEnds,
    private readonly counting: Counting,
    private readonly objectives: Objectives,
  ) {}

  onModuleInit(): void {
    this.waits.observe(({ queue, account_id, events, waitedMs }) =>
      this.count(queueSeries(queue), account_id, waitedMs, events),
    );
    this.deliveries.observe(({ account_id, tookMs }) => this.count(DELIVERIES, account_id, tookMs, 1));
  }

  private count(series: string, account_id: string, durationMs: number, times: number): void {
    this.counting.count({ series, account_id: '' }, 'good', durationMs, times);
    if (!this.objectives.countedAccounts.has(account_id)) return;
    this.counting.count({ series, account_id }, 'good', durationMs, times);
  }
}
