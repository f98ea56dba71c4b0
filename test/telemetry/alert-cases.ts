/** Series by their samples, in promtool's notation: `0+1x60` is 0, 1, … 60. */
export type Series = Readonly<Record<string, string>>;

/** When an alert fires, and when something that looks like it does not. */
export interface AlertCase {
  readonly firing: Series;
  readonly quiet: Series;
  /** Minutes after which is looked; enough for the alert's `for`. */
  readonly at?: number;
  /** Minutes from sample to sample; default 1. */
  readonly step?: number;
  /** Labels of what fires, besides its severity. */
  readonly labels: Readonly<Record<string, string>>;
}

const JOB = { job: 'signalbox' };
const POST_EVENTS = { method: 'POST', route: '/events' };
/** Three days in steps of ten minutes, and in minutes. */
const STEPS_OF_3_DAYS = 432;
const MINUTES_OF_3_DAYS = 4_320;

/** Requests to a route, so many of each status in each step. */
function requests(steps: number, perStep: Readonly<Record<string, number>>, route = '/events'): Series {
  return Object.fromEntries(
    Object.entries(perStep).map(([status, count]) => [
      `http_requests_total{job="signalbox",method="POST",route="${route}",status="${status}"}`,
      `0+${count}x${steps}`,
    ]),
  );
}

/** Observations of a histogram: so many a minute, all of them of one bucket. */
function observed(name: string, labels: string, bounds: readonly string[], from: string): Series {
  const first = bounds.indexOf(from);
  const series = bounds.map((bound, index) => {
    return [`${name}_bucket{${labels},le="${bound}"}`, `0+${index < first ? 0 : 60}x30`] as const;
  });
  return Object.fromEntries([...series, [`${name}_bucket{${labels},le="+Inf"}`, '0+60x30']]);
}

/** A gauge that is one value all the time. */
function constantly(sample: string, value: number): Series {
  return { [sample]: `${value}x30` };
}

/** For every alert of deploy/prometheus/rules. */
export const ALERT_CASES: Readonly<Record<string, AlertCase>> = {
  SignalboxBurnPage: {
    // 2 of 100 fail: 20 times what is allowed. One of them in all is no trend.
    firing: requests(30, { 202: 98, 503: 2, 400: 500 }),
    quiet: {
      'http_requests_total{job="signalbox",method="POST",route="/events",status="202"}': '0+1x30',
      'http_requests_total{job="signalbox",method="POST",route="/events",status="503"}': '0x27 1x3',
    },
    labels: POST_EVENTS,
  },
  SignalboxBurnTicket: {
    // 2 of 1,000 fail: twice what is allowed, which is too slow for a page.
    firing: requests(STEPS_OF_3_DAYS, { 202: 998, 503: 2 }),
    quiet: requests(STEPS_OF_3_DAYS, { 202: 9_995, 503: 5, 400: 900 }),
    at: MINUTES_OF_3_DAYS,
    step: 10,
    labels: POST_EVENTS,
  },
  SignalboxBudgetBreached: {
    firing: requests(30, { 202: 997, unanswered: 3 }),
    quiet: requests(30, { 202: 9_995, unanswered: 5 }),
    labels: POST_EVENTS,
  },
  SignalboxBudgetLow: {
    firing: requests(30, { 200: 9_992, 500: 8 }, '/ingest/stripe'),
    quiet: requests(30, { 200: 9_996, 500: 4 }, '/ingest/stripe'),
    labels: { method: 'POST', route: '/ingest/stripe' },
  },
  SignalboxErrors: {
    firing: requests(30, { 202: 98, 503: 2 }),
    quiet: requests(30, { 202: 995, 503: 5, 400: 300 }),
    labels: JOB,
  },
  SignalboxSlow: {
    firing: observed(
      'http_request_duration_seconds',
      'job="signalbox",method="POST",route="/events",status="202"',
      ['0.3', '0.5', '1'],
      '1',
    ),
    quiet: observed(
      'http_request_duration_seconds',
      'job="signalbox",method="POST",route="/events",status="202"',
      ['0.3', '0.5', '1'],
      '0.3',
    ),
    labels: POST_EVENTS,
  },
  SignalboxDown: {
    firing: constantly('up{job="signalbox",instance="a"}', 0),
    quiet: constantly('up{job="signalbox",instance="a"}', 1),
    labels: { ...JOB, instance: 'a' },
  },
  SignalboxAbsent: {
    firing: constantly('up{job="another"}', 1),
    quiet: constantly('up{job="signalbox"}', 0),
    labels: JOB,
  },
  SignalboxRestarts: {
    firing: { 'process_start_time_seconds{job="signalbox",instance="a"}': '0+300x30' },
    quiet: { 'process_start_time_seconds{job="signalbox",instance="a"}': '100x10 200x20' },
    labels: { ...JOB, instance: 'a' },
  },
  SignalboxNoLeader: {
    firing: {
      ...constantly('process_is_leader{job="signalbox",instance="a"}', 0),
      ...constantly('process_is_leader{job="signalbox",instance="b"}', 0),
    },
    quiet: {
      ...constantly('process_is_leader{job="signalbox",instance="a"}', 0),
      ...constantly('process_is_leader{job="signalbox",instance="b"}', 1),
    },
    labels: JOB,
  },
  SignalboxTwoLeaders: {
    firing: {
      ...constantly('process_is_leader{job="signalbox",instance="a"}', 1),
      ...constantly('process_is_leader{job="signalbox",instance="b"}', 1),
    },
    quiet: {
      ...constantly('process_is_leader{job="signalbox",instance="a"}', 1),
      ...constantly('process_is_leader{job="signalbox",instance="b"}', 0),
    },
    labels: JOB,
  },
  SignalboxDurabilityMismatch: {
    firing: constantly('durability_mismatch{job="signalbox",instance="a"}', 1),
    quiet: constantly('durability_mismatch{job="signalbox",instance="a"}', 0),
    labels: { ...JOB, instance: 'a' },
  },
  SignalboxQueuedEventsMissing: {
    firing: constantly('queued_events_missing{job="signalbox",instance="a"}', 2),
    quiet: constantly('queued_events_missing{job="signalbox",instance="a"}', 0),
    labels: { ...JOB, instance: 'a' },
  },
  SignalboxCriticalUnaccounted: {
    firing: constantly('critical_events_unaccounted{job="signalbox",instance="a"}', 1),
    quiet: constantly('critical_events_unaccounted{job="signalbox",instance="a"}', 0),
    labels: { ...JOB, instance: 'a' },
  },
  SignalboxDeliveriesDead: {
    firing: { 'deliveries_total{job="signalbox",destination="pagerduty",status="dead"}': '0x20 1x10' },
    quiet: {
      'deliveries_total{job="signalbox",destination="pagerduty",status="dead"}': '1x30',
      'deliveries_total{job="signalbox",destination="pagerduty",status="delivered"}': '0+5x30',
    },
    at: 24,
    labels: { destination: 'pagerduty' },
  },
  SignalboxDeliveriesWaiting: {
    firing: { 'deliveries_oldest_due_age_seconds{job="signalbox"}': '0+60x30' },
    quiet: constantly('deliveries_oldest_due_age_seconds{job="signalbox"}', 299),
    labels: JOB,
  },
  SignalboxDeliveriesSlow: {
    firing: observed('delivery_latency_seconds', 'destination="pagerduty"', ['2.5', '5', '10'], '10'),
    quiet: observed('delivery_latency_seconds', 'destination="pagerduty"', ['2.5', '5', '10'], '5'),
    labels: { destination: 'pagerduty' },
  },
  SignalboxBreakerOpen: {
    firing: constantly('circuit_breaker_state{job="signalbox",name="pagerduty",state="closed"}', 0),
    quiet: { 'circuit_breaker_state{job="signalbox",name="pagerduty",state="closed"}': '1 1 0 0 0 1x30' },
    labels: { ...JOB, name: 'pagerduty', state: 'closed' },
  },
  SignalboxDeadLetters: {
    firing: constantly('dead_letters{job="signalbox"}', 1),
    quiet: constantly('dead_letters{job="signalbox"}', 0),
    labels: JOB,
  },
  SignalboxQueueDeep: {
    firing: constantly('bullmq_queue_waiting{job="signalbox",queue="events"}', 10_001),
    quiet: {
      ...constantly('bullmq_queue_waiting{instance="a",queue="events"}', 9_000),
      ...constantly('bullmq_queue_waiting{instance="b",queue="events"}', 9_000),
    },
    labels: { queue: 'events' },
  },
  SignalboxQueueStuck: {
    firing: {
      ...constantly('bullmq_queue_waiting{instance="a",queue="events"}', 3),
      ...constantly('queue_consumer_progress_age_seconds{instance="a",queue="events"}', -1),
      'queue_consumer_progress_age_seconds{instance="b",queue="events"}': '0+60x30',
    },
    quiet: {
      ...constantly('bullmq_queue_waiting{instance="a",queue="events"}', 3),
      ...constantly('queue_consumer_progress_age_seconds{instance="a",queue="events"}', 2),
      'queue_consumer_progress_age_seconds{instance="b",queue="events"}': '0+60x30',
    },
    labels: { queue: 'events' },
  },
  SignalboxQueueSlow: {
    firing: observed('queue_latency_seconds', 'queue="events"', ['2.5', '5', '10'], '10'),
    quiet: observed('queue_latency_seconds', 'queue="events"', ['2.5', '5', '10'], '5'),
    labels: { queue: 'events' },
  },
  SignalboxRedisAway: {
    firing: constantly('redis_usable{job="signalbox",instance="a"}', 0),
    quiet: constantly('redis_usable{job="signalbox",instance="a"}', 1),
    labels: { ...JOB, instance: 'a' },
  },
  SignalboxIntakeRefusing: {
    firing: { 'intake_refused_total{job="signalbox",sender="tenant"}': '0+5x30' },
    quiet: { 'intake_refused_total{job="signalbox",sender="tenant"}': '7x30' },
    labels: { ...JOB, sender: 'tenant' },
  },
  SignalboxCommitsSlow: {
    firing: observed('commit_duration_seconds', 'job="signalbox"', ['0.5', '1', '2.5'], '2.5'),
    quiet: observed('commit_duration_seconds', 'job="signalbox"', ['0.5', '1', '2.5'], '1'),
    labels: JOB,
  },
  SignalboxSourceStale: {
    firing: constantly('source_stale{job="signalbox",source="braze_status"}', 1),
    quiet: constantly('source_stale{job="signalbox",source="braze_status"}', 0),
    labels: { source: 'braze_status' },
  },
  SignalboxSourceUnread: {
    // promtool's clock begins at 0.
    firing: { 'source_last_success_timestamp_seconds{job="signalbox",source="braze_status"}': '1x40' },
    quiet: {
      'source_last_success_timestamp_seconds{job="signalbox",source="braze_status"}': '1+60x40',
      ...constantly('source_last_success_timestamp_seconds{source="never"}', 0),
    },
    at: 39,
    labels: { source: 'braze_status' },
  },
  SignalboxChecksLate: {
    firing: observed('monitor_check_lag_seconds', 'job="signalbox"', ['10', '30', '60'], '60'),
    quiet: observed('monitor_check_lag_seconds', 'job="signalbox"', ['10', '30', '60'], '30'),
    labels: JOB,
  },
  SignalboxChecksHeld: {
    firing: constantly('monitor_decisions_held{job="signalbox",instance="a"}', 1),
    quiet: constantly('monitor_decisions_held{job="signalbox",instance="a"}', 0),
    labels: { ...JOB, instance: 'a' },
  },
  SignalboxReadingsStale: {
    firing: { 'reading_age_seconds{job="signalbox",reading="deliveries"}': '0+60x30' },
    quiet: {
      ...constantly('reading_age_seconds{job="signalbox",reading="deliveries"}', 14),
      ...constantly('reading_failures_total{job="signalbox",reading="deliveries"}', 3),
    },
    labels: { ...JOB, reading: 'deliveries' },
  },
  SignalboxEventLoopBlocked: {
    firing: constantly('nodejs_eventloop_lag_p99_seconds{job="signalbox",instance="a"}', 0.7),
    quiet: constantly('nodejs_eventloop_lag_p99_seconds{job="signalbox",instance="a"}', 0.02),
    labels: { ...JOB, instance: 'a' },
  },
};
