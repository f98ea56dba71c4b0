import { Injectable, Logger } from '@nestjs/common';
import { BoundedMap } from '../accounts/bounded-map';
import { classifyStorageError, StorageUnavailableError } from '../database/storage-error';
import { TooSlowError, within } from '../reliability/within';
import { opensPreview } from './preview-link';
import { SLUG } from './public-page';
import { PublicPagesRepository } from './public-pages.repository';
import { asStale, type PublicStatus } from './public-status';
import { PublicStatusReader } from './public-status-reader';

/** What was read so long ago is told without reading it again: a thousand visitors cost one look. */
const FRESH_MS = 5_000;

/** So long a look is waited for where there is something else to tell. */
const PATIENCE_MS = 3_000;

/** What could not be read anew is told as it was, with its time; older than this, what was well nobody can tell. */
const STALE_AFTER_MS = 30_000;

/** So many pages are remembered. */
const MAX_REMEMBERED = 100;

interface Remembered {
  readonly status: PublicStatus;
  readonly stale: PublicStatus;
  readonly readAt: number;
  /** When a look failed last, or took too long; nobody looks again for a while. */
  failedAt: number;
}

/** The pages that everybody may see, as they were at most some seconds ago. */
@Injectable()
export class PublicStatuses {
  private readonly logger = new Logger('PublicPages');
  private readonly remembered = new BoundedMap<string, Remembered>(MAX_REMEMBERED);
  private readonly underWay = new Map<string, Promise<PublicStatus | null>>();

  constructor(
    private readonly pages: PublicPagesRepository,
    private readonly reader: PublicStatusReader,
  ) {}

  /**
   * What a page tells; null where there is none that everybody may see. While the database is away or slow, what was last
   * known, marked as such once it is old.
   *
   * @throws StorageUnavailableError where nothing is known either
   */
  async find(slug: string): Promise<PublicStatus | null> {
    // No page can be called so, and not every database can be asked for it.
    if (!SLUG.test(slug)) return null;
    const known = this.remembered.get(slug);
    if (known === undefined) return this.look(slug);
    const now = Date.now();
    const isTooSoon = isWithin(FRESH_MS, known.readAt, now) || isWithin(FRESH_MS, known.failedAt, now);
    if (isTooSoon) return told(known, now);
    try {
      return await within(PATIENCE_MS, this.look(slug));
    } catch (thrown) {
      const error = classifyStorageError(thrown);
      if (!(error instanceof StorageUnavailableError || error instanceof TooSlowError)) throw error;
      known.failedAt = now;
      return told(known, Date.now());
    }
  }

  /** What a page tells, or would tell, to whoever has a link to its preview; null for others. Nothing of it is kept. */
  async preview(slug: string, token: string): Promise<PublicStatus | null> {
    const page = SLUG.test(slug) ? await this.pages.findAt(slug) : null;
    if (page === null || !opensPreview(page, token, Date.now())) return null;
    return this.reader.read(page);
  }

  /** Forgets a page that was changed by this process; others know of it within seconds. */
  forget(slug: string): void {
    this.remembered.delete(slug);
    this.underWay.delete(slug);
  }

  /** One look at a time for each page. */
  private look(slug: string): Promise<PublicStatus | null> {
    const known = this.underWay.get(slug);
    if (known !== undefined) return known;
    const isCurrent = (): boolean => this.underWay.get(slug) === reading;
    const reading: Promise<PublicStatus | null> = this.readAndKeep(slug, isCurrent).finally(() => {
      if (isCurrent()) this.underWay.delete(slug);
    });
    this.underWay.set(slug, reading);
    return reading;
  }

  private async readAndKeep(slug: string, isCurrent: () => boolean): Promise<PublicStatus | null> {
    // Counted from before the look, so that nothing passes for younger than it is.
    const readAt = Date.now();
    const page = await this.pages.findAt(slug);
    if (page?.enabled !== true) {
      if (isCurrent()) this.remembered.delete(slug);
      return null;
    }
    const status = await this.reader.read(page);
    if (isCurrent()) {
      this.remembered.set(slug, { status, stale: asStale(status), readAt, failedAt: -Infinity });
    }
    this.logger.debug({ slug, state: status.state }, 'public page read');
    return status;
  }
}

function told(known: Remembered, now: number): PublicStatus {
  return isWithin(STALE_AFTER_MS, known.readAt, now) ? known.status : known.stale;
}

/** Nothing is where the clock was set back. */
function isWithin(ms: number, at: number, now: number): boolean {
  return at <= now && now < at + ms;
}
