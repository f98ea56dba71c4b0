import fc from 'fast-check';
import { NO_COUNTS } from './counts';
import {
  actualAndKnownText,
  actualText,
  changeText,
  durationText,
  instantText,
  percentText,
  targetText,
} from './report-words';

describe('words of a report', () => {
  it.each([
    [1_000, 0, '100.0000 %'],
    [999, 1, '99.9000 %'],
    // 99.99999 % has a flaw, and 99.899999 % has missed 99.9 %.
    [9_999_999, 1, '99.9999 %'],
    [99_899_999, 100_001, '99.8999 %'],
    [0, 3, '0.0000 %'],
  ])('cut what was kept: %d good and %d bad are %s', (good, bad, text) => {
    expect(actualText({ good, bad, unseen: 0 })).toBe(text);
  });

  it('never let what missed its target look as if it had met it, nor the other way round', () => {
    fc.assert(
      fc.property(
        fc.nat(1e9),
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 999_999 }),
        (good, bad, allowed) => {
          const isMet = BigInt(bad) * 1_000_000n <= BigInt(allowed) * BigInt(good + bad);
          const target = (1_000_000 - allowed) / 1_000_000;
          const shown = parseFloat(actualText({ good, bad, unseen: 0 }));
          expect(shown >= parseFloat(targetText(target))).toBe(isMet);
        },
      ),
    );
  });

  it('say how much is known where nobody looked for some of the time', () => {
    // 2 bad minutes of a monitor that is 1,000 minutes old, over 30 days.
    expect(actualAndKnownText({ good: 998, bad: 2, unseen: 42_200 })).toBe(
      '99.9953 % (2.3 % of the time known)',
    );
    expect(actualAndKnownText({ good: 998, bad: 2, unseen: 0 })).toBe('99.8000 %');
    expect(actualAndKnownText({ good: 0, bad: 0, unseen: 43_200 })).toBe('–');
  });

  it('say nothing of what is not known', () => {
    expect([actualText(NO_COUNTS), percentText(null), changeText(null, 1)]).toEqual(['–', '–', '–']);
  });

  it.each([
    [0.999, '99.9 %'],
    [0.95, '95 %'],
    [0.999_999, '99.9999 %'],
  ])('tell a target of %d as %s', (target, text) => {
    expect(targetText(target)).toBe(text);
  });

  it.each([
    [0.0648, '6.5 %'],
    [1.5, '150.0 %'],
    [-0.000_1, '0.0 %'],
    [-2, '-200.0 %'],
  ])('tell a part of %d as %s', (part, text) => {
    expect(percentText(part)).toBe(text);
  });

  it.each([
    [0.000_6, 4, '+0.0600'],
    [-0.000_6, 4, '-0.0600'],
    [0.000_000_1, 1, '0.0'],
    [-0.000_000_1, 1, '0.0'],
    [0.6, 1, '+60.0'],
  ])('tell a change of %d to %d places as %s', (change, places, text) => {
    expect(changeText(change, places)).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [90_000, '1 min 30 s'],
    [3_599_999, '1 h'],
    [5_400_000, '1 h 30 min'],
    [90_000_000, '25 h'],
  ])('tell %d ms as %s', (durationMs, text) => {
    expect(durationText(durationMs)).toBe(text);
  });

  it('tell an instant in UTC', () => {
    expect(instantText(Date.UTC(2031, 4, 6, 7, 8, 59))).toBe('2031-05-06 07:08 UTC');
  });
});
