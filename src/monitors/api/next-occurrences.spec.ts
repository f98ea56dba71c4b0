import type { MaintenanceSchedule } from '../model/maintenance';
import { readMaintenance } from '../model/maintenance-definition';
import { nextOccurrences } from './next-occurrences';

function schedule(fields: Record<string, unknown>): MaintenanceSchedule {
  const reading = readMaintenance(fields);
  if ('faults' in reading) throw new Error(JSON.stringify(reading.faults));
  return reading.schedule;
}

/** Beginnings and ends, as people write them. */
function shown(fields: Record<string, unknown>, now: string): (readonly [string, string])[] {
  return nextOccurrences(schedule(fields), Date.parse(now)).map(({ from_at, until_at }) => [
    new Date(from_at).toISOString().slice(0, 16),
    new Date(until_at).toISOString().slice(0, 16),
  ]);
}

const BERLIN = { local_time: '02:30', time_zone: 'Europe/Berlin', duration_s: 3_600 };

describe('the next occurrences', () => {
  it('of one that happens once are that one, until it is over', () => {
    const once = { starts_at: '2026-01-18T02:00:00Z', ends_at: '2026-01-18T04:00:00Z' };
    const itself = [['2026-01-18T02:00', '2026-01-18T04:00']];
    expect(shown(once, '2026-01-01T00:00:00Z')).toEqual(itself);
    expect(shown(once, '2026-01-18T03:59:59Z')).toEqual(itself);
    expect(shown(once, '2026-01-18T04:00:00Z')).toEqual([]);
  });

  it('hold the one that is under way, whole', () => {
    expect(shown({ repeats: 'daily', ...BERLIN }, '2026-01-18T02:00:00Z')).toEqual([
      ['2026-01-18T01:30', '2026-01-18T02:30'],
      ['2026-01-19T01:30', '2026-01-19T02:30'],
      ['2026-01-20T01:30', '2026-01-20T02:30'],
    ]);
  });

  it('follow the clocks of the zone', () => {
    // On 29 March clocks go from 02:00 to 03:00: 02:30 never comes, and it is an hour later.
    expect(shown({ repeats: 'weekly', on: ['sun'], ...BERLIN }, '2026-03-20T00:00:00Z')).toEqual([
      ['2026-03-22T01:30', '2026-03-22T02:30'],
      ['2026-03-29T01:30', '2026-03-29T02:30'],
      ['2026-04-05T00:30', '2026-04-05T01:30'],
    ]);
  });

  it('are three, also of one that few months have', () => {
    const monthly = { repeats: 'monthly', on: [31], ...BERLIN, time_zone: 'UTC' };
    for (let day = 0; day < 366; day++) {
      const now = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
      expect(shown(monthly, now)).toHaveLength(3);
    }
  });

  it('begin with the bound, and end with it', () => {
    const bound = { from_at: '2027-06-01T00:00:00Z', until_at: '2027-06-03T00:00:00Z' };
    expect(shown({ repeats: 'daily', ...BERLIN, ...bound }, '2026-01-01T00:00:00Z')).toEqual([
      ['2027-06-01T00:30', '2027-06-01T01:30'],
      ['2027-06-02T00:30', '2027-06-02T01:30'],
    ]);
    expect(shown({ repeats: 'daily', ...BERLIN, ...bound }, '2027-06-03T00:00:00Z')).toEqual([]);
  });

  it('of long ones are not cut', () => {
    const long = {
      repeats: 'monthly',
      on: [1],
      local_time: '00:00',
      time_zone: 'UTC',
      duration_s: 27 * 86_400,
    };
    expect(shown(long, '2026-01-20T00:00:00Z')).toEqual([
      ['2026-01-01T00:00', '2026-01-28T00:00'],
      ['2026-02-01T00:00', '2026-02-28T00:00'],
      ['2026-03-01T00:00', '2026-03-28T00:00'],
    ]);
  });
});
