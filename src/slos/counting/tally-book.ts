import { randomBytes } from 'node:crypto';
import { bucketOf, DAY_MS, HOUR_MS, MINUTE_MS, type Bucket } from '../../events/summary/time-buckets';
import type { Outcome, Tally } from '../model/tally';
import { RunningTally } from './running-tally';

/** What is added up beside the minutes, so that a window of weeks is some hundred rows and not tens of thousands. */
const ROLLED_UP_MS = [HOUR_MS, DAY_MS] as const;

/** What is counted by itself. */
export interface SeriesKey {
  readonly series: string;
  /** Empty for all accounts together. */
  readonly account_id: string;
}

/** What a book says about a minute, an hour or a day: all that it has counted there, and not only what is new. */
export interface BookRow extends SeriesKey, Bucket {
  /** The book. */
  readonly writer: string;
  readonly tally: Tally;
}

/** One series: its minutes that are not stored yet, and its hours and days that still go on, without those. */
interface Line extends SeriesKey {
  readonly minutes: Map<number, RunningTally>;
  readonly settled: Map<string, RunningTally>;
}

/**
 * What this process has counted and has not handed to the database for good.
 *
 * Rows say all that the book has counted in their time, and are its alone: writing one again, as after a connection that
 * broke, changes nothing, and what other processes or the one before this have counted is in rows of their own. So a
 * book must not forget a minute and count in it again. It takes nothing for minutes that it has closed; where the clock
 * was set back, a new book takes over.
 */
export class TallyBook {
  private readonly writer = randomBytes(6).toString('base64url');
  private readonly lines = new Map<string, Line>();
  private closedBefore = -Infinity;

  /** Whether it can count at an instant. */
  isOpenAt(at: number): boolean {
    return at >= this.closedBefore;
  }

  /** Counts something that ended at an instant, or several that did and are alike. */
  count(key: SeriesKey, at: number, outcome: Outcome, durationMs: number, times = 1): void {
    const { minutes } = this.lineOf(key);
    const minute_at = at - (at % MINUTE_MS);
    let tally = minutes.get(minute_at);
    if (tally === undefined) {
      tally = new RunningTally();
      minutes.set(minute_at, tally);
    }
    tally.count(outcome, durationMs, times);
  }

  /** What is to be stored: every minute that is not settled, and what they are part of. Closes those that are over. */
  rows(now: number): BookRow[] {
    this.closedBefore = bucketOf(now, MINUTE_MS).bucket_at;
    return [...this.lines.values()].flatMap((line) => this.rowsOf(line));
  }

  /** Says that all that `rows` gave is stored. */
  settle(): void {
    for (const [name, line] of this.lines) {
      for (const [minute_at, tally] of line.minutes) {
        if (minute_at >= this.closedBefore) continue;
        for (const span_ms of ROLLED_UP_MS) addTo(line.settled, bucketOf(minute_at, span_ms), tally);
        line.minutes.delete(minute_at);
      }
      for (const key of line.settled.keys()) if (endOf(key) <= this.closedBefore) line.settled.delete(key);
      if (line.minutes.size === 0 && line.settled.size === 0) this.lines.delete(name);
    }
  }

  private rowsOf({ series, account_id, minutes, settled }: Line): BookRow[] {
    const rolledUp = new Map<string, RunningTally>();
    for (const [minute_at, tally] of minutes) {
      for (const span_ms of ROLLED_UP_MS) addTo(rolledUp, bucketOf(minute_at, span_ms), tally);
    }
    for (const [key, tally] of rolledUp) {
      const before = settled.get(key);
      if (before !== undefined) tally.add(before);
    }
    const row = (bucket: Bucket, tally: Tally): BookRow => {
      return { series, account_id, ...bucket, writer: this.writer, tally };
    };
    return [
      ...[...minutes].map(([bucket_at, tally]) => row({ span_ms: MINUTE_MS, bucket_at }, tally)),
      ...[...rolledUp].map(([key, tally]) => row(bucketNamed(key), tally)),
    ];
  }

  private lineOf({ series, account_id }: SeriesKey): Line {
    const name = account_id === '' ? series : `${account_id}\n${series}`;
    const known = this.lines.get(name);
    if (known !== undefined) return known;
    const line: Line = { series, account_id, minutes: new Map(), settled: new Map() };
    this.lines.set(name, line);
    return line;
  }
}

function addTo(tallies: Map<string, RunningTally>, { span_ms, bucket_at }: Bucket, tally: Tally): void {
  const key = `${span_ms} ${bucket_at}`;
  const sum = tallies.get(key) ?? new RunningTally();
  sum.add(tally);
  tallies.set(key, sum);
}

function bucketNamed(key: string): Bucket {
  const [span_ms = 0, bucket_at = 0] = key.split(' ').map(Number);
  return { span_ms, bucket_at };
}

function endOf(key: string): number {
  const { span_ms, bucket_at } = bucketNamed(key);
  return bucket_at + span_ms;
}
