import { METHODS } from 'node:http';
import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import { combinations } from '../telemetry/metrics/label-sets';
import { RequestObserver, type RequestEnd } from './request-observer';

/** Those that HTTP knows: anything else would be a label of the sender's making. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

const LABELS = ['method', 'route', 'status'] as const;

/** What objectives and alerts are about: exported at 0 from the start. */
const KNOWN = [
  ...combinations({ method: ['POST'], route: ['/events'], status: ['202', '500', '503'] }),
  ...combinations({ method: ['POST'], route: ['/ingest/stripe'], status: ['200', '500', '503'] }),
  ...combinations({ method: ['GET'], route: ['/accounts/:id/summary'], status: ['200', '500', '503'] }),
];

/**
 * Counts requests by the route's pattern and never by its path. Where there is no answer, `status` is `incomplete` for a
 * request that never came whole, and `unanswered` for one whose sender hung up before.
 */
@Injectable()
export class HttpMetrics {
  private readonly requests;
  private readonly durations;

  constructor(metrics: MetricsRegistry, observer: RequestObserver) {
    const common = { labels: LABELS, known: KNOWN };
    this.requests = metrics.counter({ ...common, name: 'http_requests_total', help: 'Requests that ended.' });
    const name = 'http_request_duration_seconds';
    const help = 'Time from the head of a request to the end of its answer.';
    this.durations = metrics.histogram({ ...common, name, help });
    observer.observe((end) => this.note(end));
  }

  private note(end: RequestEnd): void {
    const labels = {
      method: KNOWN_METHODS.has(end.method) ? end.method : 'other',
      route: end.route ?? 'unmatched',
      status: statusOf(end),
    };
    this.requests.inc(labels);
    this.durations.observe(labels, end.durationMs / 1_000);
  }
}

function statusOf({ status, isWhole }: RequestEnd): string {
  if (status !== null) return String(status);
  return isWhole ? 'unanswered' : 'incomplete';
}
