import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { VERSION } from '../../config/version';
import { toOpenMetrics, type Format } from './exposition';

/** What a metric is called and says. The name follows https://prometheus.io/docs/practices/naming/. */
export interface MetricOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
  /** Label sets that are known beforehand: exported at 0, so that a rate sees the first increase too. */
  readonly known?: readonly Readonly<Record<Label, string>>[];
}

/** Upper bounds in seconds of what is awaited by somebody: requests, commits, attempts. */
export const DURATION_BUCKETS: readonly number[] = [
  0.005, 0.01, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 1, 2.5, 5, 10,
];

/** Upper bounds in seconds of what goes on behind: queues, deliveries, lag. */
export const LATENCY_BUCKETS: readonly number[] = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/**
 * Gauges of the runtime that end in `_total`, which is for counters. prom-client exports each of them by kind as well,
 * under a name without it.
 */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

let runtime: Registry | undefined;

/** The metrics of the Node process, which all services within it share. */
function runtimeMetrics(): Registry {
  if (runtime !== undefined) return runtime;
  runtime = new Registry();
  collectDefaultMetrics({ register: runtime });
  for (const name of MISNAMED) runtime.removeSingleMetric(name);
  return runtime;
}

/** The metrics of one service. Each module makes its own few here, next to the code that they are about. */
@Injectable()
export class MetricsRegistry {
  private readonly ofRuntime = runtimeMetrics();
  private readonly registry = new Registry();
  private readonly written: (() => string)[] = [];

  constructor() {
    const labels = ['version', 'node'] as const;
    const info = { version: VERSION, node: process.versions.node };
    this.gauge({ name: 'signalbox_build_info', help: 'The running version; always 1.', labels }).set(info, 1);
  }

  /** Something that is counted, since the process began. `total` tells it at every scrape, where it is counted elsewhere. */
  counter<Label extends string = never>(options: MetricOptions<Label>, total?: () => number): Counter<Label> {
    const collect = (count: number): void => {
      counter.reset();
      counter.inc(count);
    };
    const hook = total === undefined ? {} : { collect: () => collect(total()) };
    const counter: Counter<Label> = new Counter<Label>({ ...this.configured(options), ...hook });
    for (const labels of options.known ?? []) counter.inc(labels, 0);
    return counter;
  }

  /** Something that goes up and down. `collect` sets it anew at every scrape, from what the process knows. */
  gauge<Label extends string = never>(
    options: MetricOptions<Label>,
    collect?: (gauge: Gauge<Label>) => void,
  ): Gauge<Label> {
    const hook = collect === undefined ? {} : { collect: () => collect(gauge) };
    const gauge: Gauge<Label> = new Gauge<Label>({ ...this.configured(options), ...hook });
    for (const labels of options.known ?? []) gauge.set(labels, 0);
    return gauge;
  }

  /** Something that is distributed over buckets with the given upper bounds. */
  histogram<Label extends string = never>(
    options: MetricOptions<Label>,
    buckets: readonly number[] = DURATION_BUCKETS,
  ): Histogram<Label> {
    const histogram = new Histogram<Label>({ ...this.configured(options), buckets: [...buckets] });
    for (const labels of options.known ?? []) histogram.zero(labels);
    return histogram;
  }

  /**
   * A gauge that brings its lines in the text format, HELP and TYPE included: for one with thousands of label sets, which
   * prom-client would take a tenth of a second to put together at every scrape, in which nothing else happens.
   */
  writtenGauge(text: () => string): void {
    this.written.push(text);
  }

  /** Everything, as a scraper reads it. */
  async render(format: Format): Promise<string> {
    const parts = await Promise.all([this.ofRuntime.metrics(), this.registry.metrics()]);
    const text = parts.join('\n');
    const written = this.written.map((one) => one()).join('');
    return format === 'openmetrics' ? `${toOpenMetrics(text)}${written}# EOF\n` : `${text}${written}`;
  }

  private configured<Label extends string>(
    options: MetricOptions<Label>,
  ): { name: string; help: string; labelNames: Label[]; registers: Registry[] } {
    const { name, help, labels = [] } = options;
    return { name, help, labelNames: [...labels], registers: [this.registry] };
  }
}
