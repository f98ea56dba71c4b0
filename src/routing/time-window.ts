import { wallTimeAt, WEEKDAYS, type Weekday } from '../normalization/zoned-time';

/** Hours of the week by the clocks of a zone. */
export interface TimeWindow {
  /** Days on which it begins; all of them where there are none. */
  readonly days?: readonly Weekday[];
  /** When it begins and ends, as in `09:00`: both or neither. An end before the beginning is that of the next day. */
  readonly from?: string;
  /** Excluded. */
  readonly to?: string;
  /** Name in the IANA database. */
  readonly timezone: string;
}

/**
 * Whether clocks of the zone show a time of the window at an instant. What comes twice when clocks are set back is in it
 * both times. The hours after midnight belong to the day on which the window began.
 */
export function isWithinWindow({ days = WEEKDAYS, from, to, timezone }: TimeWindow, at: number): boolean {
  const clock = clockAt(timezone, at);
  const isOn = (daysAgo: number): boolean => days.includes(weekdayOf(clock, daysAgo));
  if (from === undefined || to === undefined) return isOn(0);
  const time = timeOf(clock);
  if (from < to) return isOn(0) && from <= time && time < to;
  return (isOn(0) && from <= time) || (isOn(1) && time < to);
}

/** What clocks of the zone show at an instant, as in `mon 09:00`. */
export function shownTime(timezone: string, at: number): string {
  const clock = clockAt(timezone, at);
  return `${weekdayOf(clock, 0)} ${timeOf(clock)}`;
}

/** A window in words, as in `mon, tue 09:00–17:00 (Europe/Berlin)`. */
export function describeWindow({ days, from, to, timezone }: TimeWindow): string {
  const hours = from === undefined || to === undefined ? [] : [`${from}–${to}`];
  return [days === undefined ? 'every day' : days.join(', '), ...hours, `(${timezone})`].join(' ');
}

/** A date whose time in UTC is what clocks of the zone show. */
function clockAt(timezone: string, at: number): Date {
  return new Date(wallTimeAt(timezone, at));
}

function weekdayOf(clock: Date, daysAgo: number): Weekday {
  return WEEKDAYS[(clock.getUTCDay() + WEEKDAYS.length - daysAgo) % WEEKDAYS.length]!;
}

/** Hours and minutes, which compare as text. */
function timeOf(clock: Date): string {
  return clock.toISOString().slice(11, 16);
}
