import fc from 'fast-check';
import {
  bodyText,
  MOCK_ROUTING_KEY,
  pagerDutyMessage,
  type MessageEvent,
} from '../destinations/pagerduty-message';
import { KINDS, SEVERITIES } from '../normalization/normalized-event';
import { validate } from './validate';

/** Text of every kind: empty, blank, with halves of surrogate pairs, astral, and long. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('\uD83D', '\uDCA5', '\0', '💥', ' ', '\\', '"', 'u0000', 'x'))
    .map((parts) => parts.join('')),
  fc
    .integer({ min: 1_000, max: 100_000 })
    .chain((length) => fc.constantFrom('x', '💥', '\0').map((c) => c.repeat(length))),
);

const anyEvent: fc.Arbitrary<MessageEvent> = fc.record({
  account_id: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  event_id: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }),
  source: fc.constantFrom('stripe', 'braze_status', 'app'),
  kind: fc.constantFrom(...KINDS),
  severity: fc.constantFrom(...SEVERITIES),
  service: anyText,
  type: anyText,
  user_id: fc.option(anyText),
  summary: anyText,
  description: fc.option(anyText),
  started_at: fc.integer({ min: 0, max: Date.UTC(9_999, 11, 31) }),
  revision: fc.integer({ min: 1 }),
  raw: fc.oneof(
    fc.json({ stringUnit: 'binary' }),
    anyText.map((text) => JSON.stringify({ text })),
  ),
});

describe("Signalbox's own messages", () => {
  it("pass PagerDuty's checks, and share one key, whatever the event holds", () => {
    fc.assert(
      fc.property(anyEvent, fc.option(anyText), (event, requestId) => {
        const page = { event, routingKey: MOCK_ROUTING_KEY, requestId };
        const trigger = pagerDutyMessage({ ...page, action: 'trigger' });
        const resolve = pagerDutyMessage({ ...page, action: 'resolve' });
        expect(resolve.dedup_key).toBe(trigger.dedup_key);
        for (const text of [bodyText(trigger), bodyText(resolve)]) {
          expect(validate(JSON.parse(text))).toEqual([]);
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(512_000);
          const withoutEscapedBackslashes = text.replaceAll('\\\\', '');
          expect(withoutEscapedBackslashes).not.toMatch(/\\u(?:0000|d[89a-f])/);
        }
      }),
    );
  });
});
