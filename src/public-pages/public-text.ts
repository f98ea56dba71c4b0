import { cutTo } from '../normalization/plain-text';

/** Longest summary that is shown, in characters. */
const MAX_SUMMARY = 200;

/**
 * What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets), and what turns the direction of the text around it
 * (Unicode, UAX 9, section 2: embeddings, overrides and isolates).
 */
// eslint-disable-next-line no-control-regex
const UNFIT = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]/g;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Somebody's text on one line, of a length that can be shown to everybody, without what could harm what stands beside it. */
export function publicText(text: string): string {
  // Before it is searched: of 100 KB nobody gets to see more than a line.
  const start = text
    .slice(0, 8 * MAX_SUMMARY)
    .toWellFormed()
    .replace(UNFIT, '');
  const line = start.replace(/\s+/g, ' ').trim();
  return text.length > 8 * MAX_SUMMARY ? cutTo(`${line}…`, MAX_SUMMARY) : cutTo(line, MAX_SUMMARY);
}

/** Text as it stands in HTML and XML, within elements and quoted attributes. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(UNFIT, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
