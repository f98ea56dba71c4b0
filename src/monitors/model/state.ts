import { advanceOutage, resolveAt, type Effect, type Outage } from './incident';
import type { CheckResult, MonitorDefinition } from './monitor';
import {
  continueStreak,
  continueStreaks,
  newestOf,
  NO_STREAKS,
  isLongEnough,
  type Streak,
  type Streaks,
} from './streaks';
import { nextVerdict, thresholdsOf, type Verdict } from './verdict';

/** What is remembered of a monitor from check to check. Plain data: it survives being JSON. */
export interface MonitorState extends Outage {
  readonly verdict: Verdict;
  /** The first of the checks that made the verdict; null before the first verdict. */
  readonly since_at: number | null;
  readonly streaks: Streaks;
  /** Results since the newest one that said how the target is. */
  readonly unknown: Streak | null;
  /** When the newest result's check began; null before the first. */
  readonly judged_at: number | null;
}

/** A monitor that was never checked. */
export const INITIAL_STATE: MonitorState = {
  verdict: 'unknown',
  since_at: null,
  streaks: NO_STREAKS,
  unknown: null,
  incident: null,
  changed_at: [],
  judged_at: null,
};

/** Under what circumstances a result is judged. */
export interface Moment {
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Whether the check began in a maintenance window of its monitor. */
  readonly isInMaintenance: boolean;
}

/** The state after a result, and what has to be done about it in the same transaction. */
export interface Step {
  readonly state: MonitorState;
  readonly effects: readonly Effect[];
}

/** What people are shown. */
export type ShownState = Verdict | 'paused';

/**
 * The state machine. Pure: whatever it depends on is an argument, and whoever loses a race for the state's version
 * calls it again with the newer state.
 *
 * A monitor's *verdict* is up, degraded or down, and unknown before the first one. Results in a row change it
 * (`nextVerdict`): `failure_threshold` bad ones make it worse, `success_threshold` good ones better; while the newest
 * result says otherwise than the verdict, checks follow each other faster (`isConfirming`). An *incident* is open from
 * a verdict of degraded or down until one of up. It opens with the first bad check as its start, is updated when it
 * goes from degraded to down or back, and is resolved as of the first good check; a degraded check is not good
 * enough. A result of class unknown changes nothing: it neither counts nor resets, and an incident stays open.
 *
 * *Flapping*: the fourth opening or resolution within 30 minutes does not resolve; the incident stays open, is
 * marked, and gets one notice. From then on it only gets worse, until there was no change of verdict between up and not
 * up for 30 minutes. The next result that is not unknown then first of all resolves it, as of the first good check of
 * the verdict, or takes the mark off where it is down.
 *
 * *Maintenance*: results count as ever, but open nothing, make nothing worse and are no part of flapping. What is
 * good resolves. What is still bad after it opens with the first bad check after it as its start.
 *
 * A result whose check began no later than the newest one's is late or a repeat, and changes nothing, unless the
 * newest one's lies in the future: then the clock was set back.
 */
export function advance(
  state: MonitorState,
  result: CheckResult,
  definition: MonitorDefinition,
  moment: Moment,
): Step {
  const { class: resultClass, started_at } = result;
  if (isOld(state, started_at, moment.now)) return { state, effects: [] };
  if (resultClass === 'unknown') {
    const unknown = continueStreak(state.unknown, started_at);
    return { state: { ...state, unknown, judged_at: started_at }, effects: [] };
  }
  const streaks = continueStreaks(state.streaks, resultClass, started_at);
  const verdict = nextVerdict(state.verdict, streaks, thresholdsOf(definition));
  const { outage, effects } = advanceOutage(state, {
    before: state.verdict,
    beforeSinceAt: state.since_at,
    verdict,
    streaks,
    result: { class: resultClass, started_at },
    definition,
    ...moment,
  });
  const since_at = verdict === state.verdict ? state.since_at : startOf(verdict, state.verdict, streaks);
  return { state: { ...outage, verdict, since_at, streaks, unknown: null, judged_at: started_at }, effects };
}

/**
 * The end of watching: the monitor was paused or deleted. An open incident is resolved, as nobody would ever close
 * it; after a pause the monitor begins anew.
 */
export function stopWatching({ incident }: MonitorState, now: number): Step {
  return { state: INITIAL_STATE, effects: incident === null ? [] : [resolveAt(incident, now)] };
}

/** Whether the newest result says otherwise than the verdict, so that the next check is to come sooner. */
export function isConfirming({ verdict, streaks }: MonitorState): boolean {
  const newest = newestOf(streaks);
  return newest !== null && newest !== verdict;
}

/**
 * The state to show: unknown also where as many results in a row as would make an outage say that this side cannot
 * look. The verdict is kept meanwhile, and an incident stays open.
 */
export function shownState({ verdict, unknown }: MonitorState, definition: MonitorDefinition): ShownState {
  if (definition.paused) return 'paused';
  return isLongEnough(unknown, thresholdsOf(definition).failure_threshold) ? 'unknown' : verdict;
}

function isOld({ judged_at }: MonitorState, startedAt: number, now: number): boolean {
  return judged_at !== null && startedAt <= judged_at && judged_at <= now;
}

/** The first of the checks in a row that made a verdict. */
function startOf(verdict: Verdict, before: Verdict, streaks: Streaks): number | null {
  switch (verdict) {
    case 'up':
      return streaks.up?.since_at ?? null;
    case 'down':
      return streaks.down?.since_at ?? null;
    case 'degraded':
      return (before === 'down' ? streaks.not_down : streaks.not_up)?.since_at ?? null;
    case 'unknown':
      return null;
  }
}
