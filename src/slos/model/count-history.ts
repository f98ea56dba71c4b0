import { MINUTE_MS } from '../../events/summary/time-buckets';
import type { Span } from '../../monitors/model/spans';
import { addCounts, type Counts } from './counts';
import { BURN_WINDOWS, type BurnWindow, type Objective } from './objective';
import { countsOf, type Tally } from './tally';

/** What was counted in the minute that begins at an instant. */
export interface MinuteCounts {
  readonly minute_at: number;
  readonly counts: Counts;
}

/** What happened in the minute that begins at an instant, as one process saw it. */
export interface MinuteTally {
  readonly minute_at: number;
  readonly tally: Tally;
}

/** What was counted in each of the windows that burn rates are told over. */
export type BurnCounts = Readonly<Record<BurnWindow, Counts>>;

/** What an objective has been judged by, minute by minute. Rows of one minute, as several processes write, add up. */
export class CountHistory {
  private readonly minutes: readonly number[];
  /** Of all minutes before the one at the same place, and at the end of all. */
  private readonly sums: readonly Counts[];

  constructor(rows: readonly MinuteCounts[]) {
    const ordered = [...rows].sort((one, other) => one.minute_at - other.minute_at);
    this.minutes = ordered.map(({ minute_at }) => minute_at);
    const sums = [addCounts([])];
    for (const { counts } of ordered) sums.push(addCounts([sums.at(-1)!, counts]));
    this.sums = sums;
  }

  /** What was counted in the minutes that begin within a span. */
  within({ from_at, until_at }: Span): Counts {
    const from = this.sums[this.placeOf(from_at)]!;
    const until = this.sums[this.placeOf(Math.max(from_at, until_at))]!;
    return { good: until.good - from.good, bad: until.bad - from.bad, unseen: until.unseen - from.unseen };
  }

  /** What was counted in the newest window of that length. */
  newest(lengthMs: number, now: number): Counts {
    return this.within(windowUntil(now, lengthMs));
  }

  /** What was counted in each of the newest windows that burn rates are told over. */
  burns(now: number): BurnCounts {
    const entries = Object.entries(BURN_WINDOWS).map(([name, lengthMs]) => [
      name,
      this.newest(lengthMs, now),
    ]);
    return Object.fromEntries(entries) as BurnCounts;
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

/**
 * The window that ends with the minute that an instant lies in. That minute is part of it although it is not over, so
 * that nobody waits for its end; minutes that lie ahead, as after the clock was set back, are not.
 */
export function windowUntil(now: number, lengthMs: number): Span {
  const until_at = Math.floor(now / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  return { from_at: until_at - lengthMs, until_at };
}

/** The history of an objective, from what all processes saw of its routes, its queue or its target. */
export function historyOf(objective: Objective, rows: readonly MinuteTally[]): CountHistory {
  return new CountHistory(
    rows.map(({ minute_at, tally }) => ({ minute_at, counts: countsOf(objective, tally) })),
  );
}
