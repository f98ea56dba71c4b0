import fc from 'fast-check';
import { instantOf, WEEKDAYS } from '../normalization/zoned-time';
import { describeWindow, isWithinWindow, shownTime, type TimeWindow } from './time-window';

const at = (text: string): number => Date.parse(text);

const OFFICE: TimeWindow = { days: ['mon', 'fri'], from: '09:00', to: '17:00', timezone: 'Europe/Berlin' };
const NIGHT: TimeWindow = { days: ['fri'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' };
/** The hours in which clocks are changed: 2026-03-29 forward and 2026-10-25 back, both Sundays. */
const CHANGE: TimeWindow = { days: ['sun'], from: '02:00', to: '03:00', timezone: 'Europe/Berlin' };

describe('a time window', () => {
  it.each<[what: string, window: TimeWindow, instant: string, isWithin: boolean]>([
    ['holds its beginning', OFFICE, '2026-01-16T08:00:00Z', true],
    ['does not hold the minute before', OFFICE, '2026-01-16T07:59:59Z', false],
    ['does not hold its end', OFFICE, '2026-01-16T16:00:00Z', false],
    ['is an hour earlier in UTC in summer', OFFICE, '2026-07-17T07:00:00Z', true],
    ['does not hold other days', OFFICE, '2026-01-17T10:00:00Z', false],
    ['goes on after midnight', NIGHT, '2026-01-17T04:59:00Z', true],
    ['belongs to the day on which it began', NIGHT, '2026-01-16T04:59:00Z', false],
    ['ends on the morning after', NIGHT, '2026-01-17T05:00:00Z', false],
    ['is left out where clocks are set forward over it', CHANGE, '2026-03-29T01:00:00Z', false],
    ['is there before', CHANGE, '2026-03-29T00:59:59Z', false],
    ['comes once where clocks are set back', CHANGE, '2026-10-25T00:30:00Z', true],
    ['and comes again', CHANGE, '2026-10-25T01:30:00Z', true],
    [
      'is all day without hours',
      { days: ['fri'], timezone: 'Pacific/Auckland' },
      '2026-01-15T11:00:00Z',
      true,
    ],
    ['is every day without days', { timezone: 'UTC' }, '2026-01-15T11:00:00Z', true],
  ])('%s', (_what, window, instant, isWithin) => {
    expect(isWithinWindow(window, at(instant))).toBe(isWithin);
  });

  it('holds exactly what lies between its beginnings and ends, found by going through the days', () => {
    const hours = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:00`);
    const windows = fc.record({
      days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
      from: hours,
      to: hours,
      timezone: fc.constantFrom(
        'Europe/Berlin',
        'America/New_York',
        'UTC',
        'Australia/Lord_Howe',
        'Asia/Kolkata',
      ),
    });
    const instants = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') });
    fc.assert(
      fc.property(windows, instants, (window, instant) => {
        fc.pre(window.from !== window.to && !isNearChange(window.timezone, instant));
        expect(isWithinWindow(window, instant)).toBe(isBetween(window, instant));
      }),
      { numRuns: 500 },
    );
  });

  it('is told in words', () => {
    expect(describeWindow(NIGHT)).toBe('fri 22:00–06:00 (Europe/Berlin)');
    expect(describeWindow({ timezone: 'UTC' })).toBe('every day (UTC)');
    expect(shownTime('Europe/Berlin', at('2026-07-17T07:05:00Z'))).toBe('fri 09:05');
  });
});

const DAY_MS = 86_400_000;

/** The hours around a change of clocks have examples of their own above. */
function isNearChange(timezone: string, instant: number): boolean {
  const day = Math.floor(instant / DAY_MS);
  const lengths = [-2, -1, 0, 1, 2].map(
    (n) => instantOf(timezone, (day + n + 1) * DAY_MS) - instantOf(timezone, (day + n) * DAY_MS),
  );
  return lengths.some((length) => length !== DAY_MS);
}

/** Goes through the days around, and looks whether the instant lies between beginning and end of one of them. */
function isBetween({ days = [], from = '', to = '', timezone }: TimeWindow, instant: number): boolean {
  const hourOf = (text: string): number => Number(text.slice(0, 2)) * 3_600_000;
  return [-2, -1, 0, 1].some((offset) => {
    const midnight = (Math.floor(instant / DAY_MS) + offset) * DAY_MS;
    if (!days.includes(WEEKDAYS[new Date(midnight).getUTCDay()]!)) return false;
    const end = midnight + hourOf(to) + (to <= from ? DAY_MS : 0);
    return instantOf(timezone, midnight + hourOf(from)) <= instant && instant < instantOf(timezone, end);
  });
}
