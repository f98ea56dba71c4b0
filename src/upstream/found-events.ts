import { Injectable } from '@nestjs/common';
import { BoundedMap } from '../accounts/bounded-map';
import { Settings } from '../config/settings';
import { TooSlowError, within } from '../reliability/within';
import { UpstreamClient } from './upstream-client';
import { readEvent, UPSTREAM_ID, type UpstreamDocument } from './upstream-documents';
import { UpstreamFailure } from './upstream-failure';

const MAX_EVENT_BYTES = 65_536;

/** Events that are kept, so of 128 MB at most. */
const MAX_KEPT = 2_000;

/**
 * The upstream API's events, each fetched once however many ask for it at the same time, and kept for
 * UPSTREAM_CACHE_MS. Failures are not kept: whoever asks next tries again.
 */
@Injectable()
export class FoundEvents {
  private readonly kept: BoundedMap<string, { readonly event: UpstreamDocument; readonly until: number }>;
  private readonly underWay = new Map<string, Promise<UpstreamDocument>>();

  constructor(
    private readonly settings: Settings,
    private readonly client: UpstreamClient,
  ) {
    this.kept = new BoundedMap(MAX_KEPT);
  }

  /**
   * Waits until the deadline and no longer. A fetch has its own time, because others who have more may wait for it too.
   *
   * @param deadlineAt ms since 1970
   * @throws UpstreamFailure
   */
  async get(id: string, deadlineAt: number): Promise<UpstreamDocument> {
    const now = Date.now();
    const entry = this.kept.get(id);
    if (entry !== undefined && now < entry.until) return entry.event;
    if (!UPSTREAM_ID.test(id)) throw new UpstreamFailure('unusable_id', { mayHaveArrived: false });
    if (now >= deadlineAt) throw new UpstreamFailure('timeout', { mayHaveArrived: false });
    try {
      return await within(deadlineAt - now, this.underWay.get(id) ?? this.begin(id, now));
    } catch (error) {
      if (!(error instanceof TooSlowError)) throw error;
      throw new UpstreamFailure('timeout', { cause: error });
    }
  }

  private begin(id: string, now: number): Promise<UpstreamDocument> {
    const fetching = this.fetch(id, now + this.settings.UPSTREAM_TIMEOUT_MS);
    this.underWay.set(id, fetching);
    return fetching;
  }

  private async fetch(id: string, deadlineAt: number): Promise<UpstreamDocument> {
    try {
      const path = `/getEventById/${encodeURIComponent(id)}`;
      const event = await this.client.read({ path, maxBytes: MAX_EVENT_BYTES, deadlineAt, read: readEvent });
      this.kept.set(id, { event, until: Date.now() + this.settings.UPSTREAM_CACHE_MS });
      return event;
    } finally {
      this.underWay.delete(id);
    }
  }
}
