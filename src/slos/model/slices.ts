import { MINUTE_MS } from '../../events/summary/time-buckets';
import { clip, unite, type Span } from '../../monitors/model/spans';
import type { MinuteCounts } from './count-history';

/** What is known of a target over some time. */
export interface Watch {
  /** When it was to be watched: neither paused, nor deleted, nor in maintenance. */
  readonly expected: readonly Span[];
  /** Confirmed outages, from the first bad check to the first good one. */
  readonly outages: readonly Span[];
  /** When nothing could be told: nobody looked, or this side could not. */
  readonly unseen: readonly Span[];
}

/** A minute counts as what it was for so long. */
const MOST_OF_MS = MINUTE_MS / 2;

/**
 * The minutes of a span in which a target was to be watched, each as good, bad or unseen: bad where a confirmed outage
 * took half of it or more. So a target that is checked every five minutes has as many minutes as one that is checked
 * every second, and a failed check that the next ones do not confirm is no bad minute at all.
 *
 * @param within begins and ends a minute
 */
export function slicesOf(watch: Watch, within: Span): MinuteCounts[] {
  const expected = minutesMostlyIn(watch.expected, within);
  const outages = minutesMostlyIn(watch.outages, within);
  const unseen = minutesMostlyIn(watch.unseen, within);
  return [...expected]
    .sort((one, other) => one - other)
    .map((minute_at) => {
      const bad = outages.has(minute_at) ? 1 : 0;
      const isUnseen = bad === 0 && unseen.has(minute_at);
      return { minute_at, counts: { good: bad === 1 || isUnseen ? 0 : 1, bad, unseen: isUnseen ? 1 : 0 } };
    });
}

/** The minutes of which spans take half or more. */
function minutesMostlyIn(spans: readonly Span[], within: Span): ReadonlySet<number> {
  const takenMs = new Map<number, number>();
  for (const { from_at, until_at } of unite(spans.map((span) => clip(span, within)))) {
    for (let at = from_at; at < until_at;) {
      const minute_at = Math.floor(at / MINUTE_MS) * MINUTE_MS;
      const end = Math.min(until_at, minute_at + MINUTE_MS);
      takenMs.set(minute_at, (takenMs.get(minute_at) ?? 0) + end - at);
      at = end;
    }
  }
  return new Set([...takenMs].filter(([, ms]) => ms >= MOST_OF_MS).map(([minute_at]) => minute_at));
}
