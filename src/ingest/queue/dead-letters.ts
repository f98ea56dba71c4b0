import { Injectable, Logger } from '@nestjs/common';
import { IsNull, LessThan, type FindOptionsWhere } from 'typeorm';
import { Database } from '../../database/database';
import { StorageUnavailableError } from '../../database/storage-error';
import type { NormalizedEvent } from '../../normalization/normalized-event';
import { storable } from '../../normalization/plain-text';
import { Recorder } from '../../recording/recorder';
import type { RecordedEvent } from '../../recording/recorded';
import { DeadLetterEntity } from './dead-letter.entity';

/** An event that cannot be stored, and why. */
export interface BadEvent {
  readonly event: NormalizedEvent;
  readonly request_id: string;
  readonly error: string;
}

/** What came of replaying one event. */
export type Replayed =
  { readonly outcome: RecordedEvent['outcome'] } | { readonly outcome: 'failed'; readonly error: string };

const MAX_ERROR_CHARACTERS = 2_000;

/** Rows that are replayed side by side before the next are read. */
const BULK_SIZE = 100;

/** The events that were taken, and cannot be stored. */
@Injectable()
export class DeadLetters {
  private readonly logger = new Logger('Queues');

  constructor(
    private readonly database: Database,
    private readonly recorder: Recorder,
  ) {}

  /** Keeps events that have failed at every try; resolves once that is on disk. */
  async add(queue: string, bad: readonly BadEvent[], attempts: number): Promise<void> {
    await this.database.write(async (tx, now) => {
      const rows = bad.map(({ event, request_id, error }) => ({
        queue,
        account_id: event.account_id,
        event_id: event.event_id,
        payload: JSON.stringify(event),
        error: storable(error).slice(0, MAX_ERROR_CHARACTERS),
        attempts,
        request_id,
        created_at: now,
        replayed_at: null,
      }));
      await tx.insert(DeadLetterEntity, rows);
    });
    for (const { event, request_id, error } of bad) {
      const { account_id, event_id } = event;
      this.logger.error(
        { account_id, event_id, request_id, reason: error, attempts },
        'an event cannot be stored: see GET /dead-letters',
      );
    }
  }

  /** Dead letters, newest first. */
  list(accountId: string | undefined, beforeId: number, limit: number): Promise<DeadLetterEntity[]> {
    const where: FindOptionsWhere<DeadLetterEntity> = { id: LessThan(beforeId), replayed_at: IsNull() };
    if (accountId !== undefined) where.account_id = accountId;
    return this.database.read.find(DeadLetterEntity, { where, order: { id: 'DESC' }, take: limit });
  }

  /** The dead letter, or null where there is none, or no longer. */
  find(id: number): Promise<DeadLetterEntity | null> {
    return this.database.read.findOneBy(DeadLetterEntity, { id, replayed_at: IsNull() });
  }

  /**
   * Stores the event, and it is no dead letter any more; or notes that it failed again.
   *
   * @throws StorageUnavailableError
   */
  async replay({ id, payload, request_id, attempts }: DeadLetterEntity): Promise<Replayed> {
    const event = JSON.parse(payload) as NormalizedEvent;
    try {
      const [recorded] = await this.recorder.record([event], {
        requestId: request_id,
        alongside: async (tx) => {
          await tx.update(DeadLetterEntity, { id }, { replayed_at: Date.now() });
        },
      });
      return { outcome: (recorded as RecordedEvent).outcome };
    } catch (error) {
      if (error instanceof StorageUnavailableError) throw error;
      const message = storable((error as Error).message).slice(0, MAX_ERROR_CHARACTERS);
      await this.database.write((tx) =>
        tx.update(DeadLetterEntity, { id }, { error: message, attempts: attempts + 1 }),
      );
      return { outcome: 'failed', error: message };
    }
  }

  /** Replays all there are, newest first. */
  async replayAll(accountId: string | undefined): Promise<{ replayed: number; failed: number }> {
    let beforeId = Number.MAX_SAFE_INTEGER;
    const count = { replayed: 0, failed: 0 };
    for (;;) {
      const rows = await this.list(accountId, beforeId, BULK_SIZE);
      for (const { outcome } of await Promise.all(rows.map((row) => this.replay(row)))) {
        count[outcome === 'failed' ? 'failed' : 'replayed']++;
      }
      const last = rows.at(-1);
      if (last === undefined) return count;
      beforeId = last.id;
    }
  }
}
