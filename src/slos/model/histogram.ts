/**
 * Where the buckets of a histogram end, in milliseconds, each excluded. They hold every bound that objectives may
 * name, so that what is below one is counted and not estimated; those of `http_request_duration_seconds` are among
 * them. (A sketch, as monitors keep, has an error of 1 % at every bound: it cannot tell 199 ms from 200 ms.)
 */
export const BOUNDS_MS = [
  1, 2, 5, 10, 20, 25, 50, 75, 100, 150, 200, 250, 300, 400, 500, 750, 1_000, 1_500, 2_000, 2_500, 3_000,
  4_000, 5_000, 7_500, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
  3_600_000,
] as const;

/** How many durations each bucket holds; the last one those that no bound is above. */
export type Histogram = readonly number[];

export const EMPTY_HISTOGRAM: Histogram = new Array<number>(BOUNDS_MS.length + 1).fill(0);

/**
 * The place of a duration's bucket.
 *
 * @throws RangeError where it is negative or no number
 */
export function placeOf(durationMs: number): number {
  if (!(durationMs >= 0)) throw new RangeError(`no duration: ${durationMs}`);
  const place = BOUNDS_MS.findIndex((bound) => durationMs < bound);
  return place === -1 ? BOUNDS_MS.length : place;
}

export function histogramOf(durationsMs: readonly number[]): Histogram {
  const histogram = [...EMPTY_HISTOGRAM];
  for (const durationMs of durationsMs) histogram[placeOf(durationMs)]! += 1;
  return histogram;
}

/** Histograms of parts add up to exactly that of the whole, in any order. */
export function addHistograms(histograms: readonly Histogram[]): Histogram {
  return EMPTY_HISTOGRAM.map((_, place) => histograms.reduce((sum, one) => sum + one[place]!, 0));
}

export function countOf(histogram: Histogram): number {
  return histogram.reduce((sum, count) => sum + count, 0);
}

/**
 * How many took less than a bound.
 *
 * @throws RangeError where no bucket ends there, so that it could only be estimated
 */
export function countBelow(histogram: Histogram, boundMs: number): number {
  const place = BOUNDS_MS.findIndex((bound) => bound === boundMs);
  if (place === -1) throw new RangeError(`no bound of the histogram: ${boundMs} ms`);
  return countOf(histogram.slice(0, place + 1));
}

/**
 * The lowest bound that at least a share of all durations is below, in milliseconds: the p95 of what is below 150 ms
 * in 95 % of all cases is below 150 ms. Infinity where no bound is high enough; null where there are no durations.
 *
 * @param sharePpm in parts of a million, such as 950,000
 */
export function percentileBound(histogram: Histogram, sharePpm: number): number | null {
  const total = countOf(histogram);
  if (total === 0) return null;
  return BOUNDS_MS.find((bound) => countBelow(histogram, bound) * 1_000_000 >= sharePpm * total) ?? Infinity;
}
