import type { Service } from '../../api/types';

const DAY_MS = 86_400_000;
const DAYS = 90;

/** A day's trouble this small is still to be seen. */
const LEAST_SHARE = 0.15;

/** A day of a service's history; shares are what is drawn of it, from 0 to 1. */
export interface DaySegment {
  /** In UTC. */
  readonly date: string;
  /** Whether anything is known of the day. */
  readonly isKnown: boolean;
  readonly outage_s: number;
  readonly degraded_s: number;
  readonly outage_share: number;
  readonly degraded_share: number;
}

/**
 * The 90 days that end with the one of `until`, oldest first. Shares are those of the whole day, but never so small that
 * a short outage could be overlooked. Instants are ISO-8601 UTC; nothing is known where `since` is not before `until`.
 */
export function segmentsOf(days: Service['days'], since: string, until: string): DaySegment[] {
  const troubled = new Map(days.map((day) => [day.date, day]));
  const isKnownAtAll = Date.parse(since) < Date.parse(until);
  const last = Math.floor(Date.parse(until) / DAY_MS) * DAY_MS;
  return Array.from({ length: DAYS }, (_, index) => {
    const at = last - (DAYS - 1 - index) * DAY_MS;
    const date = new Date(at).toISOString().slice(0, 10);
    const { outage_s = 0, degraded_s = 0 } = troubled.get(date) ?? {};
    const outage_share = shareOf(outage_s);
    return {
      date,
      isKnown: isKnownAtAll && at + DAY_MS > Date.parse(since),
      outage_s,
      degraded_s,
      outage_share,
      degraded_share: Math.min(shareOf(degraded_s), 1 - outage_share),
    };
  });
}

function shareOf(seconds: number): number {
  return seconds === 0 ? 0 : Math.min(1, Math.max(LEAST_SHARE, (seconds * 1_000) / DAY_MS));
}
