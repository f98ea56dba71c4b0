import type { Incident } from './incident';
import type { Durations, ReportRow, SloReport, Result } from './report';
import {
  actualAndKnownText,
  changeText,
  durationText,
  instantText,
  NOTHING,
  percentText,
  targetText,
} from './report-words';

/** A report as people read it, before it is Markdown or HTML: plain text throughout, which each escapes. */
export interface ReportDocument {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly tables: readonly ReportTable[];
}

export interface ReportTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What stands for a table without rows. */
  readonly empty: string;
}

const RESULTS: Readonly<Record<Result, string>> = { met: 'met', missed: 'MISSED', no_data: 'no data' };

export function documentOf(report: SloReport): ReportDocument {
  const { met, missed, no_data } = report.totals;
  return {
    title: `Service levels, ${report.window}`,
    paragraphs: [
      `From ${instantText(report.from_at)} to ${instantText(report.until_at)}. Changes are against the ${report.window} before.`,
      `Objectives met: ${met}; missed: ${missed}; without data: ${no_data}.`,
      `Time to restore: ${durationsText(report.time_to_restore)}. Time to page: ${durationsText(report.time_to_page)}.`,
    ],
    tables: [
      {
        title: 'Objectives',
        head: ['Objective', 'Account', 'Target', 'Actual', 'Change', 'Result', 'Budget spent', 'Change'],
        rows: report.objectives.map(objectiveCells),
        empty: 'There are no objectives.',
      },
      {
        title: 'Incidents',
        head: ['Incident', 'Fault', 'Cause', 'Began', 'Lasted', 'Paged after'],
        rows: report.incidents.map(incidentCells),
        empty: 'There were no incidents.',
      },
    ],
  };
}

function objectiveCells(row: ReportRow): string[] {
  return [
    row.name,
    row.account_id ?? 'all',
    targetText(row.target),
    actualAndKnownText(row.counts),
    changeText(row.actual_change, 4),
    RESULTS[row.result],
    percentText(row.budget_consumed),
    changeText(row.budget_change, 1),
  ];
}

function incidentCells({ title, fault, cause, started_at, resolved_at, paged_at }: Incident): string[] {
  return [
    title,
    fault,
    cause ?? NOTHING,
    instantText(started_at),
    resolved_at === null ? 'open' : durationText(resolved_at - started_at),
    paged_at === null ? NOTHING : durationText(paged_at - started_at),
  ];
}

function durationsText(durations: Durations | null): string {
  if (durations === null) return NOTHING;
  const { mean_ms, longest_ms, count } = durations;
  return `${durationText(mean_ms)} on average, ${durationText(longest_ms)} at most (${count})`;
}
