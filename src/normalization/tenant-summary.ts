import { cutTo, storable } from './plain-text';

const MAX_SUMMARY_CHARACTERS = 1_024;
const MAX_DESCRIPTION_CHARACTERS = 10_000;

type Metadata = Readonly<Record<string, unknown>>;

/** Where tenants' events may say in words what happened, the shortest way first. */
const SUMMARY_FIELDS = ['summary', 'title', 'message', 'error', 'reason'] as const;

/** What a summary is made of; `type` and `user_id` in a form that can be stored. */
export interface Summarized {
  readonly account_id: string;
  readonly type: string;
  readonly user_id: string;
  readonly metadata: Metadata | undefined;
}

/** One bounded line for a person at night: whose it is, what happened, and in the tenant's words or to which user. */
export function summaryOf({ account_id, type, user_id, metadata }: Summarized): string {
  const words = wordsOf(metadata);
  return line(`${account_id}: ${type}${words === null ? ` (${user_id})` : `: ${words}`}`);
}

/** The tenant's `metadata.description`, bounded. */
export function descriptionOf(metadata: Metadata | undefined): string | null {
  const description = metadata?.['description'];
  if (typeof description !== 'string' || description.trim() === '') return null;
  return cutTo(storable(description), MAX_DESCRIPTION_CHARACTERS);
}

function wordsOf(metadata: Metadata | undefined): string | null {
  if (metadata === undefined) return null;
  for (const field of SUMMARY_FIELDS) {
    const words = metadata[field];
    if (typeof words === 'string' && words.trim() !== '') return words;
  }
  return null;
}

/** White space that is more than one space. */
const GAP = /[^\S ]| {2}/;

/** What cannot fit is dropped first, so that a huge text costs nothing. */
function line(text: string): string {
  const bounded = text.slice(0, 2 * MAX_SUMMARY_CHARACTERS + 2);
  const oneLine = GAP.test(bounded) ? bounded.replace(/\s+/g, ' ') : bounded;
  return cutTo(storable(oneLine.trimEnd()), MAX_SUMMARY_CHARACTERS);
}
