import { MINUTE_MS } from '../../events/summary/time-buckets';
import { clip, unite, type Span } from '../../monitors/model/spans';

/** A minute counts as what it was for so long. */
const MOST_OF_MS = MINUTE_MS / 2;

/** The minutes of which spans take half or more, as spans of whole minutes. */
export function minutesMostlyIn(spans: readonly Span[]): readonly Span[] {
  const whole: Span[] = [];
  const partsMs = new Map<number, number>();
  for (const { from_at, until_at } of unite(spans)) {
    const full = { from_at: endOfMinute(from_at), until_at: minuteOf(until_at) };
    if (full.from_at <= full.until_at) whole.push(full);
    for (const minute_at of new Set([minuteOf(from_at), minuteOf(until_at)])) {
      const part = clip({ from_at, until_at }, { from_at: minute_at, until_at: minute_at + MINUTE_MS });
      const ms = Math.max(0, part.until_at - part.from_at);
      partsMs.set(minute_at, (partsMs.get(minute_at) ?? 0) + ms);
    }
  }
  const parts = [...partsMs]
    .filter(([, ms]) => ms >= MOST_OF_MS)
    .map(([minute_at]) => ({ from_at: minute_at, until_at: minute_at + MINUTE_MS }));
  return unite([...whole, ...parts]);
}

/** What lies in spans of both kinds. Each kind in order and without overlaps, as `unite` makes them. */
export function inBoth(some: readonly Span[], others: readonly Span[]): readonly Span[] {
  const shared: Span[] = [];
  let first = 0;
  for (const span of some) {
    while (first < others.length && others[first]!.until_at <= span.from_at) first += 1;
    for (let at = first; at < others.length && others[at]!.from_at < span.until_at; at += 1) {
      shared.push(clip(others[at]!, span));
    }
  }
  return shared;
}

/** What of a span lies in none of some spans, which are in order and without overlaps. */
export function outside(spans: readonly Span[], within: Span): readonly Span[] {
  const gaps: Span[] = [];
  let from_at = within.from_at;
  for (const span of spans) {
    if (span.from_at > from_at) gaps.push({ from_at, until_at: Math.min(span.from_at, within.until_at) });
    from_at = Math.max(from_at, span.until_at);
  }
  gaps.push({ from_at, until_at: within.until_at });
  return unite(gaps);
}

/** How many minutes spans of whole minutes have, without overlaps. */
export function minutesIn(spans: readonly Span[]): number {
  return spans.reduce((sum, { from_at, until_at }) => sum + (until_at - from_at) / MINUTE_MS, 0);
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

function endOfMinute(at: number): number {
  return Math.ceil(at / MINUTE_MS) * MINUTE_MS;
}
