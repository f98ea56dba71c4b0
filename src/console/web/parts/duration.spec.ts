import { agoText, durationText, percentText } from './duration';

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [340, '340 ms'],
    [1_000, '1 s'],
    [61_000, '1 min 1 s'],
    [3_599_999, '59 min 59 s'],
    [7_800_000, '2 h 10 min'],
    [86_400_000 * 3, '3 d'],
  ])('says %d ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});

describe('how long ago', () => {
  it.each([
    [999_000, 1_000_000, 'just now'],
    [940_000, 1_000_000, '1 min ago'],
    [0, 86_400_000 * 2.9, '2 d ago'],
    [1_030_000, 1_000_000, 'in 30 s'],
  ])('says that %d is, at %d, %s', (at, now, text) => {
    expect(agoText(at, now)).toBe(text);
  });
});

describe('percent', () => {
  it.each([
    [100, '100.000 %'],
    [99.9999, '99.999 %'],
    [99.999, '99.999 %'],
    [0, '0.000 %'],
    [null, '–'],
  ])('cuts %d to %s', (percent, text) => {
    expect(percentText(percent)).toBe(text);
  });
});
