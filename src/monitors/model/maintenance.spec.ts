import fc from 'fast-check';
import {
  isInMaintenance,
  maintenanceWithin,
  type DailyMaintenance,
  type MaintenanceSchedule,
  type MonthlyMaintenance,
  type WeeklyMaintenance,
} from './maintenance';
import { WEEKDAYS } from '../../normalization/zoned-time';
import { isWithin } from './spans';

const HOUR_S = 3_600;
const BERLIN = {
  local_time: '02:30',
  time_zone: 'Europe/Berlin',
  duration_s: HOUR_S,
  from_at: null,
  until_at: null,
};
const DAILY: DailyMaintenance = { repeats: 'daily', ...BERLIN };
const WEEKLY: WeeklyMaintenance = { repeats: 'weekly', on: ['sun'], ...BERLIN };
const MONTHLY: MonthlyMaintenance = { repeats: 'monthly', on: [1], ...BERLIN };

const at = (text: string): number => Date.parse(`${text}Z`);

/** All maintenance between two instants of UTC, as in `03-29T01:30 to 02:30` (the date only where it changes). */
function within(schedules: readonly MaintenanceSchedule[], from: string, until: string): string[] {
  const spans = maintenanceWithin(schedules, { from_at: at(from), until_at: at(until) });
  return spans.map(({ from_at, until_at }) => {
    const [start, end] = [from_at, until_at].map((instant) => new Date(instant).toISOString().slice(5, 16));
    return `${start} to ${start?.slice(0, 5) === end?.slice(0, 5) ? end?.slice(6) : end}`;
  });
}

describe('maintenance that happens once', () => {
  const ONCE: MaintenanceSchedule = {
    repeats: 'once',
    starts_at: at('2026-05-01T10:00'),
    ends_at: at('2026-05-01T12:00'),
  };

  it('is from its start until its end, which is excluded', () => {
    expect(isInMaintenance([ONCE], ONCE.starts_at - 1)).toBe(false);
    expect(isInMaintenance([ONCE], ONCE.starts_at)).toBe(true);
    expect(isInMaintenance([ONCE], ONCE.ends_at - 1)).toBe(true);
    expect(isInMaintenance([ONCE], ONCE.ends_at)).toBe(false);
  });

  it('is cut to the time asked for', () => {
    expect(within([ONCE], '2026-05-01T11:00', '2026-05-02T00:00')).toEqual(['05-01T11:00 to 12:00']);
    expect(within([ONCE], '2026-05-01T00:00', '2026-05-01T11:00')).toEqual(['05-01T10:00 to 11:00']);
    expect(within([ONCE], '2026-05-01T12:00', '2026-05-02T00:00')).toEqual([]);
  });
});

describe('maintenance that comes back', () => {
  it('comes every day', () => {
    expect(within([DAILY], '2026-01-01T00:00', '2026-01-03T00:00')).toEqual([
      '01-01T01:30 to 02:30',
      '01-02T01:30 to 02:30',
    ]);
  });

  it('comes on days of the week', () => {
    expect(within([{ ...WEEKLY, on: ['sun', 'wed'] }], '2026-01-01T00:00', '2026-01-10T00:00')).toEqual([
      '01-04T01:30 to 02:30',
      '01-07T01:30 to 02:30',
    ]);
  });

  it('comes on days of the month, where the month has them', () => {
    expect(within([{ ...MONTHLY, on: [1, 30] }], '2026-01-15T00:00', '2026-04-01T12:00')).toEqual([
      '01-30T01:30 to 02:30',
      '02-01T01:30 to 02:30',
      '03-01T01:30 to 02:30',
      '03-30T00:30 to 01:30',
      '04-01T00:30 to 01:30',
    ]);
  });

  it('comes on the last day of every month', () => {
    expect(within([{ ...MONTHLY, on: ['last'] }], '2028-01-01T00:00', '2028-05-01T00:00')).toEqual([
      '01-31T01:30 to 02:30',
      '02-29T01:30 to 02:30',
      '03-31T00:30 to 01:30',
      '04-30T00:30 to 01:30',
    ]);
  });

  it('comes by the date of its zone, not that of UTC', () => {
    const inAuckland = { time_zone: 'Pacific/Auckland', local_time: '08:00' };
    expect(within([{ ...WEEKLY, ...inAuckland }], '2026-07-01T00:00', '2026-07-08T00:00')).toEqual([
      '07-04T20:00 to 21:00',
    ]);
    const inHawaii = { time_zone: 'Pacific/Honolulu', local_time: '23:00' };
    expect(within([{ ...MONTHLY, ...inHawaii }], '2026-07-01T00:00', '2026-08-01T00:00')).toEqual([
      '07-02T09:00 to 10:00',
    ]);
  });

  it('goes on past midnight', () => {
    const late = { ...DAILY, local_time: '23:30', duration_s: 2 * HOUR_S };
    expect(within([late], '2026-07-01T12:00', '2026-07-02T12:00')).toEqual(['07-01T21:30 to 23:30']);
    expect(isInMaintenance([late], at('2026-07-01T23:00'))).toBe(true);
  });

  it('is found from within a long one', () => {
    const long = { ...MONTHLY, duration_s: 27 * 24 * HOUR_S };
    expect(isInMaintenance([long], at('2026-02-28T01:29'))).toBe(true);
    expect(isInMaintenance([long], at('2026-02-28T01:30'))).toBe(false);
  });

  it('comes only between its bounds, and then whole', () => {
    const bounded = { ...DAILY, from_at: at('2026-01-02T01:30'), until_at: at('2026-01-03T01:31') };
    expect(within([bounded], '2026-01-01T00:00', '2026-01-06T00:00')).toEqual([
      '01-02T01:30 to 02:30',
      '01-03T01:30 to 02:30',
    ]);
  });

  it('is one stretch where schedules meet', () => {
    const next = { ...DAILY, local_time: '03:30', duration_s: 600 };
    const inner = { ...DAILY, local_time: '02:45', duration_s: 60 };
    expect(within([next, inner, DAILY], '2026-01-01T00:00', '2026-01-02T00:00')).toEqual([
      '01-01T01:30 to 02:40',
    ]);
  });

  it('is none without schedules', () => {
    expect(within([], '2026-01-01T00:00', '2026-01-02T00:00')).toEqual([]);
    expect(isInMaintenance([], 0)).toBe(false);
  });
});

describe('on a day on which clocks are changed, maintenance', () => {
  it('begins later where its time never comes', () => {
    expect(within([DAILY], '2026-03-28T00:00', '2026-03-31T00:00')).toEqual([
      '03-28T01:30 to 02:30',
      '03-29T01:30 to 02:30',
      '03-30T00:30 to 01:30',
    ]);
  });

  it('begins with the first where its time comes twice, and comes once', () => {
    expect(within([DAILY], '2026-10-24T00:00', '2026-10-27T00:00')).toEqual([
      '10-24T00:30 to 01:30',
      '10-25T00:30 to 01:30',
      '10-26T01:30 to 02:30',
    ]);
  });

  it('lasts as long as ever, whatever clocks show meanwhile', () => {
    const long = { ...DAILY, local_time: '01:00', duration_s: 4 * HOUR_S };
    expect(within([long], '2026-03-29T00:00', '2026-03-29T12:00')).toEqual(['03-29T00:00 to 04:00']);
    expect(within([long], '2026-10-24T12:00', '2026-10-25T12:00')).toEqual(['10-24T23:00 to 10-25T03:00']);
  });

  it('begins at one o’clock where midnight never comes', () => {
    const inCairo = { ...DAILY, time_zone: 'Africa/Cairo', local_time: '00:00' };
    expect(within([inCairo], '2026-04-23T12:00', '2026-04-24T12:00')).toEqual(['04-23T22:00 to 23:00']);
  });

  it('comes once where a whole day never comes', () => {
    const inSamoa = { ...DAILY, time_zone: 'Pacific/Apia' };
    expect(within([inSamoa], '2011-12-29T00:00', '2012-01-01T00:00')).toEqual([
      '12-29T12:30 to 13:30',
      '12-30T12:30 to 13:30',
      '12-31T12:30 to 13:30',
    ]);
  });
});

const anyRecurrence = {
  local_time: fc
    .integer({ min: 0, max: 1_439 })
    .map((minute) => new Date(minute * 60_000).toISOString().slice(11, 16)),
  time_zone: fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
    'UTC',
  ),
  duration_s: fc.integer({ min: 60, max: 22 * HOUR_S }),
  from_at: fc.constant(null),
  until_at: fc.constant(null),
};
const anyInstant = fc.integer({ min: at('2026-01-01T00:00'), max: at('2027-01-01T00:00') });
const anySchedule: fc.Arbitrary<MaintenanceSchedule> = fc.oneof(
  fc.record({ repeats: fc.constant('daily' as const), ...anyRecurrence }),
  fc.record({
    repeats: fc.constant('weekly' as const),
    on: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
    ...anyRecurrence,
  }),
  fc.record({
    repeats: fc.constant('monthly' as const),
    on: fc.uniqueArray(fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant('last' as const)), {
      minLength: 1,
    }),
    ...anyRecurrence,
  }),
  fc.record({ repeats: fc.constant('once' as const), starts_at: anyInstant, ends_at: anyInstant }),
);

describe('whatever the schedules are', () => {
  const anyRange = fc.tuple(anyInstant, fc.integer({ min: 0, max: 40 * 24 * HOUR_S * 1_000 }));

  it('spans are in order, apart from each other and within the time asked for', () => {
    fc.assert(
      fc.property(fc.array(anySchedule, { maxLength: 3 }), anyRange, (schedules, [from_at, lengthMs]) => {
        const until_at = from_at + lengthMs;
        const spans = maintenanceWithin(schedules, { from_at, until_at });
        spans.forEach((span, place) => {
          expect(span.from_at).toBeLessThan(span.until_at);
          expect(span.from_at).toBeGreaterThanOrEqual(from_at);
          expect(span.until_at).toBeLessThanOrEqual(until_at);
          expect(span.from_at).toBeGreaterThan(spans[place - 1]?.until_at ?? -Infinity);
        });
      }),
    );
  });

  it('an instant is in maintenance exactly if a span holds it', () => {
    const both = fc.tuple(
      fc.array(anySchedule, { maxLength: 3 }),
      anyRange,
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(both, ([schedules, [from_at, lengthMs], part]) => {
        const range = { from_at, until_at: from_at + lengthMs + 1 };
        const spans = maintenanceWithin(schedules, range);
        const bounds = spans.flatMap((span) => [span.from_at, span.until_at - 1, span.until_at]);
        for (const instant of [from_at + Math.floor(part * lengthMs), ...bounds]) {
          if (instant >= range.until_at) continue;
          expect(isInMaintenance(schedules, instant)).toBe(isWithin(spans, instant));
        }
      }),
    );
  });
});
