import { readStrictInstant } from './strict-instant';

describe('readStrictInstant', () => {
  it.each<[string, string]>([
    ['2026-01-15T10:40:00.000Z', '2026-01-15T10:40:00.000Z'],
    ['2026-01-15T10:40:00Z', '2026-01-15T10:40:00.000Z'],
    ['2026-01-15T10:40Z', '2026-01-15T10:40:00.000Z'],
    ['2026-01-15T10:40:00.123456789Z', '2026-01-15T10:40:00.123Z'],
    ['2026-01-15T10:40:00+05:30', '2026-01-15T05:10:00.000Z'],
    ['2026-01-15T10:40:00.5-0800', '2026-01-15T18:40:00.500Z'],
    ['2026-01-15T24:00:00Z', '2026-01-16T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (text, iso) => {
    expect(readStrictInstant(text)).toBe(Date.parse(iso));
  });

  it.each<[string, unknown]>([
    ['a number of milliseconds', 1_768_473_600_000],
    ['a number of seconds', 1_768_473_600],
    ['a number as text', '1768473600000'],
    ['a time without its zone', '2026-01-15T10:40:00'],
    ['a day', '2026-01-15'],
    ['a space in the middle', '2026-01-15 10:40:00Z'],
    ['a space behind', '2026-01-15T10:40:00Z '],
    ['a month of 29 days in a year of 365', '2026-02-29T00:00:00Z'],
    ['30 February', '2024-02-30T00:00:00Z'],
    ['31 April, with an offset', '2026-04-31T00:00:00+0200'],
    ['a thirteenth month', '2026-13-01T00:00:00Z'],
    ['an hour too many', '2026-01-01T25:00:00Z'],
    ['a leap second', '2026-06-30T23:59:60Z'],
    ['an offset that is none', '2026-01-01T00:00:00+99:99'],
    ['a year of six digits', '+275760-09-13T00:00:00Z'],
    ['a week', '2026-W05-1T00:00:00Z'],
    ['lower case', '2026-01-15t10:40:00z'],
    ['words', 'yesterday'],
    ['nothing', ''],
    ['null', null],
    ['a Date', new Date()],
  ])('does not read %s', (_, value) => {
    expect(readStrictInstant(value)).toBeNull();
  });
});
