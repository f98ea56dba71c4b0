import { EMPTY_HISTOGRAM, placeOf } from '../model/histogram';
import type { Outcome, Tally } from '../model/tally';

/** A tally that is being counted: the one thing of this module that changes, because every request changes it. */
export class RunningTally implements Tally {
  good = 0;
  bad = 0;
  refused = 0;
  readonly unseen = 0;
  readonly latencies: number[] = [...EMPTY_HISTOGRAM];

  /** Counts one, or several of one kind. Only what is good has a duration that counts. */
  count(outcome: Outcome, durationMs: number, times = 1): void {
    this[outcome] += times;
    if (outcome === 'good') this.latencies[placeOf(durationMs)]! += times;
  }

  add(other: Tally): void {
    this.good += other.good;
    this.bad += other.bad;
    this.refused += other.refused;
    other.latencies.forEach((count, place) => (this.latencies[place]! += count));
  }
}
