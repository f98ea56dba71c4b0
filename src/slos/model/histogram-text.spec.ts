import fc from 'fast-check';
import { EMPTY_HISTOGRAM, histogramOf } from './histogram';
import { histogramText, readHistogram } from './histogram-text';

describe('a histogram as text', () => {
  it('names only what holds something', () => {
    expect(histogramText(histogramOf([0.5, 1.5, 1.7, 4_000_000]))).toBe('0:1 1:2 34:1');
    expect(histogramText(EMPTY_HISTOGRAM)).toBe('');
  });

  it('is read as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e7, noNaN: true })), (durationsMs) => {
        const histogram = histogramOf(durationsMs);
        expect(readHistogram(histogramText(histogram))).toEqual(histogram);
      }),
    );
  });
});
