import type { Environment } from '../../src/config/settings';
import { incident, inShort, over, record, restart, settled } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { freePort } from '../harness/free-port';
import { stopServices, type RunningService } from '../harness/service';
import type { ShownDelivery } from '../harness/service-client';
import { ending, selfSigned } from '../monitors/certificates';
import { MailServer } from './mail-server';
import { add, everythingShown, startSending } from './own-destinations';
import { Receiver } from './receiver';

const PASSWORD = 'a-password-that-nobody-may-see';
const TO = ['on-call@example.com', 'büro@example.com'];
const CERTIFICATE = selfSigned(ending(30, '127.0.0.1'));

let pagerDuty: Receiver;
let mail: MailServer;
beforeEach(async () => {
  pagerDuty = await Receiver.start();
  mail = await MailServer.start();
});
afterEach(async () => {
  await stopServices();
  await pagerDuty.stop();
  await mail.stop();
});

/** A service that mails by the server, with a destination that has two recipients. */
async function start(url = `smtp://${mail.address}`, environment: Environment = {}): Promise<RunningService> {
  const service = await startSending(pagerDuty, {
    SMTP_URL: url,
    SMTP_FROM: 'Signalbox <signalbox@example.org>',
    DELIVERY_MAX_ATTEMPTS: '2',
    ...environment,
  });
  await add(service, 'email', { to: TO });
  return service;
}

/** The event's deliveries by mail, once all of them are done. */
async function mailed(service: RunningService, eventId: string): Promise<ShownDelivery[]> {
  return (await settled(service, eventId)).filter(({ destination }) => destination.startsWith('email-'));
}

describe('e-mail', () => {
  it('tells of an incident and its end in one thread', async () => {
    const service = await start();
    const event = incident('inc', {
      summary: 'Zahlungen schlagen fehl: 503\r\nBcc: x@example.com',
      description: 'Since ten.',
    });
    await record(service, event);
    await mailed(service, 'inc');
    await record(service, incident('other'));
    await mailed(service, 'other');
    await record(service, over('inc', { summary: event.summary }));
    expect(inShort(await mailed(service, 'inc'))).toEqual(['trigger delivered', 'resolve delivered']);
    const [opened, other, closed] = mail.received;
    expect(opened).toMatchObject({
      recipients: TO,
      isSecure: false,
      headers: {
        from: 'Signalbox <signalbox@example.org>',
        subject: '[Signalbox] acme: Zahlungen schlagen fehl: 503 Bcc: x@example.com',
        'auto-submitted': 'auto-generated',
        'message-id': expect.stringMatching(/^<[0-9a-f]{32}@example\.org>$/) as unknown,
      },
    });
    expect(opened!.body).toContain('Critical: acme');
    expect(opened!.body).toContain('Since ten.');
    expect(opened!.headers['bcc']).toBeUndefined();
    expect(closed!.body).toContain('Resolved: acme');
    expect(closed!.headers['subject']).toBe(`Re: ${opened!.headers['subject']}`);
    expect(closed!.headers['in-reply-to']).toBe(opened!.headers['message-id']);
    expect(closed!.headers['references']!.split(' ')).toContain(opened!.headers['message-id']);
    expect(closed!.headers['references']).toContain(opened!.headers['references']);
    expect(opened!.headers['references']).not.toBe(other!.headers['references']);
  });

  it('keeps the id of a mail that is sent again, and gives a worse state another', async () => {
    const service = await start(undefined, { ROUTE_WARNING: 'true' });
    let lost = 0;
    mail.mailRefusal = () => (lost++ === 0 ? { code: 451 } : null);
    await record(service, incident('inc', { severity: 'warning' }));
    await mailed(service, 'inc');
    await record(service, incident('inc', { severity: 'critical' }));
    expect(inShort(await mailed(service, 'inc'))).toEqual(['trigger delivered', 'trigger delivered']);
    const [first, second] = mail.received.map(({ headers }) => headers);
    expect(second!['message-id']).not.toBe(first!['message-id']);
    expect(second!['in-reply-to']).toBe(first!['message-id']);
  });

  it('goes over TLS where the server offers it, and in the user’s name', async () => {
    await mail.stop();
    mail = await MailServer.start({
      ...CERTIFICATE,
      onAuth: ({ username }, _session, done) => done(null, { user: username }),
    });
    const service = await start(`smtp://me:${PASSWORD}@${mail.address}?tls.rejectUnauthorized=false`);
    await record(service, incident('inc'));
    expect(inShort(await mailed(service, 'inc'))).toEqual(['trigger delivered']);
    expect(mail.received).toMatchObject([{ isSecure: true, user: 'me' }]);
    expect(await everythingShown(service)).not.toContain(PASSWORD);
  });

  it.each<[name: string, status: string, outcome: string, answered: string | null, prepare: () => void]>([
    [
      '450 to a recipient',
      'retried',
      'server_error',
      'answered 450',
      () => (mail.recipientRefusal = () => ({ code: 450 })),
    ],
    [
      '550 to all recipients',
      'dead',
      'rejected',
      'answered 550',
      () => (mail.recipientRefusal = () => ({ code: 550 })),
    ],
    [
      '421 to the mail',
      'retried',
      'server_error',
      'answered 421',
      () => (mail.mailRefusal = () => ({ code: 421 })),
    ],
    [
      '451 to the mail',
      'retried',
      'server_error',
      'answered 451',
      () => (mail.mailRefusal = () => ({ code: 451 })),
    ],
    ['552 to the mail', 'dead', 'rejected', 'answered 552', () => (mail.mailRefusal = () => ({ code: 552 }))],
    ['554 to the mail', 'dead', 'rejected', 'answered 554', () => (mail.mailRefusal = () => ({ code: 554 }))],
    [
      'a connection that breaks within the mail',
      'retried',
      'connection_lost',
      null,
      () => (mail.beforeAnswer = () => Promise.resolve(mail.hangUp())),
    ],
  ])('is by %s %s', async (_name, end, outcome, error, prepare) => {
    prepare();
    const service = await start();
    await record(service, incident('inc'));
    const [delivery] = await mailed(service, 'inc');
    const attempt = { outcome, http_status: null, ...(error === null ? {} : { error }) };
    expect(delivery).toMatchObject({
      status: 'dead',
      reason: end === 'dead' ? 'rejected' : 'attempts_exhausted',
      attempts: Array(end === 'dead' ? 1 : 2).fill(attempt),
    });
    if (error !== null) expect(mail.received).toEqual([]);
  });

  it('is delivered where some of the recipients are taken, and says which are not', async () => {
    mail.recipientRefusal = (address) => (address.startsWith('on-call') ? { code: 550 } : null);
    const service = await start();
    await record(service, incident('inc'));
    const [delivery] = await mailed(service, 'inc');
    expect(delivery).toMatchObject({ status: 'delivered' });
    expect(delivery!.attempts[0]!.response).toContain('refused: on-call@example.com');
  });

  it('is tried again where the server does not answer', async () => {
    mail.beforeAnswer = () => new Promise(() => undefined);
    const service = await start(undefined, { DELIVERY_TIMEOUT_MS: '500' });
    await record(service, incident('inc'));
    const attempts = Array(2).fill({ outcome: 'timeout', error: 'timeout after 500 ms' });
    expect(await mailed(service, 'inc')).toMatchObject([{ reason: 'attempts_exhausted', attempts }]);
  });

  it.each<[name: string, url: () => Promise<string>]>([
    ['is not there', async () => `smtp://127.0.0.1:${await freePort()}`],
    ['shows a certificate that nobody vouches for', () => Promise.resolve(`smtp://${mail.address}`)],
    [
      'does not know the user',
      () => Promise.resolve(`smtp://me:${PASSWORD}@${mail.address}?tls.rejectUnauthorized=false`),
    ],
  ])('is tried again where the server %s: nothing of it can have arrived', async (_name, url) => {
    await mail.stop();
    mail = await MailServer.start({
      ...CERTIFICATE,
      onAuth: (_auth, _session, done) =>
        done(Object.assign(new Error(`no user with ${PASSWORD}`), { responseCode: 535 })),
    });
    const service = await start(await url());
    await record(service, incident('inc'));
    const [delivery] = await mailed(service, 'inc');
    expect(delivery).toMatchObject({
      reason: 'attempts_exhausted',
      attempts: Array(2).fill({ outcome: 'unreachable' }),
    });
    expect(await everythingShown(service)).not.toContain(PASSWORD);
  });

  it('is offered only where the operator has a mail server', async () => {
    const service = await startSending(pagerDuty);
    const answer = await service.client.post('/destinations', {
      name: 'a',
      type: 'email',
      settings: { to: TO },
    });
    expect(answer).toMatchObject({ status: 503, body: { code: 'type_unavailable' } });
  });

  it('is broken off when the service stops, and sent by the next', async () => {
    mail.beforeAnswer = () => new Promise(() => undefined);
    const service = await start(undefined, { DELIVERY_TIMEOUT_MS: '60000', SHUTDOWN_GRACE_MS: '1000' });
    await record(service, incident('inc'));
    await eventually(() => expect(mail.waiting).toBe(1));
    await service.stop();
    expect(service.log).toContainEqual(expect.objectContaining({ outcome: 'aborted', status: 'pending' }));
    mail.beforeAnswer = () => Promise.resolve();
    await mailed(await restart(service), 'inc');
    expect(mail.received).toHaveLength(1);
  });
});
