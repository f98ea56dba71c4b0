import type { ResultClass } from './monitor';

/** Results in a row that have something in common. */
export interface Streak {
  readonly count: number;
  /** When the first of them was checked. */
  readonly since_at: number;
}

/** What results can have in common. */
type StreakName = 'up' | 'not_down' | 'not_up' | 'down';

/** The streaks that the newest results are part of. Those of a name that the newest result breaks are null. */
export type Streaks = Readonly<Record<StreakName, Streak | null>>;

/** A result that says how the target is. */
export type KnownClass = Exclude<ResultClass, 'unknown'>;

const MEMBERS: Readonly<Record<StreakName, readonly KnownClass[]>> = {
  up: ['up'],
  not_down: ['up', 'degraded'],
  not_up: ['degraded', 'down'],
  down: ['down'],
};

export const NO_STREAKS: Streaks = { up: null, not_down: null, not_up: null, down: null };

/** The streaks after a further result. */
export function continueStreaks(streaks: Streaks, result: KnownClass, startedAt: number): Streaks {
  const next = (name: StreakName): Streak | null =>
    MEMBERS[name].includes(result) ? continueStreak(streaks[name], startedAt) : null;
  return { up: next('up'), not_down: next('not_down'), not_up: next('not_up'), down: next('down') };
}

/** One more in a row. */
export function continueStreak(streak: Streak | null, startedAt: number): Streak {
  return { count: (streak?.count ?? 0) + 1, since_at: streak?.since_at ?? startedAt };
}

/** The newest result that was not unknown; null before the first. */
export function newestOf({ up, not_up, down }: Streaks): KnownClass | null {
  if (up !== null) return 'up';
  if (down !== null) return 'down';
  return not_up !== null ? 'degraded' : null;
}

/** Whether there are so many in a row. */
export function isLongEnough(streak: Streak | null, threshold: number): boolean {
  return streak !== null && streak.count >= threshold;
}
