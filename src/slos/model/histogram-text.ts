import { EMPTY_HISTOGRAM, type Histogram } from './histogram';

/** A histogram as it is stored: `place:count` of each bucket that holds something, mostly two or three of 35. */
export function histogramText(histogram: Histogram): string {
  return histogram.flatMap((count, place) => (count === 0 ? [] : [`${place}:${count}`])).join(' ');
}

export function readHistogram(text: string): Histogram {
  if (text === '') return EMPTY_HISTOGRAM;
  const histogram = [...EMPTY_HISTOGRAM];
  for (const bucket of text.split(' ')) {
    const colon = bucket.indexOf(':');
    histogram[Number(bucket.slice(0, colon))] = Number(bucket.slice(colon + 1));
  }
  return histogram;
}
