import { DAY_MS } from '../../events/summary/time-buckets';
import { maintenanceWithin, type MaintenanceSchedule, type RecurringMaintenance } from '../model/maintenance';
import type { Span } from '../model/spans';

/** So many are shown. */
export const SHOWN_OCCURRENCES = 3;

/** In so many days there are that many, also where it is only on the 31st. */
const HORIZON_DAYS: Readonly<Record<RecurringMaintenance['repeats'], number>> = {
  daily: 4,
  weekly: 22,
  monthly: 190,
};

/** The occurrence that is under way, if one is, and those that come next. */
export function nextOccurrences(schedule: MaintenanceSchedule, now: number): readonly Span[] {
  if (schedule.repeats === 'once') {
    const { starts_at, ends_at } = schedule;
    return ends_at > now ? [{ from_at: starts_at, until_at: ends_at }] : [];
  }
  // What lies across an end of the span would be cut there, and so the span is longer than what is looked at.
  const durationMs = schedule.duration_s * 1_000;
  const from_at = Math.max(now, schedule.from_at ?? now);
  const until_at = from_at + HORIZON_DAYS[schedule.repeats] * DAY_MS;
  return maintenanceWithin([schedule], { from_at: from_at - durationMs, until_at: until_at + durationMs })
    .filter((span) => span.until_at > now && span.from_at < until_at)
    .slice(0, SHOWN_OCCURRENCES);
}
