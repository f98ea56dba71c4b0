import { Injectable, Logger } from '@nestjs/common';
import { BoundedMap } from '../accounts/bounded-map';
import { classifyStorageError, StorageUnavailableError } from '../database/storage-error';
import { PublicPagesRepository } from './public-pages.repository';
import { asStale, type PublicStatus } from './public-status';
import { PublicStatusReader } from './public-status-reader';

/** What was read so long ago is told without reading it again: a thousand visitors cost one look. */
const FRESH_MS = 5_000;

/** So many pages are remembered. */
const MAX_REMEMBERED = 100;

interface Remembered {
  readonly status: PublicStatus;
  readonly readAt: number;
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
   * What a page tells; null where there is none that everybody may see. While the database is away, what was last
   * known, marked as such.
   *
   * @throws StorageUnavailableError where nothing is known either
   */
  async find(slug: string): Promise<PublicStatus | null> {
    const known = this.remembered.get(slug);
    if (known !== undefined && isFresh(known, Date.now())) return known.status;
    const reading = this.underWay.get(slug) ?? this.startReading(slug);
    try {
      return await reading;
    } catch (thrown) {
      const error = classifyStorageError(thrown);
      if (known === undefined || !(error instanceof StorageUnavailableError)) throw error;
      return asStale(known.status);
    }
  }

  /** Forgets a page that was changed by this process; others know of it within seconds. */
  forget(slug: string): void {
    this.remembered.delete(slug);
    this.underWay.delete(slug);
  }

  private startReading(slug: string): Promise<PublicStatus | null> {
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
    const page = await this.pages.findShown(slug);
    if (page === null) {
      if (isCurrent()) this.remembered.delete(slug);
      return null;
    }
    const status = await this.reader.read(page);
    if (isCurrent()) this.remembered.set(slug, { status, readAt });
    this.logger.debug({ slug, state: status.state }, 'public page read');
    return status;
  }
}

/** Not either where the clock was set back. */
function isFresh({ readAt }: Remembered, now: number): boolean {
  return readAt <= now && now < readAt + FRESH_MS;
}
