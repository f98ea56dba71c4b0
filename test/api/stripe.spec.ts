import { signatureHeader } from '../../src/ingest/stripe-signature';
import { eventually } from '../harness/eventually';
import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed, STRIPE_SECRET, type Answer } from '../harness/service-client';
import { errorShape } from './error-shape';

let service: RunningService;

beforeAll(async () => {
  service = await startService({ STRIPE_WEBHOOK_SECRET: `whsec_the_next_one,${STRIPE_SECRET}` });
});
afterAll(stopServices);

type Headers = Record<string, string>;

/** Posts the bytes with the given headers. */
function post(body: string | Buffer, headers: Headers, to = service): Promise<Answer> {
  return to.client.get('/ingest/stripe', { method: 'POST', body, headers });
}

/** Posts the bytes, rightly signed. */
function postSigned(body: string | Buffer, headers: Headers = {}): Promise<Answer> {
  return post(body, { 'stripe-signature': signatureHeader(body, STRIPE_SECRET, Date.now()), ...headers });
}

/** The event as GET /events/:event_id prints it. */
async function shown(id: string): Promise<string> {
  const response = await fetch(`${service.url}/events/${encodeURIComponent(id)}`);
  expect(response.status).toBe(200);
  return response.text();
}

async function countOfEvents(): Promise<number> {
  return (await service.client.events('?limit=500')).length;
}

async function expectRefused(answer: Answer, code: string, before: number): Promise<void> {
  const requestId = answer.headers.get('x-request-id');
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({ ...errorShape(400, requestId), code });
  expect(await countOfEvents()).toBe(before);
  await eventually(() => {
    const lines = service.log.filter(
      (line) => line['request_id'] === requestId && line['context'] === 'Stripe',
    );
    expect(lines).toEqual([expect.objectContaining({ level: 'warn', code, ip: '127.0.0.1' })]);
  });
}

describe('POST /ingest/stripe', () => {
  it('stores an event once, and says of a repeat that it is known', async () => {
    const body = JSON.stringify(payoutFailed('evt_once'));
    expect(await postSigned(body)).toMatchObject({ status: 200, body: { received: true } });
    const repeat = await postSigned(body);
    expect(repeat).toMatchObject({ status: 200 });
    expect(repeat.body).toEqual({ received: true, deduped: true });
    expect(
      (await service.client.events('?limit=500')).filter(({ event_id }) => event_id === 'evt_once'),
    ).toHaveLength(1);
  });

  it.each(['whsec_the_next_one', STRIPE_SECRET])(
    'takes signatures of every secret of a rotation: %s',
    async (secret) => {
      expect((await service.client.stripe(payoutFailed('evt_rotation'), { secret })).status).toBe(200);
    },
  );

  it('tells in one line of the log what became of a webhook', async () => {
    const answer = await service.client.stripe(payoutFailed('evt_line'));
    const request_id = answer.headers.get('x-request-id');
    expect(
      service.log.filter((line) => line['event_id'] === 'evt_line' && line['context'] === 'Stripe'),
    ).toEqual([
      expect.objectContaining({
        level: 'info',
        msg: 'stripe webhook',
        type: 'payout.failed',
        severity: 'critical',
        outcome: 'stored',
        triggered: true,
        request_id,
      }),
    ]);
  });
});

describe('promise 8: bad input gets a clear 4xx, and is never half stored: signatures', () => {
  const body = JSON.stringify(payoutFailed('evt_never'));
  const seconds = Math.floor(Date.now() / 1_000);
  const hex = (at = Date.now(), secret = STRIPE_SECRET): string =>
    signatureHeader(body, secret, at).split('v1=')[1]!;

  it.each<[string, string, Headers]>([
    ['no header', 'signature_missing', {}],
    ['an empty header', 'signature_missing', { 'stripe-signature': '' }],
    ['a header of another kind', 'signature_malformed', { 'stripe-signature': 'sha256=00' }],
    ['v1 empty', 'signature_malformed', { 'stripe-signature': `t=${seconds},v1=` }],
    ['v0 alone', 'signature_malformed', { 'stripe-signature': `t=${seconds},v0=${hex()}` }],
    ['t that is no number', 'signature_timestamp_invalid', { 'stripe-signature': `t=abc,v1=${hex()}` }],
    [
      'a stale one',
      'signature_timestamp_out_of_tolerance',
      { 'stripe-signature': signatureHeader(body, STRIPE_SECRET, Date.now() - 302_000) },
    ],
    [
      'one from the future',
      'signature_timestamp_out_of_tolerance',
      { 'stripe-signature': signatureHeader(body, STRIPE_SECRET, Date.now() + 3_600_000) },
    ],
    [
      'another secret',
      'signature_mismatch',
      { 'stripe-signature': signatureHeader(body, 'whsec_of_somebody_else', Date.now()) },
    ],
    [
      'an edited body',
      'signature_mismatch',
      { 'stripe-signature': signatureHeader(`${body} `, STRIPE_SECRET, Date.now()) },
    ],
  ])('%s', async (_, code, headers) => {
    await expectRefused(await post(body, headers), code, await countOfEvents());
  });

  it('a body that was parsed and written again on its way', async () => {
    const pretty = JSON.stringify(payoutFailed('evt_never'), null, 2);
    const signature = { 'stripe-signature': signatureHeader(pretty, STRIPE_SECRET, Date.now()) };
    for (const changed of [body, pretty.replaceAll('\n', '\r\n'), `${pretty}\n`]) {
      await expectRefused(await post(changed, signature), 'signature_mismatch', await countOfEvents());
    }
  });
});

describe('promise 8: bad input gets a clear 4xx, and is never half stored: signed bodies', () => {
  it.each<[string, string, string | Buffer]>([
    ['nothing', 'body_not_json', ''],
    ['half a document', 'body_not_json', '{"id":"evt_x","type":"ping"'],
    ['a document behind a BOM', 'body_not_json', '\uFEFF{"id":"evt_x","type":"ping"}'],
    ['a form', 'body_not_json', 'id=evt_x&type=ping'],
    ['bytes that are no UTF-8', 'body_not_utf8', Buffer.from('{"id":"evt_\xff","type":"ping"}', 'latin1')],
    ['null', 'body_not_object', 'null'],
    ['a list', 'body_not_object', '[]'],
    ['a number', 'body_not_object', '42'],
    ['129 levels', 'body_too_deep', `{"id":"e","type":"t","x":${'['.repeat(128)}${']'.repeat(128)}}`],
    ['100,000 levels', 'body_too_deep', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['no id', 'event_id_missing', '{"type":"ping"}'],
    ['an id only by __proto__', 'event_id_missing', '{"__proto__":{"id":"evt_x","type":"ping"}}'],
    ['no type', 'event_type_missing', '{"id":"evt_x"}'],
    ['NUL in the id', 'event_id_invalid', '{"id":"evt_\\u0000","type":"ping"}'],
    ['half a surrogate pair in the id', 'event_id_invalid', '{"id":"evt_\\ud800","type":"ping"}'],
    ['an id of 1,025 bytes', 'event_id_invalid', JSON.stringify({ id: `x${'é'.repeat(512)}`, type: 'ping' })],
  ])('%s', async (_, code, body) => {
    await expectRefused(await postSigned(body), code, await countOfEvents());
  });

  it('a body with Content-Encoding is a 415: its bytes are not what was signed', async () => {
    for (const encoding of ['gzip', 'br', 'identity']) {
      const answer = await postSigned(JSON.stringify(payoutFailed('evt_never')), {
        'content-encoding': encoding,
      });
      expect(answer).toMatchObject({ status: 415, body: { code: 'content_encoding_unsupported' } });
    }
  });

  it('a body of more than 1 MB is a 413, and one of just that is taken', async () => {
    const event = (bytes: number): string => {
      const empty = JSON.stringify({ ...payoutFailed('evt_long'), filler: '' });
      return empty.replace('"filler":""', `"filler":"${'x'.repeat(bytes - empty.length)}"`);
    };
    expect(await postSigned(event(1_048_577))).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
    expect(await postSigned(event(1_048_576))).toMatchObject({ status: 200 });
  });
});

describe('what Stripe may send', () => {
  it.each([
    [
      'a thin event',
      {
        id: 'evt_thin',
        object: 'v2.core.event',
        type: 'v1.charge.failed',
        created: '2026-11-20T09:40:58.123Z',
      },
    ],
    ['a ping about nothing', { id: 'evt_ping', object: 'event', type: 'ping', data: { object: null } }],
    ['an event of a type nobody knows', { id: 'evt_moon', type: 'moon.landed' }],
    ['an event of a connected account', { id: 'evt_connect', type: 'payout.failed', account: 'acct_1' }],
    ['an id of 1,024 bytes', { id: `ev${'é'.repeat(511)}`, type: 'ping' }],
    ['an id full of signs', { id: 'evt/%2F?&#;..+ "\\💥', type: 'ping' }],
  ])('%s', async (_, event) => {
    expect(await service.client.stripe(event)).toMatchObject({ status: 200, body: { received: true } });
    expect(JSON.parse(await shown(event.id))).toMatchObject({
      event_id: event.id,
      type: event.type,
      raw: event,
    });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'multipart/form-data; boundary=x',
    'x/y',
  ])('any content type, because only the bytes count: %s', async (type) => {
    const body = JSON.stringify(payoutFailed(`evt_${type}`));
    expect(await postSigned(body, { 'content-type': type })).toMatchObject({
      status: 200,
      body: { received: true },
    });
  });

  it('a body in chunks, without its length', async () => {
    const body = JSON.stringify(payoutFailed('evt_chunks'));
    const stream = new Blob([body.slice(0, 20), body.slice(20)]).stream();
    const signature = signatureHeader(body, STRIPE_SECRET, Date.now());
    const init: RequestInit = {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { 'stripe-signature': signature },
    };
    expect(await service.client.get('/ingest/stripe', init)).toMatchObject({ status: 200 });
  });

  it('numbers beyond 2^53, repeated keys, __proto__ and lone surrogates come back as they were sent', async () => {
    const raw =
      '{"id":"evt_exact","type":"ping","n":12345678901234567890.10,"e":1E400,"a":1,"a":2,' +
      '"__proto__":{"isAdmin":true},"constructor":{"prototype":{}},"text":"\\ud800 \\u0000 \\u00e9 é",' +
      '"data":{"object":{"id":"x\\u0000y"}}}';
    expect((await postSigned(raw)).status).toBe(200);
    const text = await shown('evt_exact');
    expect(text).toContain(`"raw":${raw}`);
    expect(JSON.parse(text)).toMatchObject({ summary: 'ping: x\uFFFDy' });
  });

  it('one id for every test webhook: the first one stays, and the log tells of the others', async () => {
    const id = 'evt_00000000000000';
    const warnings = (): unknown[] =>
      service.log.filter((line) => line['event_id'] === id && line['level'] === 'warn');
    const first = JSON.stringify({ id, type: 'payout.failed', data: { object: { id: 'po_test' } } });
    expect((await postSigned(first)).body).toEqual({ received: true });
    expect((await postSigned(first)).body).toEqual({ received: true, deduped: true });
    expect(warnings()).toEqual([]);
    const other = JSON.stringify({ id, type: 'charge.failed', data: { object: { id: 'ch_test' } } });
    expect((await postSigned(other)).body).toEqual({ received: true, deduped: true });
    expect(warnings()).toEqual([
      expect.objectContaining({ stored_type: 'payout.failed', type: 'charge.failed' }),
    ]);
    expect(await service.client.event(id)).toMatchObject({ type: 'payout.failed', revision: 1 });
  });
});

it('the whole log holds no secret, no signature and no body', async () => {
  const body = JSON.stringify({ ...payoutFailed('evt_quiet'), card: '4242424242424242' });
  const signature = signatureHeader(body, STRIPE_SECRET, Date.now());
  await post(body, {
    'stripe-signature': signature,
    authorization: 'Bearer of-nobody',
    cookie: 'a=of-nobody',
  });
  await post(body, { 'stripe-signature': signature.replace('v1=', 'v1=0') });
  await eventually(() => {
    expect(service.log.filter(({ msg }) => msg === 'request').length).toBeGreaterThan(1);
  });
  const log = JSON.stringify(service.log);
  expect(log).toContain('evt_quiet');
  const secrets = [
    STRIPE_SECRET,
    'whsec_the_next_one',
    /v1=/,
    /[0-9a-f]{64}/,
    '4242424242424242',
    'of-nobody',
  ];
  expect(secrets.filter((secret) => new RegExp(secret).test(log))).toEqual([]);
});
