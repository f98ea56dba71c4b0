import { Injectable } from '@nestjs/common';
import { combinations } from '../telemetry/metrics/label-sets';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import { ADVICE, BODY_FAULTS } from './stripe-faults';

/** Whose signals are refused at a door of ours; pages are polled, and fail instead. */
export type RefusedSource = 'stripe' | 'app';

/** The most frequent codes of a refused post of tenants' events. */
const TENANTS = ['invalid_event', 'not_events', 'forbidden', 'account_limit_exceeded'];

/** Counts what was not taken in. */
@Injectable()
export class IngestMetrics {
  private readonly rejected;

  constructor(metrics: MetricsRegistry) {
    const stripe = [...Object.keys(ADVICE), ...Object.keys(BODY_FAULTS)];
    this.rejected = metrics.counter({
      name: 'signals_rejected_total',
      help: 'Posts that were refused, by the code of the answer.',
      labels: ['source', 'reason'] as const,
      known: [
        ...combinations({ source: ['stripe'], reason: stripe }),
        ...combinations({ source: ['app'], reason: TENANTS }),
      ],
    });
  }

  /** @param reason the answer's code, one of a closed set of words */
  noteRejected(source: RefusedSource, reason: string): void {
    this.rejected.inc({ source, reason });
  }
}
