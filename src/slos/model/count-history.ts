import type { Span } from '../../monitors/model/spans';
import { addCounts, type Counts } from './counts';
import { History } from './history';
import type { Objective } from './objective';
import { countsOf, type Tally } from './tally';

/**
 * What was counted in the minute that begins at an instant; or in the hour or day that does, where nothing is asked
 * that would divide it.
 */
export interface MinuteCounts {
  readonly minute_at: number;
  readonly counts: Counts;
}

/** What happened in the minute that begins at an instant, as one process saw it; or in the hour or day, likewise. */
export interface MinuteTally {
  readonly minute_at: number;
  readonly tally: Tally;
}

/** A history of all its minutes. Rows of one minute, as several processes write, add up. */
export class CountHistory extends History {
  private readonly minutes: readonly number[];
  /** Of all minutes before the one at the same place, and at the end of all. */
  private readonly sums: readonly Counts[];

  constructor(rows: readonly MinuteCounts[]) {
    super();
    const ordered = [...rows].sort((one, other) => one.minute_at - other.minute_at);
    this.minutes = ordered.map(({ minute_at }) => minute_at);
    const sums = [addCounts([])];
    for (const { counts } of ordered) sums.push(addCounts([sums.at(-1)!, counts]));
    this.sums = sums;
  }

  override within({ from_at, until_at }: Span): Counts {
    const from = this.sums[this.placeOf(from_at)]!;
    const until = this.sums[this.placeOf(Math.max(from_at, until_at))]!;
    return { good: until.good - from.good, bad: until.bad - from.bad, unseen: until.unseen - from.unseen };
  }

  /** How many rows are of a minute before an instant. */
  private placeOf(at: number): number {
    let low = 0;
    let high = this.minutes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.minutes[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The history of an objective, from what all processes saw of its routes, its queue or its target. */
export function historyOf(objective: Objective, rows: readonly MinuteTally[]): CountHistory {
  return new CountHistory(
    rows.map(({ minute_at, tally }) => ({ minute_at, counts: countsOf(objective, tally) })),
  );
}
