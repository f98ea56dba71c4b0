import { MINUTE_MS } from '../../events/summary/time-buckets';
import type { Span } from '../../monitors/model/spans';
import type { Counts } from './counts';
import { BURN_WINDOWS, type BurnWindow } from './objective';

/** What was counted in each of the windows that burn rates are told over. */
export type BurnCounts = Readonly<Record<BurnWindow, Counts>>;

/** What an objective has been judged by, minute by minute, however it is kept. */
export abstract class History {
  /** What was counted in the minutes that begin within a span. */
  abstract within(span: Span): Counts;

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
}

/**
 * The window that ends with the minute that an instant lies in. That minute is part of it although it is not over, so
 * that nobody waits for its end; minutes that lie ahead, as after the clock was set back, are not.
 */
export function windowUntil(now: number, lengthMs: number): Span {
  const until_at = Math.floor(now / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  return { from_at: until_at - lengthMs, until_at };
}
