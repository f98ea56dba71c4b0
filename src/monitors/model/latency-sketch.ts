/** A quantile is at most so far off, as a part of the true one. */
export const RELATIVE_ERROR = 0.01;

/** From bucket to bucket, bounds grow by this. */
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);

/** What is shorter counts as 0. */
const LEAST_MS = 0.001;

/** What is longer counts as this; a check takes less than a day. Between the two there are at most 1,268 buckets. */
const MOST_MS = 1e8;

/** Of the text that a sketch is stored as. */
const VERSION = 1;

/**
 * How often something took how long, in buckets whose bounds grow by a constant factor: DDSketch (Masson, Rim and Lee,
 * "DDSketch: A fast and fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019). Sketches of
 * parts add up to exactly the sketch of the whole, in any order, so that minutes make hours, and hours days. They are
 * values: nothing changes them.
 */
export interface LatencySketch {
  /** By the bucket's number, lowest first; bucket k holds what is above GAMMA^(k-1), and at most GAMMA^k ms. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
  /** How many took no time at all. */
  readonly zeros: number;
}

export const EMPTY_SKETCH: LatencySketch = { buckets: [], zeros: 0 };

/**
 * The sketch of durations in milliseconds.
 *
 * @throws RangeError where one is negative or no number
 */
export function sketchOf(durationsMs: readonly number[]): LatencySketch {
  const counts = new Map<number, number>();
  let zeros = 0;
  for (const durationMs of durationsMs) {
    if (!(durationMs >= 0)) throw new RangeError(`no duration: ${durationMs}`);
    if (durationMs < LEAST_MS) zeros += 1;
    else count(counts, bucketOf(durationMs), 1);
  }
  return { buckets: ordered(counts), zeros };
}

/** The sketch of everything in any of the sketches. */
export function mergeSketches(sketches: readonly LatencySketch[]): LatencySketch {
  const counts = new Map<number, number>();
  for (const { buckets } of sketches) for (const [bucket, added] of buckets) count(counts, bucket, added);
  return { buckets: ordered(counts), zeros: sketches.reduce((sum, { zeros }) => sum + zeros, 0) };
}

/** How many durations it holds. */
export function countOf({ buckets, zeros }: LatencySketch): number {
  return buckets.reduce((sum, [, count]) => sum + count, zeros);
}

/** Durations as the sketch remembers them, lowest first, and how many there were of each. */
export function valuesOf({ buckets, zeros }: LatencySketch): (readonly [ms: number, count: number])[] {
  const values = buckets.map(([bucket, count]) => [msOf(bucket), count] as const);
  return zeros === 0 ? values : [[0, zeros], ...values];
}

/**
 * The duration that the part `q` of all durations do not exceed, in milliseconds, at most `RELATIVE_ERROR` off: of n
 * in order, the one at place q·(n-1), cut to a whole number. Null where there are none.
 *
 * @param q from 0, the shortest, to 1, the longest
 */
export function quantileOf(sketch: LatencySketch, q: number): number | null {
  return weightedQuantile(valuesOf(sketch), q);
}

/** The same for values in ascending order, of each so many. */
export function weightedQuantile(
  values: readonly (readonly [value: number, count: number])[],
  q: number,
): number | null {
  const all = values.reduce((sum, [, count]) => sum + count, 0);
  const place = Math.floor(q * (all - 1));
  let passed = 0;
  for (const [value, count] of values) {
    passed += count;
    if (passed > place) return value;
  }
  return null;
}

/** What people want to know of durations, in whole milliseconds. */
export interface Percentiles {
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
}

/** Null where the sketch is empty. */
export function percentilesOf(sketch: LatencySketch): Percentiles | null {
  const [p50_ms, p95_ms, p99_ms] = [0.5, 0.95, 0.99].map((q) => Math.round(quantileOf(sketch, q) ?? NaN));
  if (p50_ms === undefined || p95_ms === undefined || p99_ms === undefined) return null;
  return Number.isNaN(p50_ms) ? null : { p50_ms, p95_ms, p99_ms };
}

/** The text in which a sketch is stored. */
export function sketchText({ buckets, zeros }: LatencySketch): string {
  return JSON.stringify([VERSION, zeros, buckets.flat()]);
}

/** @throws Error where the text is of another version, whose buckets have other bounds */
export function readSketch(text: string): LatencySketch {
  const [version, zeros, flat] = JSON.parse(text) as [number, number, number[]];
  if (version !== VERSION) throw new Error(`a latency sketch of version ${version}, not ${VERSION}`);
  const buckets: [number, number][] = [];
  for (let place = 0; place < flat.length; place += 2) buckets.push([flat[place]!, flat[place + 1]!]);
  return { buckets, zeros };
}

function bucketOf(durationMs: number): number {
  return Math.ceil(Math.log(Math.min(durationMs, MOST_MS)) / Math.log(GAMMA));
}

/** The duration that is nearest, in proportion, to all that a bucket can hold. */
function msOf(bucket: number): number {
  return (2 * GAMMA ** bucket) / (GAMMA + 1);
}

function count(counts: Map<number, number>, bucket: number, added: number): void {
  counts.set(bucket, (counts.get(bucket) ?? 0) + added);
}

function ordered(counts: ReadonlyMap<number, number>): [number, number][] {
  return [...counts].sort(([one], [other]) => one - other);
}
