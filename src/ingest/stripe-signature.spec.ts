import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { findSignatureFault, signatureHeader, TOLERANCE_S } from './stripe-signature';

const SECRET = 'whsec_of_this_test';
const NOW = Date.UTC(2026, 10, 20, 12, 0, 0, 789);
const SECONDS = Math.floor(NOW / 1_000);
const BODY = Buffer.from('{\n  "id": "evt_1",\n  "type": "payout.failed"\n}');

const { webhooks } = new Stripe('sk_test_of_nobody');

function mac(secret: string, timestamp: number | string = SECONDS, body: Buffer = BODY): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
}

function fault(
  header: string | undefined,
  options: { body?: Buffer; secrets?: string[] } = {},
): string | null {
  return findSignatureFault(header, options.body ?? BODY, options.secrets ?? [SECRET], NOW);
}

const right = `t=${SECONDS},v1=${mac(SECRET)}`;

describe('a signature is right', () => {
  it.each([
    ['as Stripe sends it', right],
    ['with an old scheme beside it, whatever that says', `${right},v0=${mac('other')}`],
    ['with an empty old scheme beside it', `${right},v0=`],
    ['with parts nobody knows', `${right},x,v2=1,=,`],
    ['with its parts the other way round', `v1=${mac(SECRET)},t=${SECONDS}`],
    ['with spaces behind the commas', `t=${SECONDS}, v1=${mac(SECRET)}`],
    [
      'as the second of two, while Stripe rolls its secret',
      `t=${SECONDS},v1=${mac('new')},v1=${mac(SECRET)}`,
    ],
    ['as the first of two', `t=${SECONDS},v1=${mac(SECRET)},v1=${mac('new')}`],
  ])('%s', (_, header) => {
    expect(fault(header)).toBeNull();
  });

  it.each([
    ['the first', [SECRET, 'whsec_other']],
    ['the last', ['whsec_1', 'whsec_2', SECRET]],
  ])('under %s of the secrets that are configured while they rotate', (_, secrets) => {
    expect(fault(right, { secrets })).toBeNull();
  });

  it.each([-TOLERANCE_S, TOLERANCE_S])('up to %d s away from now', (seconds) => {
    const timestamp = Math.ceil(NOW / 1_000) + (seconds < 0 ? seconds : seconds - 1);
    expect(fault(`t=${timestamp},v1=${mac(SECRET, timestamp)}`)).toBeNull();
  });
});

describe('a signature is refused', () => {
  it.each([
    ['without the header', undefined, 'signature_missing'],
    ['with an empty header', '', 'signature_missing'],
    ['with some text as header', 'let me in', 'signature_malformed'],
    ['with nothing but commas', ',,,', 'signature_malformed'],
    ['without a timestamp', `v1=${mac(SECRET)}`, 'signature_malformed'],
    ['with two timestamps', `t=${SECONDS},${right}`, 'signature_malformed'],
    ['without a signature', `t=${SECONDS}`, 'signature_malformed'],
    ['with an empty signature', `t=${SECONDS},v1=`, 'signature_malformed'],
    ['with an empty signature beside the right one', `${right},v1=`, 'signature_malformed'],
    ['with the old scheme alone', `t=${SECONDS},v0=${mac(SECRET)}`, 'signature_malformed'],
    ['with V1 for v1', right.replace('v1', 'V1'), 'signature_malformed'],
    ['with an empty timestamp', `t=,v1=${mac(SECRET, '')}`, 'signature_timestamp_invalid'],
    ['with a timestamp of letters', `t=abc,v1=${mac(SECRET, 'abc')}`, 'signature_timestamp_invalid'],
    ['with a negative timestamp', `t=-1,v1=${mac(SECRET, '-1')}`, 'signature_timestamp_invalid'],
    [
      'with a broken timestamp',
      `t=${SECONDS}.5,v1=${mac(SECRET, `${SECONDS}.5`)}`,
      'signature_timestamp_invalid',
    ],
    ['with a timestamp in milliseconds', `t=${NOW},v1=${mac(SECRET, NOW)}`, 'signature_timestamp_invalid'],
    ['with Infinity', `t=Infinity,v1=${mac(SECRET, 'Infinity')}`, 'signature_timestamp_invalid'],
    ['with a hexadecimal timestamp', `t=0x6A,v1=${mac(SECRET, '0x6A')}`, 'signature_timestamp_invalid'],
    ['made with another secret', `t=${SECONDS},v1=${mac('whsec_other')}`, 'signature_mismatch'],
    ['made at another time', `t=${SECONDS - 1},v1=${mac(SECRET)}`, 'signature_mismatch'],
    ['in capital letters', `t=${SECONDS},v1=${mac(SECRET).toUpperCase()}`, 'signature_mismatch'],
    ['cut off', right.slice(0, -1), 'signature_mismatch'],
    ['with a digit more', `${right}0`, 'signature_mismatch'],
    ['of no hexadecimal digits', `t=${SECONDS},v1=${'ü'.repeat(32)}`, 'signature_mismatch'],
    ['behind sixteen others', `t=${SECONDS},${'v1=00,'.repeat(16)}v1=${mac(SECRET)}`, 'signature_mismatch'],
  ])('%s', (_, header, expected) => {
    expect(fault(header)).toBe(expected);
  });

  it.each([
    ['the past', SECONDS - TOLERANCE_S],
    ['the future', SECONDS + TOLERANCE_S + 2],
    ['the year 1970', 0],
    ['the far future', 999_999_999_999],
  ])('too far from now: %s', (_, timestamp) => {
    expect(fault(`t=${timestamp},v1=${mac(SECRET, timestamp)}`)).toBe('signature_timestamp_out_of_tolerance');
  });

  const text = BODY.toString();
  it.each([
    ['one byte more', `${text} `],
    ['a newline at its end', `${text}\n`],
    ['CRLF for LF', text.replaceAll('\n', '\r\n')],
    ['its JSON written again', JSON.stringify(JSON.parse(text))],
    ['an edited value', text.replace('evt_1', 'evt_2')],
    ['a BOM', `\uFEFF${text}`],
    ['nothing in it', ''],
  ])('over a body with %s', (_, body) => {
    expect(fault(right, { body: Buffer.from(body) })).toBe('signature_mismatch');
  });

  it('where no secret is configured', () => {
    expect(fault(right, { secrets: [] })).toBe('signature_mismatch');
  });
});

describe('Stripe’s own library', () => {
  const payload = BODY.toString();

  it('makes headers that are right here', () => {
    const header = webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp: SECONDS });
    expect(fault(header)).toBeNull();
    expect(fault(header, { secrets: ['whsec_other'] })).toBe('signature_mismatch');
  });

  it('takes the headers that are made here', () => {
    const header = signatureHeader(BODY, SECRET, NOW);
    const event = webhooks.constructEvent(BODY, header, SECRET, TOLERANCE_S, undefined, NOW);
    expect(event.id).toBe('evt_1');
    expect(() => webhooks.constructEvent(BODY, header, 'whsec_other', TOLERANCE_S, undefined, NOW)).toThrow();
  });
});
