import fc from 'fast-check';
import type { MaintenanceSchedule } from './maintenance';
import { readMaintenance } from './maintenance-definition';

const ONCE = { starts_at: '2026-05-01T10:00:00Z', ends_at: '2026-05-01T14:00:00.500+02:00' };
const DAILY = { repeats: 'daily', local_time: '02:30', time_zone: 'Europe/Berlin', duration_s: 3_600 };

function sentences(input: unknown): string[] {
  const reading = readMaintenance(input);
  return 'faults' in reading ? reading.faults.map(({ field, message }) => `${field} ${message}`) : [];
}

describe('a maintenance', () => {
  it('happens once where nothing else is said', () => {
    const schedule = {
      repeats: 'once',
      starts_at: Date.UTC(2026, 4, 1, 10),
      ends_at: Date.UTC(2026, 4, 1, 12, 0, 0, 500),
    };
    expect(readMaintenance(ONCE)).toEqual({ schedule });
    expect(readMaintenance({ repeats: 'once', ...ONCE })).toEqual({ schedule });
  });

  it.each<[written: Record<string, unknown>, read: Partial<MaintenanceSchedule>]>([
    [{}, { repeats: 'daily', from_at: null, until_at: null }],
    [
      { from_at: '2026-05-01T00:00:00Z' },
      { repeats: 'daily', from_at: Date.UTC(2026, 4, 1), until_at: null },
    ],
    [
      { repeats: 'weekly', on: ['mon', 'sun'] },
      { repeats: 'weekly', on: ['mon', 'sun'] },
    ],
    [
      { repeats: 'monthly', on: [31, 'last'] },
      { repeats: 'monthly', on: [31, 'last'] },
    ],
  ])('can come back, as by %j', (written, read) => {
    const { local_time, time_zone, duration_s } = DAILY;
    const bounds = { from_at: null, until_at: null };
    expect(readMaintenance({ ...DAILY, ...written })).toEqual({
      schedule: { local_time, time_zone, duration_s, ...bounds, ...read },
    });
  });
});

const INSTANT = 'must be an instant of ISO 8601 with its zone, such as 2026-01-15T10:40:00.000Z';
const DAYS = 'must be a list of days of the month, 1 to 31 or "last", each at most once';
const WEEKDAYS = 'must be a list of sun, mon, tue, wed, thu, fri, sat, each at most once';

describe('a faulty maintenance', () => {
  it.each<[input: unknown, ...faults: string[]]>([
    [null, 'null must be an object'],
    [{ repeats: 'yearly' }, 'repeats must be one of once, daily, weekly, monthly'],
    [{}, 'starts_at is missing', 'ends_at is missing'],
    [{ ...ONCE, ends_at: '2026-05-02' }, `ends_at ${INSTANT}`],
    [{ ...ONCE, starts_at: 1_777_629_600_000 }, `starts_at ${INSTANT}`],
    [{ ...ONCE, ends_at: ONCE.starts_at }, 'ends_at must be after starts_at'],
    [{ ...ONCE, ends_at: '2026-06-01T10:00:00.001Z' }, 'ends_at must be at most 31 days after starts_at'],
    [{ ...ONCE, time_zone: 'UTC' }, 'time_zone is no field of a maintenance that happens once'],
    [{ repeats: 'daily' }, 'local_time is missing', 'time_zone is missing', 'duration_s is missing'],
    [{ ...DAILY, local_time: '24:00' }, 'local_time must be a time of day such as 02:30'],
    [{ ...DAILY, local_time: '2:30' }, 'local_time must be a time of day such as 02:30'],
    [
      { ...DAILY, time_zone: '+01:00' },
      'time_zone must be a time zone of the IANA database, such as Europe/Berlin',
    ],
    [{ ...DAILY, duration_s: 59 }, 'duration_s must be a whole number from 60 to 79200'],
    [{ ...DAILY, duration_s: 79_201 }, 'duration_s must be a whole number from 60 to 79200'],
    [{ ...DAILY, on: ['mon'] }, 'on is no field of a daily maintenance'],
    [
      { ...DAILY, from_at: '2026-05-01T00:00:00Z', until_at: '2026-05-01T00:00:00Z' },
      'until_at must be after from_at',
    ],
    [{ ...DAILY, repeats: 'weekly' }, 'on is missing'],
    [{ ...DAILY, repeats: 'weekly', on: 'mon' }, `on ${WEEKDAYS}`],
    [{ ...DAILY, repeats: 'weekly', on: [] }, `on ${WEEKDAYS}`],
    [{ ...DAILY, repeats: 'weekly', on: ['Mon'] }, `on ${WEEKDAYS}`],
    [{ ...DAILY, repeats: 'weekly', on: ['mon', 'mon'] }, `on ${WEEKDAYS}`],
    [{ ...DAILY, repeats: 'monthly', on: [0] }, `on ${DAYS}`],
    [{ ...DAILY, repeats: 'monthly', on: [32] }, `on ${DAYS}`],
    [{ ...DAILY, repeats: 'monthly', on: ['1'] }, `on ${DAYS}`],
  ])('%j is told what is wrong', (input, ...faults) => {
    expect(sentences(input)).toEqual(faults);
  });

  it('is a schedule or has faults, and nothing throws', () => {
    const anyField = fc.constantFrom(...Object.keys({ ...ONCE, ...DAILY }), 'on', 'from_at', 'until_at');
    const anyInput = fc.dictionary(
      anyField,
      fc.oneof(fc.anything(), fc.constantFrom(...Object.values(DAILY))),
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), anyInput), (input) => {
        const reading = readMaintenance(input);
        expect('schedule' in reading || reading.faults.length > 0).toBe(true);
      }),
    );
  });
});
