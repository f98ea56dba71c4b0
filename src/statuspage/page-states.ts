import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { isoOrNull } from '../normalization/instant';
import { EMPTY_MEMORY } from '../normalization/statuspage-memory';
import { PageStateEntity } from './page-state.entity';
import type { Page } from './pages';

/** How a page's reading goes. Instants are ISO-8601 UTC. */
export interface PageHealth {
  readonly page: string;
  readonly source: string;
  readonly last_attempt_at: string | null;
  readonly last_success_at: string | null;
  readonly last_change_at: string | null;
  readonly failing_since: string | null;
  readonly last_error_code: string | null;
  /** Whether it has been unreadable for so long that there is an event about it. */
  readonly is_stale: boolean;
}

/** What its operator may know of a page besides. */
export interface PageDetails extends PageHealth {
  readonly last_error_message: string | null;
  /** The page asked not to be asked again before. */
  readonly retry_at: string | null;
}

/** The table of what is known of each page. */
@Injectable()
export class PageStates {
  constructor(private readonly database: Database) {}

  /** What is known of a page. What belongs to another URL than the page's does not count. */
  async of({ name, url }: Page): Promise<PageStateEntity> {
    const stored = await this.database.read.findOneBy(PageStateEntity, { name });
    if (stored === null) return { ...UNKNOWN, name, url };
    if (stored.url === url) return stored;
    return { ...stored, url, etag: null, last_modified: null, retry_at: null };
  }

  /** To be called in the transaction that records the page's events. */
  async save(tx: EntityManager, state: PageStateEntity): Promise<void> {
    await tx.upsert(PageStateEntity, state, ['name']);
  }

  /** How the reading of the given pages goes, in their order. */
  async health(pages: readonly Page[]): Promise<PageHealth[]> {
    const states = await this.statesByName();
    return pages.map((page) => healthOf(page, states.get(page.name) ?? UNKNOWN));
  }

  /** The same, with what is not for everybody. */
  async details(pages: readonly Page[]): Promise<PageDetails[]> {
    const states = await this.statesByName();
    return pages.map((page) => {
      const state = states.get(page.name) ?? UNKNOWN;
      return {
        ...healthOf(page, state),
        last_error_message: state.last_error_message,
        retry_at: isoOrNull(state.retry_at),
      };
    });
  }

  private async statesByName(): Promise<Map<string, PageStateEntity>> {
    const rows = await this.database.read.find(PageStateEntity, { select: SHOWN });
    return new Map(rows.map((row) => [row.name, row]));
  }
}

function healthOf({ name, source }: Page, state: PageStateEntity): PageHealth {
  return {
    page: name,
    source,
    last_attempt_at: isoOrNull(state.last_attempt_at),
    last_success_at: isoOrNull(state.last_success_at),
    last_change_at: isoOrNull(state.last_change_at),
    failing_since: isoOrNull(state.failing_since),
    last_error_code: state.last_error_code,
    is_stale: state.stale_event !== null,
  };
}

/** What health needs: not the memory, which can be long. */
const SHOWN = {
  name: true,
  last_attempt_at: true,
  last_success_at: true,
  last_change_at: true,
  failing_since: true,
  last_error_code: true,
  last_error_message: true,
  retry_at: true,
  stale_event: true,
} as const;

/** Of a page that was never polled. */
const UNKNOWN: PageStateEntity = {
  name: '',
  url: null,
  etag: null,
  last_modified: null,
  memory: EMPTY_MEMORY,
  last_attempt_at: null,
  last_success_at: null,
  last_change_at: null,
  failing_since: null,
  last_error_code: null,
  last_error_message: null,
  retry_at: null,
  stale_event: null,
};
