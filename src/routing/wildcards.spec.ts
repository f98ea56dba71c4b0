import fc from 'fast-check';
import { textMatcher } from './wildcards';

/** The obvious way, which may take very long: tries every length for every `*`. */
function fitsNaively(text: string, pattern: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] !== '*') return text[0] === pattern[0] && fitsNaively(text.slice(1), pattern.slice(1));
  return fitsNaively(text, pattern.slice(1)) || (text !== '' && fitsNaively(text.slice(1), pattern));
}

describe('a pattern', () => {
  it.each<[pattern: string, text: string, fits: boolean]>([
    ['payments', 'payments', true],
    ['payments', 'payments-eu', false],
    ['payments*', 'payments', true],
    ['*_status', 'spreedly_status', true],
    ['a*a', 'a', false],
    ['a*b*a', 'aba', true],
    ['*', '', true],
    ['.*', 'x', false],
    ['Payments', 'payments', false],
  ])('%s against %s: %s', (pattern, text, fits) => {
    expect(textMatcher([pattern])(text)).toBe(fits);
  });

  it('is one of several, any of which will do', () => {
    const matches = textMatcher(['stripe', '*_status', 'a*']);
    expect(['stripe', 'x_status', 'app', 'slo'].map(matches)).toEqual([true, true, true, false]);
  });

  it('fits what the obvious way finds, whatever text and pattern', () => {
    const letters = (unit: string): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...unit), maxLength: 9 });
    fc.assert(
      fc.property(letters('ab'), letters('ab*'), (text, pattern) => {
        expect(textMatcher([pattern])(text)).toBe(fitsNaively(text, pattern));
      }),
      { numRuns: 2_000 },
    );
  });
});
