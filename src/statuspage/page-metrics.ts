import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { Leadership } from '../roles/leadership';
import { combinations } from '../telemetry/metrics/label-sets';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import { Readings } from '../telemetry/metrics/readings';
import { PAGE_FAILURE_CODES } from './page-failure';
import type { PageOutcome } from './page-outcome';
import { PageStates } from './page-states';
import { pagesOf } from './pages';

/** How a poll may end: the page was read, had not changed, or could not be read for one of the known reasons. */
const OUTCOMES = ['read', 'unchanged', ...PAGE_FAILURE_CODES];

/** What the polling of status pages tells of itself. Sources are those of the settings. */
@Injectable()
export class PageMetrics {
  private readonly polls;
  private readonly durations;

  constructor(
    settings: Settings,
    states: PageStates,
    leadership: Leadership,
    metrics: MetricsRegistry,
    readings: Readings,
  ) {
    const pages = pagesOf(settings);
    const labels = ['source'] as const;
    const known = combinations({ source: pages.map(({ source }) => source) });
    this.polls = metrics.counter({
      name: 'source_polls_total',
      help: 'Polls of status pages, by how they ended: read, unchanged, or why the page could not be read.',
      labels: ['source', 'outcome'] as const,
      known: combinations({ source: pages.map(({ source }) => source), outcome: OUTCOMES }),
    });
    const duration = {
      name: 'source_poll_duration_seconds',
      help: 'Time of a poll, retries and the commit included.',
    };
    this.durations = metrics.histogram({ ...duration, labels, known });
    const success = metrics.gauge({
      name: 'source_last_success_timestamp_seconds',
      help: 'When a status page was last read; 0 where it never was.',
      labels,
    });
    const stale = metrics.gauge({
      name: 'source_stale',
      help: 'Whether a status page could not be read for SOURCE_STALE_MS.',
      labels,
    });
    readings.add({
      name: 'sources',
      isOurs: () => leadership.isLeader,
      read: async () => {
        for (const { source, last_success_at, is_stale } of await states.health(pages)) {
          success.set({ source }, last_success_at === null ? 0 : Date.parse(last_success_at) / 1_000);
          stale.set({ source }, is_stale ? 1 : 0);
        }
      },
      forget: () => [success, stale].forEach((gauge) => gauge.reset()),
    });
  }

  /** A poll of this process has ended. */
  notePoll(outcome: PageOutcome, durationMs: number): void {
    const { source } = outcome;
    this.polls.inc({ source, outcome: outcome.outcome === 'failed' ? outcome.code : outcome.outcome });
    this.durations.observe({ source }, durationMs / 1_000);
  }
}
