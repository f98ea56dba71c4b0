import type { SloDetail } from '../../api/types';
import { subjectText } from './subject-words';

const NOTHING: SloDetail['subject'] = {
  ...{ routes: null, below_ms: null, cache: null },
  ...{ queue: null, monitor: null, vendor: null },
};

describe('what is promised', () => {
  it.each([
    [
      'availability',
      { routes: ['POST /events', 'GET /events'] },
      'requests to POST /events, GET /events are answered',
    ],
    ['error_rate', {}, 'requests to all routes are answered without 5xx'],
    ['latency', { routes: ['GET /a'], below_ms: 200 }, 'answers of GET /a take less than 200 ms'],
    [
      'latency',
      { routes: ['GET /a'], below_ms: 1_000, cache: 'miss' },
      'answers of GET /a not from the cache take less than 1 s',
    ],
    [
      'queue_latency',
      { queue: 'events', below_ms: 5_000 },
      'what waits in the queue events is stored in less than 5 s',
    ],
    [
      'delivery_latency',
      { below_ms: 60_000 },
      'deliveries arrive in less than 1 min after their event was stored',
    ],
    ['monitor', { monitor: 'm1' }, 'the minutes in which it is watched are without an outage'],
    ['vendor', { vendor: 'adyen' }, 'the minutes in which the page of adyen is read are without an outage'],
  ] as const)('of kind %s, about %j', (kind, subject, text) => {
    expect(subjectText({ kind, subject: { ...NOTHING, ...subject } as SloDetail['subject'] })).toBe(text);
  });
});
