import { bucketOf, DAY_MS, HOUR_MS } from '../../events/summary/time-buckets';
import { UPTIME_WINDOWS, type UptimeWindow } from '../model/uptime';

/** What is counted for a window: whole buckets of one length, so that any window costs at most 169 rows. */
export interface UptimeSpan {
  readonly span_ms: number;
  /** Where the first of them begins. */
  readonly from_at: number;
  /** Now, within the last of them. */
  readonly until_at: number;
}

/** Up to a week is counted by hours, more by days of UTC. It begins with the hour or day that the window begins in. */
export function uptimeSpan(window: UptimeWindow, now: number): UptimeSpan {
  const lengthMs = UPTIME_WINDOWS[window];
  const span_ms = lengthMs <= 7 * DAY_MS ? HOUR_MS : DAY_MS;
  return { span_ms, from_at: bucketOf(now - lengthMs, span_ms).bucket_at, until_at: now };
}
