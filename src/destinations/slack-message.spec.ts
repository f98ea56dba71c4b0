import fc from 'fast-check';
import type { NormalizedEvent } from '../normalization/normalized-event';
import {
  MAX_FIELD,
  MAX_HEADER,
  MAX_SECTION,
  MAX_TEXT,
  slackMessage,
  type SlackMessage,
} from './slack-message';

function eventOf(changes: Partial<NormalizedEvent>): NormalizedEvent {
  return {
    account_id: 'acme',
    event_id: 'inc_1',
    source: 'acme_status',
    kind: 'incident',
    severity: 'critical',
    service: 'acme',
    type: 'incident',
    user_id: null,
    summary: 'Down',
    description: null,
    started_at: 0,
    resolved_at: null,
    updated_at: 0,
    raw: '{}',
    ...changes,
  };
}

/** Slack's own limits of a message (https://docs.slack.dev/reference/block-kit/blocks). */
const MAX_BLOCKS = 50;
const MAX_FIELDS = 10;

const textsOf = ({ text, blocks }: SlackMessage): string[] => [
  text,
  ...blocks.flatMap((block) =>
    [...(block.text === undefined ? [] : [block.text]), ...(block.fields ?? [])].map((one) => one.text),
  ),
];

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5_000 }),
  fc.string({ unit: fc.constantFrom('&', '<', '>', 'a', '😀', '\0', '\ud800', ' '), maxLength: 5_000 }),
);

describe('a message for Slack', () => {
  it('tells what is broken, and that it is over', () => {
    const event = eventOf({ summary: 'Payments fail', description: 'Since ten.', resolved_at: 60_000 });
    expect(slackMessage({ action: 'trigger', event })).toMatchObject({
      text: 'Critical: acme: Payments fail',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'Critical: acme' } },
        { type: 'section', text: { type: 'mrkdwn', text: 'Payments fail' } },
        { type: 'section', text: { type: 'mrkdwn', text: 'Since ten.' } },
        {
          type: 'section',
          fields: expect.arrayContaining([{ type: 'mrkdwn', text: 'Source: acme_status' }]) as unknown,
        },
      ],
    });
    const closed = slackMessage({ action: 'resolve', event });
    expect(closed.text).toBe('Resolved: acme: Payments fail');
    expect(textsOf(closed)).toContain('Resolved: 1970-01-01T00:01:00.000Z');
  });

  it('mentions nobody and links nowhere, whatever a sender writes', () => {
    const event = eventOf({ summary: '<!channel> <https://evil.example|click> & more' });
    expect(slackMessage({ action: 'trigger', event }).blocks[1]?.text?.text).toBe(
      '&lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; more',
    );
  });

  it('keeps within Slack’s limits, whatever an event says', () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.option(anyText),
        fc.boolean(),
        (service, summary, description, isOver) => {
          const event = eventOf({
            service,
            summary,
            description,
            source: service,
            type: service,
            event_id: summary,
          });
          const message = slackMessage({ action: isOver ? 'resolve' : 'trigger', event });
          const { text, blocks } = message;
          expect(text.length).toBeLessThanOrEqual(MAX_TEXT);
          expect(blocks.length).toBeLessThanOrEqual(MAX_BLOCKS);
          for (const one of blocks) {
            const max = one.type === 'header' ? MAX_HEADER : MAX_SECTION;
            expect(one.text?.text.length ?? 1).toBeLessThanOrEqual(max);
            expect(one.fields?.length ?? 1).toBeLessThanOrEqual(MAX_FIELDS);
            for (const field of one.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(MAX_FIELD);
          }
          for (const one of textsOf(message)) {
            expect(one.trim()).not.toBe('');
            expect(one.isWellFormed()).toBe(true);
          }
          const written = textsOf(message).filter((_, index) => index !== 1);
          for (const one of written) expect(one).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        },
      ),
    );
  });
});
