import fc from 'fast-check';
import { normalizeStripe, StripeBodyError } from './stripe';

const RECEIVED_AT = Date.UTC(2026, 10, 20, 12);

function normalize(document: unknown): ReturnType<typeof normalizeStripe> {
  const body = typeof document === 'string' ? document : JSON.stringify(document);
  return normalizeStripe({ account_id: 'default', body, receivedAt: RECEIVED_AT });
}

function faultOf(document: unknown): string {
  try {
    normalize(document);
  } catch (error) {
    if (error instanceof StripeBodyError) return error.fault;
    throw error;
  }
  return 'none';
}

/** A made-up event about the given object. */
function event(type: string, object: unknown, more: object = {}): object {
  return { id: 'evt_1', object: 'event', type, created: 1_795_000_000, data: { object }, ...more };
}

describe('a classic Stripe event', () => {
  it('becomes a payment event with the vendor’s id and time', () => {
    const document = event('payout.failed', { id: 'po_1', failure_message: 'Account closed' });
    expect(normalize(document)).toEqual({
      account_id: 'default',
      event_id: 'evt_1',
      source: 'stripe',
      kind: 'payment',
      severity: 'critical',
      service: 'stripe',
      type: 'payout.failed',
      user_id: null,
      summary: 'payout.failed: po_1',
      description: 'Account closed',
      started_at: 1_795_000_000_000,
      resolved_at: null,
      updated_at: 1_795_000_000_000,
      raw: JSON.stringify(document),
    });
  });

  it.each([
    ['no data', { id: 'evt_1', type: 'ping' }],
    ['data null', { id: 'evt_1', type: 'ping', data: null }],
    ['object null, as of a ping', event('ping', null)],
    ['an object that is a list', event('ping', [{ id: 'x' }])],
    ['an object that is a string', event('ping', 'x')],
    ['an object without id', event('ping', { object: 'balance' })],
    ['an object whose id is empty', event('ping', { id: '' })],
    ['an object whose id is a number', event('ping', { id: 7 })],
    [
      'an object that has an id only by __proto__',
      '{"id":"evt_1","type":"ping","data":{"object":{"__proto__":{"id":"x"}}}}',
    ],
  ])('is summed up by its type alone where it has %s', (_, document) => {
    expect(normalize(document)).toMatchObject({ summary: 'ping', description: null });
  });

  it.each([
    ['request as a string', { request: 'req_1' }],
    ['request as an object', { request: { id: 'req_1', idempotency_key: null } }],
    ['api_version null', { api_version: null }],
    ['livemode false', { livemode: false }],
    ['pending_webhooks missing or odd', { pending_webhooks: 'many' }],
  ])('is taken with %s', (_, more) => {
    expect(normalize(event('charge.succeeded', { id: 'ch_1' }, more)).summary).toBe('charge.succeeded: ch_1');
  });

  it('of a connected account still belongs to our own account', () => {
    expect(normalize(event('payout.failed', { id: 'po_1' }, { account: 'acct_1' }))).toMatchObject({
      account_id: 'default',
      severity: 'critical',
    });
  });
});

describe('a thin Stripe event', () => {
  const thin = {
    id: 'evt_thin',
    object: 'v2.core.event',
    type: 'v1.payout.failed',
    created: '2026-11-20T09:40:58.123Z',
    related_object: { id: 'po_9', type: 'payout', url: '/v1/payouts/po_9' },
  };

  it('is about its related object, at its ISO time, as severe as the classic one', () => {
    expect(normalize(thin)).toMatchObject({
      event_id: 'evt_thin',
      type: 'v1.payout.failed',
      severity: 'critical',
      summary: 'v1.payout.failed: po_9',
      description: null,
      started_at: Date.UTC(2026, 10, 20, 9, 40, 58, 123),
    });
  });

  it('is taken without a related object', () => {
    expect(normalize({ ...thin, related_object: null }).summary).toBe('v1.payout.failed');
  });
});

describe('the time of a Stripe event', () => {
  it.each([
    ['missing', undefined],
    ['null', null],
    ['zero', 0],
    ['negative', -1_795_000_000],
    ['in milliseconds', 1_795_000_000_000],
    ['beyond all numbers', '__1e400__'],
    ['more than a day ahead', RECEIVED_AT / 1_000 + 86_401],
    ['a number in a string', '1795000000'],
    ['an unreadable string', 'yesterday'],
    ['a year', '2026'],
    ['a day that does not exist', '2026-13-40T00:00:00Z'],
    ['an object', {}],
  ])('is that of its receipt where created is %s', (_, created) => {
    const body = JSON.stringify(event('ping', null, { created })).replace('"__1e400__"', '1e400');
    expect(normalize(body)).toMatchObject({ started_at: RECEIVED_AT, updated_at: RECEIVED_AT });
  });

  it.each([
    ['a second', 1_795_000_000, 1_795_000_000_000],
    ['a fraction of a second', 1_795_000_000.1234, 1_795_000_000_123],
    ['a clock a day ahead', RECEIVED_AT / 1_000 + 86_400, RECEIVED_AT + 86_400_000],
    ['an instant with an offset', '2026-11-20T10:00:00+01:00', Date.UTC(2026, 10, 20, 9)],
    ['an instant without a zone, as UTC', '2026-11-20T10:00:00', Date.UTC(2026, 10, 20, 10)],
  ])('is read from %s', (_, created, at) => {
    expect(normalize(event('ping', null, { created })).started_at).toBe(at);
  });
});

describe('the description of a Stripe event', () => {
  it.each([
    ['failure_message', { failure_message: 'why' }],
    ['last_payment_error.message', { last_payment_error: { message: 'why' } }],
    ['last_setup_error.message', { last_setup_error: { message: 'why' } }],
    ['last_finalization_error.message', { last_finalization_error: { message: 'why' } }],
    ['outcome.seller_message', { outcome: { seller_message: 'why' } }],
    ['failure_reason', { failure_reason: 'why' }],
    ['requirements.disabled_reason', { requirements: { disabled_reason: 'why' } }],
    ['failure_code', { failure_code: 'why' }],
    ['reason', { reason: 'why' }],
    ['the better one of two', { reason: 'fraudulent', failure_message: 'why' }],
    ['the next one where the first is empty', { failure_message: '', failure_code: 'why' }],
  ])('is taken from %s', (_, object) => {
    expect(normalize(event('charge.failed', object)).description).toBe('why');
  });

  it.each([
    ['is null', { failure_message: null }],
    ['is no text', { failure_message: 7, reason: ['x'] }],
    ['has its path cut by null', { last_payment_error: null }],
    ['is there only by inheritance', { constructor: { message: 'x' } }],
  ])('is null where the message %s', (_, object) => {
    expect(normalize(event('charge.failed', object)).description).toBeNull();
  });

  it('is cut by characters, not within one', () => {
    const { description } = normalize(event('charge.failed', { failure_message: '💥'.repeat(10_001) }));
    expect(Array.from(description ?? '')).toHaveLength(10_000);
    expect(description?.isWellFormed()).toBe(true);
  });
});

describe('a body that is no Stripe event', () => {
  it.each([
    ['nothing', '', 'body_not_json'],
    ['half a document', '{"id":"evt_1"', 'body_not_json'],
    ['a document behind a BOM', '\uFEFF{"id":"evt_1","type":"ping"}', 'body_not_json'],
    ['two documents', '{"id":"evt_1","type":"ping"}{}', 'body_not_json'],
    ['a form', 'id=evt_1&type=ping', 'body_not_json'],
    ['null', 'null', 'body_not_object'],
    ['a list', '[{"id":"evt_1","type":"ping"}]', 'body_not_object'],
    ['a number', '42', 'body_not_object'],
    ['a string', '"evt_1"', 'body_not_object'],
    ['129 levels', `{"id":"e","type":"t","x":${'['.repeat(128)}${']'.repeat(128)}}`, 'body_too_deep'],
    ['100,000 levels', '['.repeat(100_000) + ']'.repeat(100_000), 'body_too_deep'],
    ['no id', { type: 'ping' }, 'event_id_missing'],
    ['an id that is a number', { id: 7, type: 'ping' }, 'event_id_missing'],
    ['an empty id', { id: '', type: 'ping' }, 'event_id_missing'],
    ['an id only by __proto__', '{"__proto__":{"id":"evt_1","type":"ping"}}', 'event_id_missing'],
    ['no type', { id: 'evt_1' }, 'event_type_missing'],
    ['a type that is an object', { id: 'evt_1', type: {} }, 'event_type_missing'],
    ['an empty type', { id: 'evt_1', type: '' }, 'event_type_missing'],
    ['NUL in its id', { id: 'evt_\0', type: 'ping' }, 'event_id_invalid'],
    ['half a surrogate pair in its id', '{"id":"evt_\\ud83d","type":"ping"}', 'event_id_invalid'],
    ['an id of 1,025 bytes', { id: `${'é'.repeat(512)}x`, type: 'ping' }, 'event_id_invalid'],
  ])('is refused: %s', (_, document, fault) => {
    expect(faultOf(document)).toBe(fault);
  });
});

describe('a Stripe event', () => {
  it.each([
    ['an id of 1,024 bytes', { id: 'é'.repeat(512), type: 'ping' }],
    ['128 levels', `{"id":"e","type":"t","x":${'['.repeat(127)}${']'.repeat(127)}}`],
    ['brackets within a text', { id: 'evt_1', type: 'ping', text: '['.repeat(1_000) }],
    ['a type nobody has heard of', { id: 'evt_1', type: 'moon.landed' }],
    ['spaces around', '\n {"id":"evt_1","type":"ping"} \r\n'],
  ])('may have %s', (_, document) => {
    expect(faultOf(document)).toBe('none');
  });
});

describe('characters that a database may refuse', () => {
  it('are replaced in the columns and kept in raw', () => {
    const body =
      '{"id":"evt_1","type":"a\\u0000b","data":{"object":{"id":"x\\ud800y","failure_message":"\\udfff\\u0000"}}}';
    expect(normalize(body)).toMatchObject({
      type: 'a\uFFFDb',
      summary: 'a\uFFFDb: x\uFFFDy',
      description: '\uFFFD\uFFFD',
      raw: body,
    });
  });

  it('never reach a column, and no column is longer than it may be, whatever the document', () => {
    const text = fc.string({ unit: 'binary', maxLength: 2_000 });
    const document = fc.record(
      {
        id: text,
        type: text,
        created: fc.anything(),
        data: fc.oneof(fc.anything(), fc.record({ object: fc.record({ id: text, failure_message: text }) })),
        related_object: fc.anything(),
        account: fc.anything(),
      },
      { requiredKeys: ['id', 'type'] },
    );
    fc.assert(
      fc.property(document, (value) => {
        const body = JSON.stringify(value, (_, inner: unknown) =>
          typeof inner === 'bigint' ? Number(inner) : inner,
        );
        if (faultOf(body) !== 'none') return;
        const { type, summary, description, event_id, started_at } = normalize(body);
        for (const column of [type, summary, description ?? '', event_id]) {
          expect(column.isWellFormed() && !column.includes('\0')).toBe(true);
        }
        expect(Array.from(type).length).toBeLessThanOrEqual(256);
        expect(Array.from(summary).length).toBeLessThanOrEqual(1_024);
        expect(Buffer.byteLength(event_id)).toBeLessThanOrEqual(1_024);
        expect(Number.isInteger(started_at)).toBe(true);
      }),
    );
  });
});

it('keeps the signal digit for digit', () => {
  const body =
    '{"id":"evt_1","type":"ping","amount":12345678901234567890.10,"a":1,"a":2,"__proto__":{"x":1}}';
  expect(normalize(body).raw).toBe(body);
});
