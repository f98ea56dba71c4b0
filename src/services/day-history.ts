import { iso } from '../normalization/instant';
import type { Severity } from '../normalization/normalized-event';

export const DAY_MS = 86_400_000;

/** An event's time of trouble, in milliseconds since 1970 UTC; null while it lasts. */
export interface TroubleSpan {
  readonly severity: Severity;
  readonly started_at: number;
  readonly resolved_at: number | null;
}

/** How long a service was in trouble on a day of UTC. Time that is both counts as outage. */
export interface TroubledDay {
  readonly date: string;
  readonly outage_s: number;
  readonly degraded_s: number;
}

type Span = readonly [from: number, until: number];

/** The days with trouble from an instant until another one, oldest first. Trouble that overlaps counts once. */
export function troubledDays(troubles: readonly TroubleSpan[], from: number, until: number): TroubledDay[] {
  const outage = joined(spansOf(troubles, 'critical', from, until));
  const any = joined([...outage, ...spansOf(troubles, 'warning', from, until)]);
  const outageMs = msByDay(outage);
  const anyMs = msByDay(any);
  return [...anyMs.keys()]
    .sort((one, other) => one - other)
    .map((day) => {
      const outage_s = Math.round((outageMs.get(day) ?? 0) / 1_000);
      const any_s = Math.round((anyMs.get(day) ?? 0) / 1_000);
      return { date: iso(day).slice(0, 10), outage_s, degraded_s: any_s - outage_s };
    });
}

function spansOf(troubles: readonly TroubleSpan[], severity: Severity, from: number, until: number): Span[] {
  return troubles
    .filter((trouble) => trouble.severity === severity)
    .map((trouble): Span => {
      return [Math.max(from, trouble.started_at), Math.min(until, trouble.resolved_at ?? until)];
    })
    .filter(([start, end]) => end > start);
}

/** The same time in spans that neither overlap nor touch. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const [start, end] of [...spans].sort(([one], [other]) => one - other)) {
    const last = result.at(-1);
    if (last === undefined || start > last[1]) result.push([start, end]);
    else result[result.length - 1] = [last[0], Math.max(last[1], end)];
  }
  return result;
}

function msByDay(spans: readonly Span[]): Map<number, number> {
  const days = new Map<number, number>();
  for (const [start, end] of spans) {
    for (let day = Math.floor(start / DAY_MS) * DAY_MS; day < end; day += DAY_MS) {
      const ms = Math.min(end, day + DAY_MS) - Math.max(start, day);
      days.set(day, (days.get(day) ?? 0) + ms);
    }
  }
  return days;
}
