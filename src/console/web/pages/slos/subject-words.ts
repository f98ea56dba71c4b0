import type { SloDetail } from '../../api/types';
import { durationText } from '../../parts/duration';

/** What is counted, and what of it is good, so that it can stand behind "At least 99.9 % of". */
export function subjectText({ kind, subject }: Pick<SloDetail, 'kind' | 'subject'>): string {
  const { below_ms, cache, queue, vendor } = subject;
  const routes = subject.routes?.join(', ') ?? 'all routes';
  const limit = durationText(below_ms ?? 0);
  switch (kind) {
    case 'availability':
      return `requests to ${routes} are answered`;
    case 'error_rate':
      return `requests to ${routes} are answered without 5xx`;
    case 'latency': {
      const from = cache === null ? '' : cache === 'hit' ? ' from the cache' : ' not from the cache';
      return `answers of ${routes}${from} take less than ${limit}`;
    }
    case 'queue_latency':
      return `what waits in the queue ${queue ?? ''} is stored in less than ${limit}`;
    case 'delivery_latency':
      return `deliveries arrive in less than ${limit} after their event was stored`;
    case 'monitor':
      return 'the minutes in which it is watched are without an outage';
    case 'vendor':
      return `the minutes in which the page of ${vendor ?? 'it'} is read are without an outage`;
  }
}
