/** What came of a monitor's newest check. Ours: this side could not look. */
export type OutcomeKind = 'good' | 'bad' | 'ours';

export interface Outcome {
  readonly kind: OutcomeKind;
  /** When the check ended. */
  readonly endedAt: number;
  /** When the first of the bad and own ones in a row ended; null where the newest is good. */
  readonly failingSince: number | null;
}

/** How the monitors are doing, taken together. */
export interface Census {
  /** Monitors that were checked of late. */
  readonly watched: number;
  readonly good: number;
  /** Those that began to fail of late. What has been failing for longer did not fail at once with the rest. */
  readonly failing: number;
  /** Of the failing, those that could not be looked at. */
  readonly ours: number;
}

/** A minute ago everything may have been fine: the newest checks say soonest that most fail. */
export const NEWEST_MS = 30_000;

/** Where the newest are too few to say anything. */
export const NEWER_MS = 120_000;

/** How far apart failures may begin that began at once. */
const ONSET_MS = 300_000;

/** Two monitors that fail together may well have something else in common. */
const MIN_FAILING = 3;

/** The next outcome of a monitor. */
export function nextOutcome(previous: Outcome | undefined, kind: OutcomeKind, endedAt: number): Outcome {
  const failingSince = kind === 'good' ? null : (previous?.failingSince ?? endedAt);
  return { kind, endedAt, failingSince };
}

/** Counts the monitors whose newest check ended within the last `windowMs`. */
export function takeCensus(outcomes: Iterable<Outcome>, now: number, windowMs: number): Census {
  let [watched, good, failing, ours] = [0, 0, 0, 0];
  for (const { kind, endedAt, failingSince } of outcomes) {
    if (endedAt <= now - windowMs) continue;
    watched += 1;
    if (failingSince === null) good += 1;
    if (failingSince === null || failingSince <= now - ONSET_MS) continue;
    failing += 1;
    if (kind === 'ours') ours += 1;
  }
  return { watched, good, failing, ours };
}

/** Whether most monitors fail at once: at least three, and more than half. */
export function isMassFailure({ watched, failing }: Census): boolean {
  return failing >= MIN_FAILING && failing * 2 > watched;
}

/** Whether most could not even be looked at, so that no self-check is needed to tell whose fault it is. */
export function isOwnFailure({ watched, ours }: Census): boolean {
  return ours >= MIN_FAILING && ours * 2 > watched;
}

/** Whether most are good. */
export function isRecovery({ watched, good }: Census): boolean {
  return good * 2 > watched;
}
