/** Shares are whole parts of a million, so that they are compared without rounding. */
export const MILLION = 1_000_000;

/** What an objective is judged by: requests, or minutes of a target. */
export interface Counts {
  readonly good: number;
  readonly bad: number;
  /** Should have been seen and was not: part of the whole, and no failure. Only minutes can be unseen. */
  readonly unseen: number;
}

export const NO_COUNTS: Counts = { good: 0, bad: 0, unseen: 0 };

export function addCounts(counts: readonly Counts[]): Counts {
  return counts.reduce(
    (sum, { good, bad, unseen }) => ({
      good: sum.good + good,
      bad: sum.bad + bad,
      unseen: sum.unseen + unseen,
    }),
    NO_COUNTS,
  );
}

export function totalOf({ good, bad, unseen }: Counts): number {
  return good + bad + unseen;
}

/** Whether anything was seen: otherwise nothing can be said, neither 0 nor 100 %. */
export function hasData({ good, bad }: Counts): boolean {
  return good + bad > 0;
}

/** The service level indicator: the part that was not bad, 0 to 1; null without data. */
export function sliOf(counts: Counts): number | null {
  const total = totalOf(counts);
  return hasData(counts) ? (total - counts.bad) / total : null;
}

/** The part that was seen of what should have been, 0 to 1; null where nothing should have been. */
export function coverageOf(counts: Counts): number | null {
  const total = totalOf(counts);
  return total === 0 ? null : (counts.good + counts.bad) / total;
}
