import { bucketOf, DAY_MS, HOUR_MS, MINUTE_MS, type Bucket } from '../../events/summary/time-buckets';
import { EMPTY_SKETCH, mergeSketches, sketchOf, type LatencySketch } from './latency-sketch';
import type { CheckResult } from './monitor';
import { addCounts, countedAs, NO_CHECKS, type CheckCounts } from './uptime';

/** What checks are counted by. */
export const ROLLUP_SPANS_MS = [MINUTE_MS, HOUR_MS, DAY_MS] as const;

/** What is counted together: checks of a monitor that began within a span of time. */
export interface RollupKey extends Bucket {
  readonly monitor_id: string;
}

/** How those checks ended. */
export interface Rollup extends RollupKey {
  readonly counts: CheckCounts;
  /** How long those took that were answered as expected, if slowly, out of maintenance. */
  readonly sketch: LatencySketch;
}

/** A check that is to be counted. */
export interface CountedCheck {
  readonly monitor_id: string;
  readonly result: Pick<CheckResult, 'class' | 'started_at' | 'duration_ms'>;
  readonly isInMaintenance: boolean;
}

/** The keys that checks are counted under, each once. */
export function rollupKeys(checks: readonly CountedCheck[]): RollupKey[] {
  const keys = checks.flatMap((check) => ROLLUP_SPANS_MS.map((span_ms) => keyOf(check, span_ms)));
  return [...new Map(keys.map((key) => [textOf(key), key])).values()];
}

/** The roll-ups with the checks added; those that are not known yet begin with nothing. */
export function addChecks(known: readonly Rollup[], checks: readonly CountedCheck[]): Rollup[] {
  const byKey = new Map(known.map((rollup) => [textOf(rollup), rollup]));
  for (const check of checks) {
    for (const span_ms of ROLLUP_SPANS_MS) {
      const key = keyOf(check, span_ms);
      const before = byKey.get(textOf(key)) ?? { ...key, counts: NO_CHECKS, sketch: EMPTY_SKETCH };
      byKey.set(textOf(key), addCheck(before, check));
    }
  }
  return [...byKey.values()];
}

function addCheck(rollup: Rollup, { result, isInMaintenance }: CountedCheck): Rollup {
  const name = countedAs(result.class, { isInMaintenance });
  const counts = addCounts([rollup.counts, { ...NO_CHECKS, [name]: 1 }]);
  // A job that did not say when it began took nobody knows how long.
  const isMeasured = (name === 'up' || name === 'degraded') && result.duration_ms > 0;
  const sketch = isMeasured ? mergeSketches([rollup.sketch, sketchOf([result.duration_ms])]) : rollup.sketch;
  return { ...rollup, counts, sketch };
}

function keyOf({ monitor_id, result }: CountedCheck, span_ms: number): RollupKey {
  return { monitor_id, ...bucketOf(result.started_at, span_ms) };
}

function textOf({ monitor_id, span_ms, bucket_at }: RollupKey): string {
  return `${monitor_id} ${span_ms} ${bucket_at}`;
}
