import { Database } from '../../src/database/database';
import { RollupWriter } from '../../src/events/summary/rollup-writer';
import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { OutboxRepository } from '../../src/outbox/outbox.repository';
import type { RecordedEvent } from '../../src/recording/recorded';
import { RecordingTransaction } from '../../src/recording/recording-transaction';
import { RoutingRulesReader } from '../../src/routing/routing-rules-reader';
import type { RunningService } from '../harness/service';

/** An event of account `acme` that a tenant might have posted. */
export function event(event_id: string, changes: Partial<NormalizedEvent> = {}): NormalizedEvent {
  return {
    account_id: 'acme',
    event_id,
    source: 'app',
    kind: 'activity',
    severity: 'info',
    service: 'shop',
    type: 'order.created',
    user_id: null,
    summary: 'Something',
    description: null,
    started_at: 0,
    resolved_at: null,
    updated_at: 0,
    raw: '{}',
    ...changes,
  };
}

/** A process that records events, at whatever time the test says it is. */
export class TimedRecorder {
  private readonly database: Database;
  private readonly transaction: RecordingTransaction;

  /** Each counts for itself, as each process does. */
  constructor({ app }: RunningService) {
    this.database = app.get(Database);
    this.transaction = new RecordingTransaction(
      app.get(OutboxRepository),
      app.get(RoutingRulesReader),
      new RollupWriter(this.database),
    );
  }

  /** Records events in one transaction, as received at an instant. */
  async record(at: number, ...events: readonly NormalizedEvent[]): Promise<RecordedEvent[]> {
    const sourced = events.map(
      (one) => ({ ...one, origin: 'source', note: null, request_id: null, traceparent: null }) as const,
    );
    const results = await this.database.write((tx) => this.transaction.run(tx, [{ events: sourced }], at));
    return results.flat();
  }
}
