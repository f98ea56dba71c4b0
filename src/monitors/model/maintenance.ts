import { DAY_MS } from '../../events/summary/time-buckets';
import { clip, isWithin, unite, type Span } from './spans';
import { instantOf, WEEKDAYS, type Weekday } from '../../normalization/zoned-time';

/** A maintenance that happens once. */
export interface OneOffMaintenance {
  readonly repeats: 'once';
  readonly starts_at: number;
  /** Excluded. */
  readonly ends_at: number;
}

/** What every maintenance that comes back has. */
interface Recurrence {
  /** When it begins by the clocks of the zone, as in `02:30`. */
  readonly local_time: string;
  readonly time_zone: string;
  /** Real time that passes, also where clocks are changed meanwhile. */
  readonly duration_s: number;
  /** None begins before; null for no bound. */
  readonly from_at: number | null;
  /** None begins at or after; null for no bound. */
  readonly until_at: number | null;
}

export interface DailyMaintenance extends Recurrence {
  readonly repeats: 'daily';
}

export interface WeeklyMaintenance extends Recurrence {
  readonly repeats: 'weekly';
  readonly on: readonly Weekday[];
}

export interface MonthlyMaintenance extends Recurrence {
  readonly repeats: 'monthly';
  /** Days of the month. A month without the day has none (RFC 5545, section 3.3.10); every month has a `last`. */
  readonly on: readonly (number | 'last')[];
}

export type RecurringMaintenance = DailyMaintenance | WeeklyMaintenance | MonthlyMaintenance;

/**
 * When somebody works on a target. Checks go on meanwhile, nobody is paged, and the time is left out of uptime.
 *
 * One that comes back begins at a local time of its zone. On a day on which clocks are changed this may be a time
 * that comes twice, and it begins with the first; or one that never comes, and it begins as much later as clocks are
 * set forward (`instantOf`).
 */
export type MaintenanceSchedule = OneOffMaintenance | RecurringMaintenance;

/** When there is maintenance by any of the schedules, within a span: in order, without overlaps, and cut to it. */
export function maintenanceWithin(schedules: readonly MaintenanceSchedule[], within: Span): readonly Span[] {
  return unite(
    schedules.flatMap((schedule) => occurrencesOf(schedule, within)).map((span) => clip(span, within)),
  );
}

/** Whether there is maintenance by any of the schedules at an instant. */
export function isInMaintenance(schedules: readonly MaintenanceSchedule[], at: number): boolean {
  return schedules.some((schedule) =>
    isWithin(occurrencesOf(schedule, { from_at: at, until_at: at + 1 }), at),
  );
}

/** All that may reach into the span, whole; and possibly a few beside it. */
function occurrencesOf(schedule: MaintenanceSchedule, { from_at, until_at }: Span): readonly Span[] {
  if (schedule.repeats === 'once') return [{ from_at: schedule.starts_at, until_at: schedule.ends_at }];
  const durationMs = schedule.duration_s * 1_000;
  const occurrences: Span[] = [];
  // Local dates differ from those of UTC by one, and clocks were set forward by a whole day before now.
  const first = Math.floor((from_at - durationMs) / DAY_MS) - 2;
  const last = Math.floor(until_at / DAY_MS) + 1;
  for (let day = first; day <= last; day += 1) {
    if (!isOnDay(schedule, new Date(day * DAY_MS))) continue;
    const at = instantOf(schedule.time_zone, day * DAY_MS + msOf(schedule.local_time));
    if (isBetween(schedule, at)) occurrences.push({ from_at: at, until_at: at + durationMs });
  }
  return occurrences;
}

/** @param date midnight in UTC of what is a date of the schedule's zone */
function isOnDay(schedule: RecurringMaintenance, date: Date): boolean {
  switch (schedule.repeats) {
    case 'daily':
      return true;
    case 'weekly':
      return schedule.on.some((weekday) => WEEKDAYS.indexOf(weekday) === date.getUTCDay());
    case 'monthly':
      return schedule.on.some((day) => (day === 'last' ? isLastOfMonth(date) : day === date.getUTCDate()));
  }
}

function isLastOfMonth(date: Date): boolean {
  return new Date(date.getTime() + DAY_MS).getUTCDate() === 1;
}

function isBetween({ from_at, until_at }: RecurringMaintenance, at: number): boolean {
  return (from_at === null || at >= from_at) && (until_at === null || at < until_at);
}

/** A time of day as milliseconds since midnight. */
function msOf(localTime: string): number {
  const [hours, minutes] = localTime.split(':').map(Number);
  return ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000;
}
