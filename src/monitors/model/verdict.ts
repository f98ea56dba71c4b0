import type { MonitorDefinition } from './monitor';
import { isLongEnough, type Streaks } from './streaks';

/** What is known of a target, whatever a single check says; `unknown` before the first verdict. */
export type Verdict = 'up' | 'degraded' | 'down' | 'unknown';

/** How many results in a row change a verdict. */
export interface Thresholds {
  readonly failure_threshold: number;
  readonly success_threshold: number;
}

/** The thresholds of a definition. A heartbeat that was missed is down at once: its patience is `grace_s`. */
export function thresholdsOf(definition: MonitorDefinition): Thresholds {
  if (definition.type === 'heartbeat') return { failure_threshold: 1, success_threshold: 1 };
  return definition;
}

/** Whether it is an outage, whole or in part. */
export function isBad(verdict: Verdict): verdict is 'degraded' | 'down' {
  return verdict === 'degraded' || verdict === 'down';
}

/**
 * The verdict after the newest result. It gets worse by `failure_threshold` results in a row that are at least so
 * bad, and better by `success_threshold` in a row that are at least so good: two that are down and one that is
 * degraded make degraded, not down. Where there is no verdict yet, one good result makes up: nothing recovers by it.
 */
export function nextVerdict(verdict: Verdict, streaks: Streaks, thresholds: Thresholds): Verdict {
  const { failure_threshold, success_threshold } = thresholds;
  if (isLongEnough(streaks.down, failure_threshold)) return 'down';
  if (isLongEnough(streaks.up, verdict === 'unknown' ? 1 : success_threshold)) return 'up';
  if (verdict === 'down') return isLongEnough(streaks.not_down, success_threshold) ? 'degraded' : 'down';
  return isLongEnough(streaks.not_up, failure_threshold) ? 'degraded' : verdict;
}
