import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { KINDS, SEVERITIES } from '../normalization/normalized-event';
import { combinations } from '../telemetry/metrics/label-sets';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import { DurabilityAudit } from './durability-audit';
import { IntakeBuffer } from './intake-buffer';
import type { RecordedEvent } from './recorded';

/** Upper bounds of how many events share a transaction. */
const BATCH_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

/** Sources that every installation has; each polled page is one more. */
const SOURCES = ['stripe', 'app', 'monitor', 'upstream', 'slo'];

const OF_SOURCE = ['source'] as const;

/** What `record()` tells of itself. */
@Injectable()
export class RecordingMetrics {
  private readonly ingested;
  private readonly outcomes;
  private readonly commits;
  private readonly batches;

  constructor(
    metrics: MetricsRegistry,
    settings: Settings,
    buffer: IntakeBuffer,
    private readonly audit: DurabilityAudit,
  ) {
    const sources = [...SOURCES, ...settings.pageNames.map((name) => `${name}_status`)];
    const known = combinations({ source: sources });
    this.ingested = metrics.counter({
      name: 'events_ingested_total',
      help: 'New events that are stored.',
      labels: ['source', 'kind', 'severity'] as const,
      known: combinations({ source: sources, kind: KINDS, severity: SEVERITIES }),
    });
    const counted = (name: string, help: string): ReturnType<typeof metrics.counter<'source'>> =>
      metrics.counter({ name, help, labels: OF_SOURCE, known });
    this.outcomes = {
      changed: counted('events_revised_total', 'Further revisions of known events.'),
      duplicate: counted('events_deduplicated_total', 'Events that were known, and said nothing new.'),
      stale: counted('events_stale_total', 'States that were older than what is known, and ignored.'),
    };
    this.commits = metrics.histogram({
      name: 'commit_duration_seconds',
      help: 'Time of the transactions that store events, waiting for their turn included.',
    });
    const help = 'Events in a transaction.';
    this.batches = metrics.histogram({ name: 'commit_batch_events', help }, BATCH_BUCKETS);
    metrics.gauge(
      { name: 'intake_buffer_events', help: 'Events that were taken in and are not stored yet.' },
      (gauge) => gauge.set(buffer.load.events),
    );
    metrics.gauge(
      { name: 'intake_buffer_bytes', help: 'Characters of their signals, which are mostly bytes.' },
      (gauge) => gauge.set(buffer.load.bytes),
    );
  }

  /** Watches over a call of `record()` from when its events are taken in to its answer. */
  watch<T>(events: number, store: () => Promise<T>): Promise<T> {
    return this.audit.watch(events, store);
  }

  /** Measures a transaction, and counts what it has stored once it is committed. */
  async commit(write: () => Promise<RecordedEvent[][]>): Promise<RecordedEvent[][]> {
    const startedAt = performance.now();
    const results = await write();
    this.commits.observe((performance.now() - startedAt) / 1_000);
    const recorded = results.flat();
    this.batches.observe(recorded.length);
    this.audit.noteDurable(recorded.length);
    this.count(recorded);
    return results;
  }

  /** Added up first: a transaction may hold thousands, mostly of one sort. */
  private count(recorded: readonly RecordedEvent[]): void {
    const sums = new Map<string, { readonly one: RecordedEvent; count: number }>();
    for (const one of recorded) {
      const { source, kind, severity } = one.event;
      const key = `${one.outcome} ${source} ${kind} ${severity}`;
      const sum = sums.get(key);
      if (sum === undefined) sums.set(key, { one, count: 1 });
      else sum.count++;
    }
    for (const { one, count } of sums.values()) {
      const { source, kind, severity } = one.event;
      if (one.outcome === 'stored') this.ingested.inc({ source, kind, severity }, count);
      else this.outcomes[one.outcome].inc({ source }, count);
    }
  }
}
