import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { NormalizedEvent } from '../normalization/normalized-event';
import { Recorder } from '../recording/recorder';
import { retry } from '../reliability/retry';
import { TooSlowError, within } from '../reliability/within';

/** The caller waits so long for the first try: what the upstream API has done must not be lost on the way to it. */
const MAX_WAIT_MS = 1_000;

/** About ten minutes, by the ceilings below. */
const ATTEMPTS = 25;
const RETRY_BASE_MS = 500;
const RETRY_MAX_MS = 60_000;
const MAX_AGE_MS = 600_000;

/** Events that are tried again at the same time; they live in memory. */
const MAX_WAITING = 1_000;

/**
 * Records what the upstream API has added. It has added it whatever becomes of that, so the caller gets its success in
 * any case; what cannot be recorded is tried again by this process, and lost with it.
 */
@Injectable()
export class AddedEvents implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Upstream');
  private readonly stopping = new AbortController();
  private readonly waiting = new Set<Promise<void>>();

  constructor(private readonly recorder: Recorder) {}

  /** Resolves when the event is recorded, or could not be at the first try, or that takes long. Never rejects. */
  async record(event: NormalizedEvent, requestId: string): Promise<void> {
    const firstTry = Promise.withResolvers<void>();
    const work = this.persist(event, requestId, firstTry.resolve);
    this.waiting.add(work);
    void work.finally(() => this.waiting.delete(work));
    try {
      await within(MAX_WAIT_MS, firstTry.promise);
    } catch (error) {
      if (!(error instanceof TooSlowError)) throw error;
    }
  }

  /** What waits for another try gets its last one now. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.waiting);
  }

  private async persist(event: NormalizedEvent, requestId: string, afterFirstTry: () => void): Promise<void> {
    const store = (): Promise<unknown> => this.recorder.record([event], { requestId }).finally(afterFirstTry);
    try {
      await this.keepTrying(event, store);
    } catch (error) {
      this.logger.error(
        { err: error, account_id: event.account_id, event_id: event.event_id },
        'an added event is not recorded: the upstream API has it, and this service does not',
      );
    }
  }

  private async keepTrying(event: NormalizedEvent, store: () => Promise<unknown>): Promise<void> {
    try {
      await retry(store, {
        attempts: ATTEMPTS,
        baseMs: RETRY_BASE_MS,
        maxMs: RETRY_MAX_MS,
        deadlineAt: Date.now() + MAX_AGE_MS,
        isWorthRetry: (error) => this.mayTryAgain(event, error),
        signal: this.stopping.signal,
      });
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
      // The stop has ended a wait between two tries.
      await store();
    }
  }

  private mayTryAgain({ account_id, event_id }: NormalizedEvent, error: unknown): boolean {
    if (this.stopping.signal.aborted || this.waiting.size > MAX_WAITING) return false;
    const line = { err: error, account_id, event_id };
    this.logger.warn(line, 'an added event could not be recorded; it is tried again');
    return true;
  }
}
