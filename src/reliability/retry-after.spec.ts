import { parseRetryAfter, RETRY_AFTER_MAX_MS } from './retry-after';

const now = Date.UTC(2030, 0, 4, 12, 0, 0);

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['1', 1_000],
    [' 120 ', 120_000],
    ['3600', 3_600_000],
    ['Fri, 04 Jan 2030 12:00:30 GMT', 30_000],
    ['Friday, 04-Jan-30 12:00:30 GMT', 30_000],
    ['Fri Jan  4 12:00:30 2030', 30_000],
    ['Fri, 04 Jan 2030 12:00:00 GMT', 0],
  ])('reads %j as %d ms', (value, delayMs) => {
    expect(parseRetryAfter(value, now)).toBe(delayMs);
  });

  it.each(['3601', '9'.repeat(400), 'Sat, 05 Jan 2030 12:00:00 GMT'])(
    'takes %j as no more than an hour',
    (value) => {
      expect(parseRetryAfter(value, now)).toBe(RETRY_AFTER_MAX_MS);
    },
  );

  it.each([
    undefined,
    '',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    'abc 12',
    '2030-01-04T12:00:30Z',
    'Fri, 99 Jan 2030 12:00:30 GMT',
    'Fri, 04 Jan 2030 11:59:59 GMT',
  ])('makes nothing of %j', (value) => {
    expect(parseRetryAfter(value, now)).toBeNull();
  });

  it('reads the form without a zone as UTC, wherever it runs', () => {
    // A wrong zone would move it by at least a quarter of an hour, to beyond the cap or into the past.
    expect(parseRetryAfter('Fri Jan  4 12:10:00 2030', now)).toBe(600_000);
  });
});
