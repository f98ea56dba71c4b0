import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { PACKAGE_ROOT } from '../config/version';
import { iso } from '../normalization/instant';
import {
  InvalidDocumentError,
  readSummary,
  type IncidentsDocument,
} from '../normalization/statuspage-document';
import { needsIncidents } from '../normalization/statuspage-memory';
import { PageClient, type SummaryAnswer } from './page-client';
import type { PageEffort } from './page-effort';
import { PageFailure, type PageFailureCode } from './page-failure';
import type { PageStateEntity } from './page-state.entity';
import type { Page } from './pages';

/** All that one poll learned from a page. */
export interface PageDocuments extends SummaryAnswer {
  /** Null where it was not needed or could not be read. */
  readonly incidents: IncidentsDocument | null;
  /** How it went with the incidents document. */
  readonly incidentsOutcome: 'not_needed' | 'read' | PageFailureCode;
}

/** Reads a page's documents, from wherever they come: the network, or a fixture. */
@Injectable()
export class PageReader {
  constructor(private readonly client: PageClient) {}

  /** @throws PageFailure where there is no summary; the incidents document may be missing */
  async read(page: Page, state: PageStateEntity, effort: PageEffort): Promise<PageDocuments> {
    if (page.url === null) {
      const summary = await readFixtureSummary(page.name);
      return { summary, validators: NO_VALIDATORS, incidents: null, incidentsOutcome: 'not_needed' };
    }
    if (state.retry_at !== null && Date.now() < state.retry_at) {
      const until = iso(state.retry_at);
      throw new PageFailure('retry_later', `The page is not asked before ${until}`, {
        retryAt: state.retry_at,
      });
    }
    const answer = await this.client.readSummary(page.name, page.url, state, effort);
    if (!needsIncidents(answer.summary, state.memory)) {
      return { ...answer, incidents: null, incidentsOutcome: 'not_needed' };
    }
    try {
      return {
        ...answer,
        incidents: await this.client.readIncidents(page.url, effort),
        incidentsOutcome: 'read',
      };
    } catch (error) {
      if (!(error instanceof PageFailure) || error.code === 'aborted') throw error;
      return { ...answer, incidents: null, incidentsOutcome: error.code };
    }
  }
}

const NO_VALIDATORS = { etag: null, last_modified: null };

async function readFixtureSummary(page: string): Promise<ReturnType<typeof readSummary>> {
  try {
    const path = join(PACKAGE_ROOT, 'fixtures', 'statuspage', `${page}_summary.json`);
    return readSummary(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof InvalidDocumentError)
      throw new PageFailure(error.fault, error.message, { cause: error });
    throw new PageFailure('fixture_missing', `The page ${page} has no URL and no fixture`, { cause: error });
  }
}
