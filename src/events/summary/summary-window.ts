import { bucketOf, bucketsBetween, DAY_MS, HOUR_MS, MINUTE_MS, type Bucket } from './time-buckets';

/** How far back a summary can look. */
export const WINDOWS = ['1h', '24h', '7d', '30d'] as const;
export type SummaryWindow = (typeof WINDOWS)[number];

const LENGTHS_MS: Record<SummaryWindow, number> = {
  '1h': HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
};

/** Which buckets a window is made of. */
export interface WindowBuckets {
  /** Where it begins, included. It ends now. */
  readonly startAt: number;
  /** Those that hold the window's events, each once, and no others. */
  readonly counts: readonly Bucket[];
  /** Those that hold its users. They may begin before the window, because users are not counted by the minute. */
  readonly users: readonly Bucket[];
}

/**
 * The few buckets that a window is added up from, however many events they hold: 61 minutes, 25 hours, or days with
 * the hours before the first of them. The newest one of each holds what has come up to now.
 */
export function bucketsOf(window: SummaryWindow, now: number): WindowBuckets {
  const from = now - LENGTHS_MS[window];
  const until = now + 1;
  if (window === '1h') {
    const startAt = bucketOf(from, MINUTE_MS).bucket_at;
    const hourAt = bucketOf(startAt, HOUR_MS).bucket_at;
    return {
      startAt,
      counts: bucketsBetween(startAt, until, MINUTE_MS),
      users: bucketsBetween(hourAt, until, HOUR_MS),
    };
  }
  const startAt = bucketOf(from, HOUR_MS).bucket_at;
  const daysFrom = window === '24h' ? until : bucketOf(startAt + DAY_MS - 1, DAY_MS).bucket_at;
  const buckets = [...bucketsBetween(startAt, daysFrom, HOUR_MS), ...bucketsBetween(daysFrom, until, DAY_MS)];
  return { startAt, counts: buckets, users: buckets };
}
