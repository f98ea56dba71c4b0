import { iso, isoOrNull } from '../../normalization/instant';
import type { Incident } from './incident';
import type { ReportRow, SloReport } from './report';

const COLUMNS = [
  'record',
  'id',
  'account',
  'name',
  'target',
  'actual',
  'actual_change',
  'result',
  'budget_consumed',
  'budget_change',
  'good',
  'bad',
  'unseen',
  'fault',
  'cause',
  'from_at',
  'until_at',
  'paged_at',
  'mttr_ms',
  'time_to_page_ms',
] as const;

type CsvRecord = Partial<Record<(typeof COLUMNS)[number], string | number | null>>;

/**
 * A report as CSV (RFC 4180), numbers as they are: one line for the whole, one for each objective and each incident,
 * told apart by `record`. What does not apply or cannot be told is empty.
 */
export function csvOf(report: SloReport): string {
  const lines = [
    wholeRecord(report),
    ...report.objectives.map(objectiveRecord),
    ...report.incidents.map(incidentRecord),
  ];
  const cells = lines.map((record) => COLUMNS.map((name) => cellOf(record[name] ?? null)));
  return [COLUMNS, ...cells].map((line) => `${line.join(',')}\r\n`).join('');
}

function wholeRecord({ window, from_at, until_at, time_to_restore, time_to_page }: SloReport): CsvRecord {
  return {
    record: 'report',
    name: window,
    from_at: iso(from_at),
    until_at: iso(until_at),
    mttr_ms: time_to_restore?.mean_ms ?? null,
    time_to_page_ms: time_to_page?.mean_ms ?? null,
  };
}

function objectiveRecord({ account_id, counts, ...row }: ReportRow): CsvRecord {
  return { record: 'objective', ...row, account: account_id, ...counts };
}

function incidentRecord({ id, title, fault, cause, ...instants }: Incident): CsvRecord {
  const { started_at, resolved_at, paged_at } = instants;
  return {
    ...{ record: 'incident', id, name: title, fault, cause },
    from_at: iso(started_at),
    until_at: isoOrNull(resolved_at),
    paged_at: isoOrNull(paged_at),
    mttr_ms: resolved_at === null ? null : resolved_at - started_at,
    time_to_page_ms: paged_at === null ? null : paged_at - started_at,
  };
}

/**
 * Text that begins like a formula would be one to a spreadsheet, and may be a stranger's: it gets an apostrophe in
 * front (OWASP, "CSV Injection").
 */
function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
