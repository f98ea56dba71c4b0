import { wordingOf, type Told } from './wording';

/** Longest text of a section (https://docs.slack.dev/reference/block-kit/blocks/section-block). */
export const MAX_SECTION = 3_000;

/** Longest text of one of a section's fields, of which it takes at most 10 (the same page). */
export const MAX_FIELD = 2_000;

/** Longest text of a header (https://docs.slack.dev/reference/block-kit/blocks/header-block). */
export const MAX_HEADER = 150;

/** Slack cuts the text of a message beyond 40,000 and advises 4,000 (https://docs.slack.dev/reference/methods/chat.postMessage). */
export const MAX_TEXT = 4_000;

/** What these characters are written as (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

interface Text {
  readonly type: 'mrkdwn' | 'plain_text';
  readonly text: string;
}

export interface SlackBlock {
  readonly type: 'header' | 'section';
  readonly text?: Text;
  readonly fields?: readonly Text[];
}

/** A message for an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export interface SlackMessage {
  /** What a notification shows. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

/** What is posted about an event. What others have written is text: it mentions nobody and links nowhere. */
export function slackMessage(told: Told): SlackMessage {
  const { state, service, summary, description, facts } = wordingOf(told);
  const paragraphs = [summary, ...(description === null ? [] : [description])];
  return {
    text: escapedWithin(`${state}: ${service}: ${summary}`, MAX_TEXT),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: within(`${state}: ${service}`, MAX_HEADER) } },
      ...paragraphs.map((text) => ({ type: 'section' as const, text: markdown(text, MAX_SECTION) })),
      { type: 'section', fields: facts.map(([label, value]) => markdown(`${label}: ${value}`, MAX_FIELD)) },
    ],
  };
}

function markdown(text: string, max: number): Text {
  return { type: 'mrkdwn', text: escapedWithin(text, max) };
}

/** Cut at the end of a character, with an ellipsis. */
function within(text: string, max: number, write = (character: string): string => character): string {
  let written = '';
  for (const character of text) {
    const next = write(character);
    // Slack does not say what it counts: UTF-16 units are never fewer than characters.
    if (written.length + next.length > max - 1) return `${written}…`;
    written += next;
  }
  return written;
}

function escapedWithin(text: string, max: number): string {
  return within(text, max, (character) => ESCAPES[character] ?? character);
}
