import { iso, isoOrNull } from './instant';

describe('iso', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [1_795_000_000_123, '2026-11-18T11:06:40.123Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [8.64e15, '+275760-09-13T00:00:00.000Z'],
    [1e300, '+275760-09-13T00:00:00.000Z'],
    [-1e300, '-271821-04-20T00:00:00.000Z'],
  ])('of %d is %s', (at, expected) => {
    expect(iso(at)).toBe(expected);
  });
});

describe('isoOrNull', () => {
  it('passes null through, and nothing else', () => {
    expect(isoOrNull(null)).toBeNull();
    expect(isoOrNull(0)).toBe('1970-01-01T00:00:00.000Z');
  });
});
