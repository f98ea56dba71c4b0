/** Longer than any zone is off, and as long as no two changes of clocks are apart. */
const DAY_MS = 86_400_000;

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** By lower-case name, so that there are never more of them than zones. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/**
 * Whether it names a time zone of the IANA database (https://www.iana.org/time-zones), as the JavaScript engine has
 * it. Offsets such as `+01:00`, which the engine takes too, are none: they know no summer time.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * What clocks in the zone show at an instant, as the instant (milliseconds since 1970) at which clocks of UTC show
 * the same, to the second.
 */
export function wallTimeAt(timeZone: string, at: number): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The instant at which clocks in the zone show a wall time, given as `wallTimeAt` gives it. Where they show it twice,
 * when they are set back, it is the first time. Where they never show it, when they are set forward, it is as much
 * later as they are set forward: 02:30 becomes 03:30. So has it RFC 5545, section 3.3.5.
 */
export function instantOf(timeZone: string, wallTime: number): number {
  // A zone is at most 14 hours off, so that these are on both sides of whatever change there is.
  const before = wallTime - offsetAt(timeZone, wallTime - DAY_MS);
  const after = wallTime - offsetAt(timeZone, wallTime + DAY_MS);
  const fitting = [before, after].filter((at) => wallTimeAt(timeZone, at) === wallTime);
  return fitting.length === 0 ? before : Math.min(...fitting);
}

/** How far clocks in the zone are ahead of UTC, in milliseconds. */
function offsetAt(timeZone: string, at: number): number {
  return wallTimeAt(timeZone, at) - at;
}

/** @throws RangeError where there is no such zone */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const key = timeZone.toLowerCase();
  const known = FORMATS.get(key);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  FORMATS.set(key, format);
  return format;
}
