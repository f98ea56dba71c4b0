import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { GroupCommit } from '../database/group-commit';
import { StorageUnavailableError } from '../database/storage-error';
import { WakeSignal } from '../outbox/wake-signal';
import type { NormalizedEvent } from '../normalization/normalized-event';
import { currentTraceparent } from '../telemetry/tracing/current-span';
import { Tracing } from '../telemetry/tracing/tracing';
import { IntakeBuffer, loadOf, type Sender } from './intake-buffer';
import type { RecordedEvent } from './recorded';
import { RecordingMetrics } from './recording-metrics';
import { RecordingTransaction, type RecordCall } from './recording-transaction';

/** What may go with a call of `record()`. */
export interface RecordContext {
  /** Id of the request or poll that brought the events; kept with them and sent on with their deliveries. */
  readonly requestId?: string | null;
  /** Writes the source's own state in the transaction that stores the events; may be run again after a rollback. */
  readonly alongside?: (tx: EntityManager) => Promise<void>;
  /** Set where a person, not the source, says this. */
  readonly byOperator?: { readonly note: string | null };
  /** Whom the events come from; decides whether they are refused where too much waits. Default: `own`. */
  readonly sender?: Sender;
}

const MAX_BATCH_CALLS = 500;

/** About 2,000 small events: who comes while they are stored waits for no more than that. */
const MAX_BATCH_BYTES = 2_500_000;

/** What an event costs in a batch besides its signal: posts of many small ones must not make transactions of seconds. */
const EVENT_BYTES = 1_000;

/**
 * The one way through. Every source, whatever it is, ends here:
 *
 *     signal ─► verify ─► normalize ─► record() ─► events, revisions, deliveries: ONE transaction ─► wake ─► deliver
 *
 * `record()` resolves after the commit is on disk, and not before, so that whoever answers "accepted" after it
 * tells the truth. Calls that come in while one transaction is being committed share the next one.
 */
@Injectable()
export class Recorder {
  private readonly calls: GroupCommit<RecordCall, readonly RecordedEvent[]>;

  constructor(
    private readonly database: Database,
    private readonly transaction: RecordingTransaction,
    private readonly wake: WakeSignal,
    private readonly intake: IntakeBuffer,
    private readonly metrics: RecordingMetrics,
    private readonly tracing: Tracing,
  ) {
    this.calls = new GroupCommit((batch) => this.commit(batch), {
      maxItems: MAX_BATCH_CALLS,
      maxBytes: MAX_BATCH_BYTES,
      bytesOf: ({ events }) => loadOf(events).bytes + events.length * EVENT_BYTES,
      ownerOf: ({ events }) => events[0]?.account_id ?? '',
    });
  }

  /**
   * Stores events once and durably, and what follows from them for every destination.
   *
   * @returns what became of each event, in the given order
   * @throws OverloadedError where too much waits already; StorageUnavailableError where the database is at fault;
   *   otherwise what `alongside` threw
   */
  record(events: readonly NormalizedEvent[], context: RecordContext = {}): Promise<readonly RecordedEvent[]> {
    const { requestId = null, alongside, byOperator, sender = 'own' } = context;
    // Many posts come in at once, and the transaction of those before them goes on meanwhile.
    this.database.catchUp();
    const origin = byOperator === undefined ? 'source' : 'operator';
    const store = (): Promise<readonly RecordedEvent[]> => {
      const traceparent = currentTraceparent();
      const sourced = events.map((event) => {
        return {
          ...event,
          origin,
          note: byOperator?.note ?? null,
          request_id: requestId,
          traceparent,
        } as const;
      });
      return this.calls.add({ events: sourced, alongside });
    };
    const traced = { attributes: { 'signalbox.events': events.length } };
    return this.intake.hold(sender, loadOf(events), () =>
      this.metrics.watch(events.length, () => this.tracing.within('record', traced, store)),
    );
  }

  /**
   * A batch that fails for a row's or an `alongside`'s sake has been rolled back whole; its calls then run one
   * transaction each, so that only the faulty one fails. Where the database is at fault, all of them fail.
   */
  private async commit(
    batch: readonly RecordCall[],
  ): Promise<PromiseSettledResult<readonly RecordedEvent[]>[]> {
    try {
      const results = await this.write(batch);
      return results.map((value) => ({ status: 'fulfilled', value }));
    } catch (error) {
      if (error instanceof StorageUnavailableError || batch.length === 1) throw error;
      return Promise.allSettled(batch.map(async (call) => (await this.write([call])).flat()));
    }
  }

  private async write(batch: readonly RecordCall[]): Promise<RecordedEvent[][]> {
    const begunAt = Date.now();
    const results = await this.metrics.commit(() =>
      this.database.write((tx, now) => this.transaction.run(tx, batch, now)),
    );
    this.tracing.noteShared('commit', tracesOf(batch), begunAt, { 'signalbox.calls': batch.length });
    if (results.flat().some(({ has_deliveries }) => has_deliveries)) this.wake.raise();
    return results;
  }
}

/** The traces of calls, one of each. */
function tracesOf(batch: readonly RecordCall[]): (string | null)[] {
  return batch.map(({ events }) => events[0]?.traceparent ?? null);
}
