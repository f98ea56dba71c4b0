import { knownMisses } from './known-misses';
import type { Aim, Report, Table } from './report';

const UNEXPLAINED = 'not known yet: profile it with `npm run bench -- --profile`';

/** A report as a section of markdown, with the day of the run. */
export function sectionOf({ title, method, tables, aims }: Report, day: string): string {
  const parts = [`## ${title}`, `${method} Measured on ${day}.`, ...tables.map(markdownOf)];
  if (aims.length > 0) parts.push(markdownOf(aimTable(aims)));
  return parts.join('\n\n');
}

/** A table in markdown, its columns aligned for those who read it as text. */
export function markdownOf({ head, rows }: Table): string {
  const widths = head.map((cell, column) => {
    return Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0));
  });
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function aimTable(aims: readonly Aim[]): Table {
  return {
    head: ['aim', 'measured', 'verdict'],
    rows: aims.map(({ id, aim, measured, isMet }) => {
      return [aim, measured, isMet ? 'met' : `**missed**: ${knownMisses[id] ?? UNEXPLAINED}`];
    }),
  };
}
