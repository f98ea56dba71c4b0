import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { ApiError } from '../http/api-error';
import { FoundEvents } from './found-events';
import { inTurns } from './in-turns';
import { UpstreamClient } from './upstream-client';
import { readEventIds, readList, type UpstreamDocument } from './upstream-documents';
import { UpstreamFailure } from './upstream-failure';

/** Largest list and largest user, in bytes. */
const MAX_LIST_BYTES = 5_000_000;

export const USER_NOT_FOUND = 'The upstream API has no such user.';

/** A user has events that cannot be had without this one. */
export class EventUnreadableError extends Error {
  constructor(
    readonly event_id: string,
    readonly failure: UpstreamFailure,
  ) {
    super(`event ${event_id}: ${failure.message}`, { cause: failure });
    this.name = 'EventUnreadableError';
  }
}

/** What became of a user's events, each list in the user's order. */
export interface ReadEvents {
  readonly events: readonly UpstreamDocument[];
  readonly unreadable: readonly EventUnreadableError[];
}

/**
 * Reads what the upstream API has: its lists, and the events of a user, side by side. Each call has UPSTREAM_TIMEOUT_MS
 * for all that it reads.
 */
@Injectable()
export class UserEvents {
  constructor(
    private readonly settings: Settings,
    private readonly client: UpstreamClient,
    private readonly found: FoundEvents,
  ) {}

  /** @throws UpstreamFailure */
  list(path: '/getUsers' | '/getEvents'): Promise<readonly UpstreamDocument[]> {
    return this.client.read({ path, maxBytes: MAX_LIST_BYTES, deadlineAt: this.deadline(), read: readList });
  }

  /**
   * All of a user's events.
   *
   * @param userId fits UPSTREAM_ID
   * @throws EventUnreadableError at the first event that cannot be read; UpstreamFailure where the user cannot be;
   *   ApiError 404 where there is no such user
   */
  async all(userId: string): Promise<readonly UpstreamDocument[]> {
    const deadlineAt = this.deadline();
    return this.sideBySide(await this.idsOf(userId, deadlineAt), (id) => this.read(id, deadlineAt));
  }

  /**
   * Those of a user's events that can be read, and those that cannot.
   *
   * @throws UpstreamFailure as `all`
   */
  async readable(userId: string): Promise<ReadEvents> {
    const deadlineAt = this.deadline();
    const ids = await this.idsOf(userId, deadlineAt);
    const outcomes = await this.sideBySide(ids, async (id) => {
      try {
        return { event: await this.read(id, deadlineAt) };
      } catch (error) {
        if (!(error instanceof EventUnreadableError)) throw error;
        return { error };
      }
    });
    return {
      events: outcomes.flatMap(({ event }) => (event === undefined ? [] : [event])),
      unreadable: outcomes.flatMap(({ error }) => (error === undefined ? [] : [error])),
    };
  }

  private deadline(): number {
    return Date.now() + this.settings.UPSTREAM_TIMEOUT_MS;
  }

  private async idsOf(userId: string, deadlineAt: number): Promise<readonly string[]> {
    const path = `/getUserById/${encodeURIComponent(userId)}`;
    try {
      return await this.client.read({ path, maxBytes: MAX_LIST_BYTES, deadlineAt, read: readEventIds });
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || error.reason !== 'not_found') throw error;
      throw new ApiError(404, 'user_not_found', USER_NOT_FOUND, { cause: error });
    }
  }

  /**
   * As many at a time as the upstream API is asked for at once by all requests together: one request alone has all of
   * it, and of several each has its share, however many events its user has.
   */
  private sideBySide<T>(ids: readonly string[], read: (id: string) => Promise<T>): Promise<T[]> {
    return inTurns(ids, this.settings.UPSTREAM_CONCURRENCY, read);
  }

  private async read(id: string, deadlineAt: number): Promise<UpstreamDocument> {
    try {
      return await this.found.get(id, deadlineAt);
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error;
      throw new EventUnreadableError(id, error);
    }
  }
}
