import { Webhook } from 'standardwebhooks';
import { readSigningSecret, signatureHeaders } from './webhook-signature';

const NEW = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const OLD = `whsec_${Buffer.alloc(64, 2).toString('base64')}`;
const STRANGE = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const BODY = '{"text":"Zahlungen schlagen fehl 😀"}';

describe('the signature of a webhook', () => {
  const headers = signatureHeaders('msg_1', Date.now(), BODY, [NEW, OLD]);

  it.each([NEW, OLD])('is right for the library of Standard Webhooks, with each secret: %s', (secret) => {
    expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY));
  });

  it('stands under the names of Svix too', () => {
    for (const name of ['id', 'timestamp', 'signature']) {
      expect(headers[`svix-${name}`]).toBe(headers[`webhook-${name}`]);
    }
  });

  it.each<[what: string, secret: string, body: string, changes: Record<string, string>]>([
    ['another secret', STRANGE, BODY, {}],
    ['another body', NEW, `${BODY} `, {}],
    ['another id', NEW, BODY, { 'webhook-id': 'msg_2' }],
    ['another time', NEW, BODY, { 'webhook-timestamp': String(Math.floor(Date.now() / 1_000) - 7) }],
  ])('is wrong for %s', (_what, secret, body, changes) => {
    expect(() => new Webhook(secret).verify(body, { ...headers, ...changes })).toThrow(
      'No matching signature',
    );
  });
});

describe('a secret for signing', () => {
  it.each([NEW, OLD, STRANGE])('is %s', (secret) => {
    expect(readSigningSecret(secret)).toBe(secret);
  });

  it.each([
    [undefined],
    [7],
    [''],
    ['whsec_'],
    [NEW.slice('whsec_'.length)],
    [`whsec_${Buffer.alloc(23).toString('base64')}`],
    [`whsec_${Buffer.alloc(65).toString('base64')}`],
    [`${NEW} `],
    [`${NEW}!`],
    [`whsec_${Buffer.alloc(25, 255).toString('base64url')}`],
  ])('is not %j', (value) => {
    expect(() => readSigningSecret(value)).toThrow('must be whsec_ and 24 to 64 bytes in base64');
  });
});
