import fc from 'fast-check';
import { cutTo, storable } from './plain-text';

describe('storable', () => {
  it.each([
    ['', ''],
    ['Zahlung 💥 fehlgeschlagen', 'Zahlung 💥 fehlgeschlagen'],
    ['a\0b\0', 'a\uFFFDb\uFFFD'],
    ['\uD83D', '\uFFFD'],
    ['\uDCA5\uD83D', '\uFFFD\uFFFD'],
    ['a\uD83Db', 'a\uFFFDb'],
    ['\u0001\t\n\u007F\uFFFE\uFEFF', '\u0001\t\n\u007F\uFFFE\uFEFF'],
  ])('of %j is %j', (text, expected) => {
    expect(storable(text)).toBe(expected);
  });

  it('holds neither NUL nor half a pair, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = storable(String.fromCharCode(...units));
        expect(text.isWellFormed() && !text.includes('\0')).toBe(true);
        expect(text).toHaveLength(units.length);
      }),
    );
  });
});

describe('cutTo', () => {
  it.each([
    ['', 3, ''],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['💥💥💥', 3, '💥💥💥'],
    ['💥💥💥💥', 3, '💥💥…'],
    ['a💥bc', 3, 'a💥…'],
    ['abc', 1, '…'],
  ])('of %j to %d characters is %j', (text, max, expected) => {
    expect(cutTo(text, max)).toBe(expected);
  });

  it('keeps to its limit, and cuts no character in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const cut = cutTo(text, max);
        expect(Array.from(cut).length).toBeLessThanOrEqual(max);
        expect(cut.isWellFormed()).toBe(true);
        if (Array.from(text).length <= max) expect(cut).toBe(text);
      }),
    );
  });
});
