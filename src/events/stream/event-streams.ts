import type { ServerResponse } from 'node:http';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiError } from '../../http/api-error';
import { EventStream } from './event-stream';
import { RevisionTail } from './revision-tail';

/** So many streams one process keeps open, and so many of them for one account. */
const MAX_STREAMS = 500;
const MAX_PER_ACCOUNT = 100;

/** So often a quiet stream says that it lasts, and it is looked whether its credential still holds. */
const BEAT_EVERY_MS = 15_000;

const RETRY_AFTER_S = 30;

export const TOO_MANY_STREAMS =
  'As many streams are open as may be. Ask GET /events from time to time instead.';

/** What a stream is for. */
export interface StreamRequest {
  /** Undefined for all accounts. */
  readonly accountId: string | undefined;
  /** The last place that the reader knows of; null from now on. */
  readonly after: number | null;
  /** Whether its reader may still see what it is for. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** The open streams of this process. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly open = new Map<EventStream, string | undefined>();
  private isStopping = false;

  constructor(private readonly tail: RevisionTail) {}

  /** @throws ApiError 503 where there are too many */
  assertRoom(accountId: string | undefined): void {
    const theirs = [...this.open.values()].filter((id) => id === accountId).length;
    if (!this.isStopping && this.open.size < MAX_STREAMS && theirs < MAX_PER_ACCOUNT) return;
    throw new ApiError(503, 'too_many_streams', TOO_MANY_STREAMS, { retryAfterS: RETRY_AFTER_S });
  }

  /** Writes to an answer whose head is written, until its reader goes, may not see more, or the process stops. */
  async run(response: ServerResponse, { accountId, after, mayGoOn }: StreamRequest): Promise<void> {
    const stream = new EventStream(response, accountId, after);
    this.open.set(stream, accountId);
    const beat = async (): Promise<void> => {
      if (await mayGoOn()) stream.beat();
      else stream.end();
    };
    const timer = setInterval(() => void beat(), BEAT_EVERY_MS);
    response.once('close', () => {
      clearInterval(timer);
      this.open.delete(stream);
      this.tail.leave(stream);
    });
    try {
      const place = await this.tail.join(stream, after);
      stream.begin(place);
      if (response.destroyed) this.tail.leave(stream);
    } catch {
      // The database is away: the reader comes back, and is then told why.
      stream.end();
    }
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    for (const stream of this.open.keys()) stream.end();
  }
}
