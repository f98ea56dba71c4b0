import { createHash } from 'node:crypto';
import { SEVERITIES } from '../normalization/normalized-event';
import {
  bodyText,
  dedupKey,
  MOCK_ROUTING_KEY,
  pagerDutyMessage,
  type MessageEvent,
  type PagerDutyMessage,
  type PagerDutyTrigger,
} from './pagerduty-message';

const event: MessageEvent = {
  account_id: 'acme',
  event_id: 'evt_7',
  source: 'stripe',
  kind: 'payment',
  severity: 'critical',
  service: 'payments',
  type: 'payout.failed',
  user_id: 'u-1',
  summary: 'payout.failed: po_7',
  description: 'The bank account is closed',
  started_at: Date.UTC(2031, 4, 6, 7, 8, 9, 10),
  revision: 3,
  raw: '{"id":"evt_7","data":{"amount":120}}',
};

function trigger(changes: Partial<MessageEvent> = {}): PagerDutyTrigger {
  const message = pagerDutyMessage({
    action: 'trigger',
    event: { ...event, ...changes },
    routingKey: MOCK_ROUTING_KEY,
    requestId: 'req-1',
  });
  if (message.event_action !== 'trigger') throw new Error('expected a trigger');
  return message;
}

function bytesOf(message: PagerDutyMessage): number {
  return Buffer.byteLength(bodyText(message));
}

describe('pagerDutyMessage', () => {
  it('tells all of an event in a trigger', () => {
    const message = pagerDutyMessage({
      action: 'trigger',
      event,
      routingKey: MOCK_ROUTING_KEY,
      requestId: 'req-1',
      clientUrl: 'https://signalbox.example/events/evt_7',
    });
    expect(message).toEqual({
      routing_key: MOCK_ROUTING_KEY,
      event_action: 'trigger',
      dedup_key: 'acme/evt_7',
      client: 'Signalbox',
      client_url: 'https://signalbox.example/events/evt_7',
      payload: {
        summary: 'payout.failed: po_7',
        source: 'payments',
        severity: 'critical',
        timestamp: '2031-05-06T07:08:09.010Z',
        component: 'payments',
        group: 'stripe',
        class: 'payout.failed',
        custom_details: {
          account_id: 'acme',
          event_id: 'evt_7',
          source: 'stripe',
          kind: 'payment',
          type: 'payout.failed',
          user_id: 'u-1',
          description: 'The bank account is closed',
          revision: 3,
          request_id: 'req-1',
          raw: { id: 'evt_7', data: { amount: 120 } },
        },
      },
    });
  });

  it('needs only the key, the action and the routing key for a resolve', () => {
    const message = pagerDutyMessage({
      action: 'resolve',
      event: { ...event, raw: 'never read' },
      routingKey: MOCK_ROUTING_KEY,
      requestId: null,
      clientUrl: 'https://signalbox.example',
    });
    expect(message).toEqual({
      routing_key: MOCK_ROUTING_KEY,
      event_action: 'resolve',
      dedup_key: 'acme/evt_7',
    });
  });

  it('leaves client_url out where there is none', () => {
    expect(trigger()).not.toHaveProperty('client_url');
  });

  it.each(SEVERITIES)('keeps the severity %s', (severity) => {
    expect(trigger({ severity }).payload.severity).toBe(severity);
  });

  it.each<[what: string, changes: Partial<MessageEvent>, summary: string]>([
    ['at the limit whole', { summary: 'x'.repeat(1_024) }, 'x'.repeat(1_024)],
    ['over the limit cut', { summary: 'x'.repeat(1_025) }, `${'x'.repeat(1_023)}…`],
    ['of many bytes but few characters whole', { summary: '💥'.repeat(1_024) }, '💥'.repeat(1_024)],
    [
      'with an emoji at the cut between characters',
      { summary: '💥'.repeat(1_025) },
      `${'💥'.repeat(1_023)}…`,
    ],
    ['of a megabyte cut', { summary: 'é'.repeat(500_000) }, `${'é'.repeat(1_023)}…`],
    ['that is blank replaced', { summary: ' \n' }, 'payments: payout.failed'],
  ])('sends a summary %s', (_, changes, summary) => {
    expect(trigger(changes).payload.summary).toBe(summary);
  });

  it.each(['', '  '])('takes the source where the service is %j', (service) => {
    expect(trigger({ service }).payload.source).toBe('stripe');
  });

  it('bounds what a sender calls things', () => {
    const long = '💥'.repeat(500_000);
    const { payload } = trigger({ service: long, source: long, type: long });
    const cut = `${'💥'.repeat(1_023)}…`;
    expect(payload).toMatchObject({ source: cut, component: cut, group: cut, class: cut });
  });

  it.each(['null', '"text"', '7', '[1,[2]]', '{}'])('shows the raw document %s', (raw) => {
    expect(trigger({ raw }).payload.custom_details?.raw).toEqual(JSON.parse(raw));
  });

  it('takes __proto__ and constructor in the raw document for names like any other', () => {
    const raw =
      '{"__proto__":{"severity":"info","isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}';
    const message = trigger({ raw });
    expect(bodyText(message)).toContain(`"raw":${raw}`);
    expect(message.payload.severity).toBe('critical');
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
    expect((message.payload.custom_details as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  it('sends a raw document nested 128 levels deep', () => {
    const raw = `${'['.repeat(128)}${']'.repeat(128)}`;
    expect(bodyText(trigger({ raw }))).toContain(raw);
  });
});

describe('the limit of 512 KB', () => {
  const rawOfBytes = (bytes: number): string => `"${'x'.repeat(bytes - 2)}"`;
  const bytesWithoutRaw = bytesOf(trigger({ raw: '""' })) - 2;

  it('keeps raw in a body of exactly 512,000 bytes', () => {
    const message = trigger({ raw: rawOfBytes(512_000 - bytesWithoutRaw) });
    expect(bytesOf(message)).toBe(512_000);
    expect(message.payload.custom_details).toHaveProperty('raw');
  });

  it('drops raw, and only raw, one byte beyond', () => {
    const { payload } = trigger({ raw: rawOfBytes(512_001 - bytesWithoutRaw) });
    expect(payload.custom_details).not.toHaveProperty('raw');
    expect(payload.custom_details).toMatchObject({ event_id: 'evt_7', request_id: 'req-1' });
  });

  it('counts bytes, not characters', () => {
    expect(trigger({ raw: `"${'é'.repeat(300_000)}"` }).payload.custom_details).not.toHaveProperty('raw');
  });

  it('drops all details where the description alone is too long, and still pages', () => {
    const message = trigger({ description: 'd'.repeat(600_000) });
    expect(message.payload).not.toHaveProperty('custom_details');
    expect(message.payload.summary).toBe('payout.failed: po_7');
    expect(bytesOf(message)).toBeLessThan(1_000);
  });
});

describe('dedupKey', () => {
  it('is account and event', () => {
    expect(dedupKey('default', 'monitor:7:2031')).toBe('default/monitor:7:2031');
  });

  it('is itself up to 255 characters, and its SHA-256 beyond', () => {
    const longest = 'e'.repeat(253);
    expect(dedupKey('a', longest)).toBe(`a/${longest}`);
    expect(dedupKey('a', `${longest}e`)).toBe(createHash('sha256').update(`a/${longest}e`).digest('hex'));
  });

  it('differs for long ids that differ at their end only', () => {
    const id = 'é'.repeat(500);
    expect(dedupKey('a', `${id}1`)).not.toBe(dedupKey('a', `${id}2`));
  });
});

describe('bodyText', () => {
  const detailsOf = (raw: string): unknown =>
    (JSON.parse(bodyText(trigger({ raw }))) as PagerDutyTrigger).payload.custom_details?.raw;

  it.each([
    ['a high surrogate alone', '"a\\ud83db"', 'a\uFFFDb'],
    ['a low surrogate alone', '"\\udfff"', '\uFFFD'],
    ['surrogates in the wrong order', '"\\udca5\\ud83d"', '\uFFFD\uFFFD'],
    ['NUL', '"a\\u0000b"', 'a\uFFFDb'],
    ['NUL and a surrogate in a name', '{"\\u0000\\ud800":1}', { '\uFFFD\uFFFD': 1 }],
  ])('replaces %s', (_, raw, shown) => {
    expect(detailsOf(raw)).toEqual(shown);
  });

  it.each([
    ['an emoji', '"💥"'],
    ['an escaped emoji', '"\\ud83d\\udca5"'],
    ['an escaped backslash before u0000', '"\\\\u0000"'],
    ['two of them before ud800', '"\\\\\\\\ud800"'],
    ['other escapes', '"\\u0001\\n\\t\\"\\\\"'],
  ])('leaves %s alone', (_, raw) => {
    expect(detailsOf(raw)).toBe(JSON.parse(raw));
  });
});
