import { DAY_MS, HOUR_MS } from '../../events/summary/time-buckets';
import { countOf, quantileOf, valuesOf, weightedQuantile, type LatencySketch } from './latency-sketch';

/** So many days are learnt from. */
export const LEARNING_DAYS = 14;

/** With fewer durations nothing is learnt: at one check a minute, two days' worth of an hour. */
export const LEARNING_SAMPLES = 100;

/** So many median deviations above the median; were durations normally distributed, four standard deviations. */
const DEVIATIONS = 6;

/** A deviation counts as at least so much of the median, and at least so many milliseconds. */
const LEAST_DEVIATION = 0.1;
const LEAST_DEVIATION_MS = 5;

/**
 * The hours to learn from for a check at an instant: the same hour of the day, in UTC, of each of the 14 days before,
 * as the instants at which they begin, oldest first. The hour under way is not among them: what is slow now would
 * teach that slow is usual.
 */
export function learningHours(at: number): readonly number[] {
  const hourAt = at - (at % HOUR_MS);
  return Array.from({ length: LEARNING_DAYS }, (_, index) => hourAt - (LEARNING_DAYS - index) * DAY_MS);
}

/**
 * The limit that `degraded_above_ms: "auto"` stands for, in whole milliseconds: median + 6·MAD, where MAD is the
 * median of the distances from the median (https://en.wikipedia.org/wiki/Median_absolute_deviation). Neither is moved
 * by a few slow answers. A target that always takes the same time has hardly any MAD, and would be degraded by every
 * hiccup: it counts as at least a tenth of the median, and 5 ms. Null while there are too few durations.
 *
 * @param sketch what took how long in `learningHours`: of checks that were answered (up or degraded)
 */
export function learnLimit(sketch: LatencySketch): number | null {
  const medianMs = quantileOf(sketch, 0.5);
  if (medianMs === null || countOf(sketch) < LEARNING_SAMPLES) return null;
  const distances = valuesOf(sketch)
    .map(([ms, count]) => [Math.abs(ms - medianMs), count] as const)
    .sort(([one], [other]) => one - other);
  const deviationMs = weightedQuantile(distances, 0.5) ?? 0;
  const countedMs = Math.max(deviationMs, medianMs * LEAST_DEVIATION, LEAST_DEVIATION_MS);
  return Math.ceil(medianMs + DEVIATIONS * countedMs);
}
