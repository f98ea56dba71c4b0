import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database';
import { settledPlacesOf, type SettledPlaces } from './settled-places';
import { READ_REVISIONS, type StreamedRevision } from './streamed-revision';

/** How often it is looked what is new, while anybody wants to know. */
const LOOK_EVERY_MS = 500;

/** What comes faster than so many revisions between two looks is not told one by one. */
const MOST_AT_ONCE = 1_000;

/** Somebody who follows what becomes known. */
export interface Follower {
  /** Takes what is new, of all accounts, in its order. */
  take(revisions: readonly StreamedRevision[]): void;
  /** Takes that it missed something, and goes on behind a place. */
  miss(place: number): void;
}

/**
 * Follows the revisions of all processes as they become known, in the order of their places, from the database alone;
 * one look serves all followers of this process. Where nobody follows it does not look.
 */
@Injectable()
export class RevisionTail {
  private readonly logger = new Logger('Stream');
  private readonly places: SettledPlaces;
  private readonly followers = new Set<Follower>();
  private joining = 0;
  private place: number | null = null;
  private looking: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly database: Database) {
    this.places = settledPlacesOf(database);
  }

  /**
   * Lets somebody follow: from behind `after` on, or from now on where that is null, too long ago or unknown here. Waits until it is
   * known up to which place everything is settled.
   *
   * @returns the place that the follower is at
   * @throws StorageUnavailableError
   */
  async join(follower: Follower, after: number | null): Promise<number> {
    this.joining++;
    this.timer ??= setInterval(() => void this.lookAgain(), LOOK_EVERY_MS);
    try {
      return await this.catchUp(follower, after);
    } finally {
      this.joining--;
      this.restIfAlone();
    }
  }

  leave(follower: Follower): void {
    this.followers.delete(follower);
    this.restIfAlone();
  }

  /** Reads what became known since, and meanwhile, until there is nothing in between. */
  private async catchUp(follower: Follower, after: number | null): Promise<number> {
    // After a database was restored: nothing would be told before it had come so far again.
    let isUnknown = after !== null && after > (await this.places.last());
    for (let at = after; ;) {
      await this.untilSettled();
      const { place } = this;
      if (place === null) continue;
      if (isUnknown) {
        follower.miss(place);
        isUnknown = false;
        at = place;
      }
      at ??= place;
      if (at >= place) {
        // At once, or a look could come in between.
        this.followers.add(follower);
        return at;
      }
      const missed = await this.read(at, place);
      if (missed === null) follower.miss(place);
      else follower.take(missed);
      at = place;
    }
  }

  private restIfAlone(): void {
    if (this.followers.size + this.joining > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    // Whoever comes next may come much later, and is not told everything since.
    this.place = null;
  }

  private async untilSettled(): Promise<void> {
    while (this.place === null) {
      await this.look();
      if (this.place === null) await sleep(LOOK_EVERY_MS);
    }
  }

  private async lookAgain(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      this.logger.warn({ err: error }, 'what is new could not be read; streams wait');
    }
  }

  /** Looks once at a time; who asks meanwhile shares it. */
  private look(): Promise<void> {
    this.looking ??= this.lookNow().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookNow(): Promise<void> {
    const settled = await this.places.find();
    if (settled === null || (this.place !== null && settled <= this.place)) return;
    const before = this.place;
    const revisions = before === null ? [] : await this.read(before, settled);
    this.place = settled;
    for (const follower of this.followers) {
      if (revisions === null) follower.miss(settled);
      else if (revisions.length > 0) follower.take(revisions);
    }
  }

  /** Null where there are too many. */
  private async read(after: number, upTo: number): Promise<StreamedRevision[] | null> {
    const rows = await READ_REVISIONS.run(this.database.read, [after, upTo, MOST_AT_ONCE + 1]);
    return rows.length > MOST_AT_ONCE ? null : rows;
  }
}
