import type { Severity } from '../normalization/normalized-event';
import { cutTo, storable } from '../normalization/plain-text';
import { suggestSeverity } from './suggest-severity';
import { PLACES, PROBLEMS, recognize, SUBJECTS } from './vocabulary';

/** Longest summary, in characters. */
const MAX_SUMMARY_CHARACTERS = 120;

export interface Summary {
  readonly summary: string;
  readonly suggested_severity: Severity;
}

/**
 * Says in a few words what a text about an incident is about, and how bad it sounds.
 *
 * This is a stub that stands where a real model would: it looks for words that it knows, so the same text always
 * gets the same answer, at once and for nothing. It sums up as "<what> <problem> in <where>"; where it finds no
 * problem, or neither what has it nor where, it quotes the first sentence instead.
 *
 * @param text not blank
 */
export function summarize(text: string): Summary {
  const readable = storable(text).trim();
  const line = withSingleSpaces(readable);
  return {
    summary: cutTo(headlineOf(line) ?? firstSentenceOf(readable), MAX_SUMMARY_CHARACTERS),
    suggested_severity: suggestSeverity(line),
  };
}

function headlineOf(line: string): string | undefined {
  const [subject] = recognize(SUBJECTS, line);
  const [problem] = recognize(PROBLEMS, line);
  const places = recognize(PLACES, line);
  if (problem === undefined || (subject === undefined && places.length === 0)) return undefined;
  const what = subject === undefined ? problem : `${subject} ${problem}`;
  const where = places.length === 0 ? '' : ` in ${listed(places)}`;
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}${where}`;
}

/** "APAC", "APAC and EMEA", "APAC, EMEA, and EU". */
function listed(places: readonly string[]): string {
  return new Intl.ListFormat('en').format(places);
}

/** Sentences end at line breaks too. */
function firstSentenceOf(text: string): string {
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)) {
    return withSingleSpaces(segment).trim();
  }
  return text;
}

function withSingleSpaces(text: string): string {
  return text.replace(/\s+/g, ' ');
}
