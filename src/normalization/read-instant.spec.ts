import { readInstant } from './read-instant';

describe('readInstant', () => {
  it.each<[text: unknown, iso: string]>([
    ['2031-05-06T07:08:09Z', '2031-05-06T07:08:09.000Z'],
    ['2031-05-06T07:08:09.123Z', '2031-05-06T07:08:09.123Z'],
    ['2031-05-06T07:08:09.123-06:00', '2031-05-06T13:08:09.123Z'],
    ['2031-05-06T07:08:09+0200', '2031-05-06T05:08:09.000Z'],
    ['2031-05-06T07:08:09.5', '2031-05-06T07:08:09.500Z'],
    ['2031-05-06T07:08Z', '2031-05-06T07:08:00.000Z'],
  ])('reads %j', (text, iso) => {
    expect(readInstant(text)).toBe(Date.parse(iso));
  });

  it.each([
    null,
    undefined,
    1_900_000_000,
    '',
    '1',
    'yesterday',
    '2031-05-06',
    '2031-13-06T07:08:09Z',
    '2031-05-06T25:08:09Z',
    { toString: () => '2031-05-06T07:08:09Z' },
  ])('finds no instant in %j', (value) => {
    expect(readInstant(value)).toBeNull();
  });
});
