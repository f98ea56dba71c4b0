import fc from 'fast-check';
import { instantOf, isTimeZone, wallTimeAt } from './zoned-time';

/** A wall time as it is written, and an instant with its zone. */
const at = (text: string): number => Date.parse(text.includes('Z') ? text : `${text}Z`);
const shown = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'asia/kolkata', 'Etc/GMT+5'])(
    'is %s',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each([
    '',
    'Europe/Bärlin',
    'Mars/Olympus',
    '+01:00',
    '-05:00',
    'UTC+1',
    'constructor',
    'Europe/Berlin\0',
  ])('is not %j', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

describe('a local time', () => {
  // When clocks are changed: https://www.iana.org/time-zones, each with what clocks show before and after.
  it.each<[what: string, zone: string, local: string, instant: string]>([
    ['in winter', 'Europe/Berlin', '2031-01-15T02:30', '2031-01-15T01:30Z'],
    ['in summer', 'Europe/Berlin', '2031-07-15T02:30', '2031-07-15T00:30Z'],
    ['just before clocks go forward', 'Europe/Berlin', '2026-03-29T01:59', '2026-03-29T00:59Z'],
    ['that never comes, at its start', 'Europe/Berlin', '2026-03-29T02:00', '2026-03-29T01:00Z'],
    ['that never comes', 'Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30Z'],
    ['just after clocks went forward', 'Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00Z'],
    ['just before the hour that comes twice', 'Europe/Berlin', '2026-10-25T01:59', '2026-10-24T23:59Z'],
    ['that comes twice', 'Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30Z'],
    ['just after the hour that comes twice', 'Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00Z'],
    ['that never comes, in New York', 'America/New_York', '2026-03-08T02:30', '2026-03-08T07:30Z'],
    ['that comes twice, in New York', 'America/New_York', '2026-11-01T01:30', '2026-11-01T05:30Z'],
    ['that never comes, by half an hour', 'Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45Z'],
    ['that comes twice, by half an hour', 'Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45Z'],
    ['at a midnight that never comes', 'Africa/Cairo', '2026-04-24T00:00', '2026-04-23T22:00Z'],
    ['on a day that never comes', 'Pacific/Apia', '2011-12-30T02:30', '2011-12-30T12:30Z'],
    ['after a day that never came', 'Pacific/Apia', '2011-12-31T02:30', '2011-12-30T12:30Z'],
    ['by three quarters of an hour', 'Asia/Kathmandu', '2026-06-01T00:00', '2026-05-31T18:15Z'],
    ['farthest in the east', 'Pacific/Kiritimati', '2026-06-01T00:00', '2026-05-31T10:00Z'],
    ['farthest in the west', 'Pacific/Pago_Pago', '2026-06-01T00:00', '2026-06-01T11:00Z'],
  ])('%s has its instant', (_what, zone, local, instant) => {
    expect(shown(instantOf(zone, at(local)))).toBe(shown(at(instant)));
  });

  it('of any instant is that instant, or an hour that comes twice', () => {
    const anyZone = fc.constantFrom(
      'Europe/Berlin',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Asia/Tehran',
      'UTC',
    );
    const anyInstant = fc.integer({ min: Date.UTC(2000) / 60_000, max: Date.UTC(2060) / 60_000 });
    fc.assert(
      fc.property(anyZone, anyInstant, (zone, minute) => {
        const instant = minute * 60_000;
        const wallTime = wallTimeAt(zone, instant);
        const first = instantOf(zone, wallTime);
        expect(wallTimeAt(zone, first)).toBe(wallTime);
        expect([0, 30, 60]).toContain((instant - first) / 60_000);
      }),
    );
  });
});
