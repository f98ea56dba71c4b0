import { DAY_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import type { Span } from '../../monitors/model/spans';
import { burnRateOf, burnsAbove } from './budget';
import { hasData, sliOf, type Counts } from './counts';
import { incidentsWithin, type Incident } from './incident';
import { allowedPpm, type Objective } from './objective';

/** The windows that a report can be asked for, and how long they are. */
export const REPORT_WINDOWS = { '7d': 7 * DAY_MS, '30d': 30 * DAY_MS } as const;
export type ReportWindow = keyof typeof REPORT_WINDOWS;

/** What a report is made of. */
export interface ReportInput {
  readonly window: ReportWindow;
  readonly until_at: number;
  readonly objectives: readonly {
    readonly objective: Objective;
    /** Within the window. */
    readonly counts: Counts;
    /** Within the window before it. */
    readonly before: Counts;
  }[];
  readonly incidents: readonly Incident[];
}

/** Whether an objective was met over the report's window, whatever its own one is. */
export type Result = 'met' | 'missed' | 'no_data';

/** What a report says about an objective. What cannot be told is null. */
export interface ReportRow {
  readonly id: string;
  readonly account_id: string | null;
  readonly name: string;
  readonly target: number;
  readonly counts: Counts;
  readonly actual: number | null;
  readonly result: Result;
  /** The part of the window's budget that was spent; above 1 where it was missed. */
  readonly budget_consumed: number | null;
  /** Against the window before, as a difference: 0.001 is a tenth of a percent better. */
  readonly actual_change: number | null;
  /** Likewise: 0.2 is a fifth of the budget more. */
  readonly budget_change: number | null;
}

/** Mean and longest of some durations, in milliseconds. */
export interface Durations {
  readonly count: number;
  readonly mean_ms: number;
  readonly longest_ms: number;
}

export interface SloReport {
  readonly window: ReportWindow;
  readonly from_at: number;
  readonly until_at: number;
  readonly objectives: readonly ReportRow[];
  readonly totals: Readonly<Record<Result, number>>;
  /** Those that were going on within the window, by their start. */
  readonly incidents: readonly Incident[];
  /** From start to resolution, of those that were resolved within the window; null where none was. */
  readonly time_to_restore: Durations | null;
  /** From start to the first page delivered, of those that began within the window; null where none was paged. */
  readonly time_to_page: Durations | null;
}

/** The window of a report that is made at an instant: it ends with the last minute that is over. */
export function reportSpan(window: ReportWindow, now: number): Span {
  const until_at = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  return { from_at: until_at - REPORT_WINDOWS[window], until_at };
}

/** The window before another one. */
export function spanBefore({ from_at, until_at }: Span): Span {
  return { from_at: from_at - (until_at - from_at), until_at: from_at };
}

export function reportOf({ window, until_at, objectives, incidents }: ReportInput): SloReport {
  const span: Span = { from_at: until_at - REPORT_WINDOWS[window], until_at };
  const rows = objectives.map(rowOf);
  const concerned = incidentsWithin(incidents, span).sort((one, other) => one.started_at - other.started_at);
  const isWithin = (at: number): boolean => span.from_at <= at && at < span.until_at;
  const count = (result: Result): number => rows.filter((row) => row.result === result).length;
  return {
    window,
    ...span,
    objectives: rows,
    totals: { met: count('met'), missed: count('missed'), no_data: count('no_data') },
    incidents: concerned,
    time_to_restore: durationsOf(
      concerned.flatMap(({ started_at, resolved_at }) =>
        resolved_at !== null && isWithin(resolved_at) ? [resolved_at - started_at] : [],
      ),
    ),
    time_to_page: durationsOf(
      concerned.flatMap(({ started_at, paged_at }) =>
        paged_at !== null && isWithin(started_at) ? [paged_at - started_at] : [],
      ),
    ),
  };
}

function rowOf({ objective, counts, before }: ReportInput['objectives'][number]): ReportRow {
  const allowed = allowedPpm(objective);
  const { id, account_id, name, objective: target } = objective;
  const actual = sliOf(counts);
  const budget_consumed = burnRateOf(counts, allowed);
  return {
    ...{ id, account_id, name, target, counts, actual, budget_consumed },
    result: resultOf(counts, allowed),
    actual_change: difference(actual, sliOf(before)),
    budget_change: difference(budget_consumed, burnRateOf(before, allowed)),
  };
}

function resultOf(counts: Counts, allowed: number): Result {
  if (!hasData(counts)) return 'no_data';
  return burnsAbove(counts, allowed, 1) ? 'missed' : 'met';
}

function difference(value: number | null, before: number | null): number | null {
  return value === null || before === null ? null : value - before;
}

/** Null where there are none. */
function durationsOf(durationsMs: readonly number[]): Durations | null {
  const count = durationsMs.length;
  if (count === 0) return null;
  const sum = durationsMs.reduce((total, ms) => total + ms, 0);
  return { count, mean_ms: Math.round(sum / count), longest_ms: Math.max(...durationsMs) };
}
