import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Settings } from '../config/settings';
import { StorageUnavailableError } from '../database/storage-error';
import { iso } from '../normalization/instant';
import { StatuspageNormalizer } from '../normalization/normalization.module';
import { Recorder } from '../recording/recorder';
import { LeaseLostError } from '../roles/leases';
import { PageEffort } from './page-effort';
import { PageFailure } from './page-failure';
import { PageMetrics } from './page-metrics';
import { countRecorded, type FailedPage, type PageOutcome, type ReadPage } from './page-outcome';
import { PageReader } from './page-reader';
import type { PageStateEntity } from './page-state.entity';
import { PageStates } from './page-states';
import type { Page } from './pages';
import type { Fence } from './shared-poll';
import { readableAgain, unreadableEvent } from './unreadable-event';

/** One poll of one page, under way. */
interface Attempt {
  readonly page: Page;
  /** What was known of the page before. */
  readonly state: PageStateEntity;
  readonly effort: PageEffort;
  readonly requestId: string;
  readonly fence: Fence | undefined;
}

/** How a page is polled. */
export interface PollOptions {
  /** Goes with what is recorded. */
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** Where several processes could poll. */
  readonly fence?: Fence;
}

/** Different warnings remembered, so that each is logged once and not at every poll. */
const MAX_WARNINGS = 1_000;

/**
 * One poll of one page: read, normalize, record. What the page said and what is remembered of it are stored in
 * one transaction, so memory and events never disagree. A page that cannot be read changes nothing but what is
 * known of its own health.
 */
@Injectable()
export class PagePoll {
  private readonly logger = new Logger('Statuspage');
  private readonly warned = new Set<string>();

  constructor(
    private readonly settings: Settings,
    private readonly reader: PageReader,
    private readonly normalizer: StatuspageNormalizer,
    private readonly states: PageStates,
    private readonly recorder: Recorder,
    private readonly metrics: PageMetrics,
  ) {}

  /**
   * Resolves to a failed outcome where the page is at fault.
   *
   * @throws StorageUnavailableError
   */
  async run(page: Page, { requestId, signal, fence }: PollOptions): Promise<PageOutcome> {
    const effort = new PageEffort(this.settings.PAGE_TIMEOUT_MS, signal);
    const attempt = { page, state: await this.states.of(page), effort, requestId, fence };
    const outcome = await this.readOrFail(attempt);
    this.metrics.notePoll(outcome, effort.durationMs);
    return outcome;
  }

  private async readOrFail(attempt: Attempt): Promise<PageOutcome> {
    try {
      return await this.read(attempt);
    } catch (error) {
      if (error instanceof StorageUnavailableError || error instanceof LeaseLostError) throw error;
      return await this.fail(attempt, this.failureOf(attempt.page, error));
    }
  }

  private async read({ page, state, effort, requestId, fence }: Attempt): Promise<ReadPage> {
    const { summary, validators, incidents, incidentsOutcome } = await this.reader.read(page, state, effort);
    const now = Date.now();
    const reading = this.normalizer.normalize({ page, summary, incidents, memory: state.memory, now });
    const recovery = state.stale_event === null ? [] : [readableAgain(state.stale_event, now)];
    const hasNews = JSON.stringify(reading.memory) !== JSON.stringify(state.memory);
    const next: PageStateEntity = {
      ...state,
      ...validators,
      memory: reading.memory,
      last_attempt_at: effort.startedAt,
      last_success_at: now,
      last_change_at: hasNews ? now : state.last_change_at,
      failing_since: null,
      last_error_code: null,
      last_error_message: null,
      retry_at: null,
      stale_event: null,
    };
    const recorded = await this.recorder.record([...reading.events, ...recovery], {
      requestId,
      alongside: (tx) => this.save(tx, next, fence),
    });
    const over = new Set(
      state.memory.known.filter(({ event }) => event.resolved_at !== null).map(({ event }) => event.event_id),
    );
    const outcome: ReadPage = {
      outcome: summary === 'unchanged' ? 'unchanged' : 'read',
      page: page.name,
      source: page.source,
      signals: reading.signals,
      ...countRecorded(recorded, (eventId) => over.has(eventId)),
    };
    this.logger.log(
      {
        ...outcome,
        incidents_document: incidentsOutcome,
        attempts: effort.attempts,
        duration_ms: effort.durationMs,
        request_id: requestId,
      },
      'status page polled',
    );
    this.warn(page, reading.warnings);
    return outcome;
  }

  /** Nothing that was known of the page's incidents changes, and so it is only its own health that may be news. */
  private async fail(
    { page, state, effort, requestId, fence }: Attempt,
    failure: PageFailure,
  ): Promise<FailedPage> {
    const { code, message, status } = failure;
    const outcome: FailedPage = { outcome: 'failed', page: page.name, source: page.source, code, message };
    if (code === 'aborted') return outcome;

    const failingSince = state.failing_since ?? effort.startedAt;
    const isNewlyStale =
      state.stale_event === null && Date.now() - failingSince >= this.settings.SOURCE_STALE_MS;
    const opened = isNewlyStale ? [unreadableEvent(page, failingSince)] : [];
    const next: PageStateEntity = {
      ...state,
      last_attempt_at: effort.startedAt,
      failing_since: failingSince,
      last_error_code: code,
      last_error_message: message,
      retry_at: failure.retryAt,
      stale_event: opened[0] ?? state.stale_event,
    };
    await this.recorder.record(opened, { requestId, alongside: (tx) => this.save(tx, next, fence) });
    this.logger.warn(
      {
        ...outcome,
        status,
        failing_since: iso(failingSince),
        is_stale: next.stale_event !== null,
        attempts: effort.attempts,
        duration_ms: effort.durationMs,
        request_id: requestId,
      },
      'status page could not be read',
    );
    return outcome;
  }

  private async save(tx: EntityManager, state: PageStateEntity, fence: Fence | undefined): Promise<void> {
    await fence?.(tx);
    await this.states.save(tx, state);
  }

  private failureOf(page: Page, error: unknown): PageFailure {
    if (error instanceof PageFailure) return error;
    this.logger.error({ err: error, page: page.name }, 'a poll failed by a defect');
    return new PageFailure('internal_error', 'The answer could not be processed', { cause: error });
  }

  private warn(page: Page, warnings: readonly string[]): void {
    for (const warning of warnings) {
      const key = `${page.name} ${warning}`;
      if (this.warned.has(key) || this.warned.size >= MAX_WARNINGS) continue;
      this.warned.add(key);
      this.logger.warn(
        { page: page.name, source: page.source, warning },
        'status page holds something unexpected',
      );
    }
  }
}
