import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';

/**
 * The running audit of the promise that accepted means durable. Events are counted in three places that know nothing of
 * each other: where they are taken in, where their transaction was committed, and where their sender is answered. At any
 * moment
 *
 *     accepted = durable + in flight + refused
 *
 * or somebody was told that an event is stored that is not. A scrape collects all of them in one go, and so the sum holds
 * at every scrape.
 */
@Injectable()
export class DurabilityAudit {
  private accepted = 0;
  private durable = 0;
  private inFlight = 0;
  private refused = 0;

  constructor(metrics: MetricsRegistry) {
    const counter = (name: string, help: string, total: () => number): unknown =>
      metrics.counter({ name, help }, total);
    counter('accepted_total', 'Events that were taken in to be stored.', () => this.accepted);
    counter('durable_total', 'Of those, events whose transaction was committed.', () => this.durable);
    counter(
      'accepted_refused_total',
      'Of those, events that could not be stored, and whose sender was told so.',
      () => this.refused,
    );
    metrics.gauge(
      { name: 'accepted_in_flight', help: 'Of those, events whose sender waits for the answer.' },
      (gauge) => gauge.set(this.inFlight),
    );
    metrics.gauge(
      {
        name: 'durability_mismatch',
        help: 'accepted_total - durable_total - accepted_refused_total - accepted_in_flight: 0, or a promise is broken.',
      },
      (gauge) => gauge.set(this.mismatch),
    );
  }

  /** Events of which nobody knows what became of them. Below 0: more was committed than taken in. */
  get mismatch(): number {
    return this.accepted - this.durable - this.refused - this.inFlight;
  }

  /** Watches over events from when they are taken in until their sender is answered. */
  async watch<T>(events: number, store: () => Promise<T>): Promise<T> {
    this.accepted += events;
    this.inFlight += events;
    try {
      return await store();
    } catch (error) {
      this.refused += events;
      throw error;
    } finally {
      this.inFlight -= events;
    }
  }

  /** Notes events whose transaction was committed. */
  noteDurable(events: number): void {
    this.durable += events;
  }
}
