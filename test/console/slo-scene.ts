import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/events/summary/time-buckets';
import { ALL_REQUESTS, routeSeries } from '../../src/slos/counting/series';
import { TallyBook } from '../../src/slos/counting/tally-book';
import { TargetWatch } from '../../src/slos/counting/target-watch';
import { CountsRepository } from '../../src/slos/storage/counts.repository';
import type { RunningService } from '../harness/service';
import { change } from '../delivery/paging-service';
import { pastEvent, recordAll } from './scene';

const EVENTS = routeSeries('POST /events', null);
const STRIPE = routeSeries('POST /ingest/stripe', null);

/** So long ago there was the first request. */
const DAYS = 45;

/** What failed, so many hours ago, for so many requests. */
const FAILURES = [
  { series: EVENTS, hoursAgo: 12 * 24, times: 400 },
  { series: STRIPE, hoursAgo: 3 * 24, times: 90 },
  // While a vendor's page said that the vendor was down.
  { series: STRIPE, hoursAgo: 45, times: 24 },
  { series: STRIPE, hoursAgo: 5 * 24, times: 3 },
];

/** As if monitors had been made, and pages first been read, a month ago. */
export async function watchSinceLong(service: RunningService): Promise<void> {
  await service.app.get(TargetWatch, { strict: false }).look();
  const monthAgo = Date.now() - 30 * DAY_MS;
  await change(service, 'UPDATE slo_watches SET from_at = ?', [monthAgo]);
  await change(service, 'UPDATE monitors SET created_at = ?', [monthAgo]);
}

/**
 * Six weeks of requests, of which some have failed: counted and stored as a process does, at instants that no test can
 * wait for. Of `POST /ingest/stripe` more was bad in 30 days than is allowed; two of its requests failed just now.
 */
export async function fillObjectives(service: RunningService): Promise<void> {
  const now = Date.now();
  const minute = now - (now % MINUTE_MS);
  const book = new TallyBook();
  const count = (series: string, at: number, outcome: 'good' | 'bad', times: number): void => {
    for (const one of [series, ALL_REQUESTS])
      book.count({ series: one, account_id: '' }, at, outcome, 40, times);
  };
  for (let hour = 2; hour < DAYS * 24; hour++) {
    count(EVENTS, minute - hour * HOUR_MS, 'good', 600);
    count(STRIPE, minute - hour * HOUR_MS, 'good', 100);
  }
  for (let ago = 1; ago <= 60; ago++) {
    count(EVENTS, minute - ago * MINUTE_MS, 'good', 10);
    count(STRIPE, minute - ago * MINUTE_MS, ago === 20 || ago === 40 ? 'bad' : 'good', 10);
  }
  for (const { series, hoursAgo, times } of FAILURES)
    count(series, minute - hoursAgo * HOUR_MS, 'bad', times);
  await service.app.get(CountsRepository, { strict: false }).write(book.rows(now));
  await recordAll(
    service,
    [
      { event_id: 'events-refused', summary: 'Events were refused', ago: 12 * DAY_MS },
      { event_id: 'webhooks-refused', summary: 'Webhooks were refused', ago: 3 * DAY_MS },
    ].map(({ ago, ...event }) => {
      const started_at = minute - ago - 10 * MINUTE_MS;
      const resolved_at = started_at + 34 * MINUTE_MS;
      return pastEvent({ ...event, service: 'ingest', started_at, resolved_at, updated_at: resolved_at });
    }),
  );
}
