import type { ReportDocument, ReportTable } from './report-document';

/** A report as Markdown, with tables (GitHub Flavored Markdown, section 4.10). */
export function markdownOf({ title, paragraphs, tables }: ReportDocument): string {
  const blocks = [`# ${escaped(title)}`, ...paragraphs.map(escaped), ...tables.map(tableText)];
  return `${blocks.join('\n\n')}\n`;
}

function tableText({ title, head, rows, empty }: ReportTable): string {
  const heading = `## ${escaped(title)}\n\n`;
  if (rows.length === 0) return heading + escaped(empty);
  return (
    heading +
    [head.map(escaped), head.map(() => '---'), ...rows.map((row) => row.map(escaped))].map(line).join('\n')
  );
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text that reads as it is: nobody's title makes a link, a tag or another column. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~&!]/g, '\\$&');
}
