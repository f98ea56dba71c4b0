import type { IncomingMessage } from 'node:http';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { Authority, ending, selfSigned } from './certificates';
import { Checker } from './check-setup';
import { NameServer } from './name-server';
import { TargetServers } from './target-server';

const authority = new Authority();
const stranger = new Authority();
const trusted = getCACertificates('default');

let nameServer: NameServer;
let targets: TargetServers;
let checker: Checker;

beforeAll(async () => {
  setDefaultCACertificates([...trusted, authority.cert]);
  nameServer = await NameServer.start();
  for (const name of ['api.example', 'www.example']) nameServer.serve(name, ['127.0.0.1']);
});

beforeEach(() => {
  targets = new TargetServers();
  checker = new Checker({ names: { servers: [nameServer.address] } });
});

afterEach(async () => {
  checker.close();
  await targets.close();
});

afterAll(async () => {
  setDefaultCACertificates(trusted);
  await nameServer.close();
});

/** A server with a certificate of `by` for api.example, which ends in so many days. */
async function serve(
  days: number,
  by = authority,
  listener?: (request: IncomingMessage) => void,
): Promise<string> {
  const url = await targets.https(by.issue(ending(days, 'api.example')), (request, response) => {
    listener?.(request);
    response.end('ok');
  });
  return url.replace('127.0.0.1', 'api.example');
}

const anyMs = expect.any(Number) as number;

describe('a check of a certificate', () => {
  it('tells how long it is good for, and how long each step took', async () => {
    const result = await checker.check(await serve(30.5));
    expect(result).toMatchObject({
      class: 'up',
      tls_days_left: 30,
      timings: { dns_ms: anyMs, connect_ms: anyMs, tls_ms: anyMs, first_byte_ms: anyMs, total_ms: anyMs },
    });
  });

  it('that ends soon is degraded, by the days that the monitor asks for', async () => {
    const url = await serve(6.5);
    expect(await checker.check(url, { expect: { tls_days_left: 7 } })).toMatchObject({
      class: 'degraded',
      reason: 'tls_days_left',
      failed: [{ expectation: 'tls_days_left', wanted: 'at least 7 days', seen: '6 days' }],
    });
    expect(await checker.check(url, { expect: { tls_days_left: 6 } })).toMatchObject({ class: 'up' });
  });

  it('that has ended is down', async () => {
    expect(await checker.check(await serve(-1))).toMatchObject({
      class: 'down',
      reason: 'tls_expired',
      failed: [{ expectation: 'answer', wanted: 'an answer', seen: 'CERT_HAS_EXPIRED' }],
      http_status: null,
    });
  });

  it('that is for another host is down', async () => {
    const url = (await serve(30)).replace('api.example', 'www.example');
    expect(await checker.check(url)).toMatchObject({
      class: 'down',
      reason: 'tls_wrong_host',
      failed: [{ seen: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
    });
  });

  it('that nobody trusted has signed is down', async () => {
    expect(await checker.check(await serve(30, stranger))).toMatchObject({
      class: 'down',
      reason: 'tls_untrusted',
    });
  });

  it('that has signed itself is down', async () => {
    const url = await targets.https(selfSigned(ending(30, 'api.example')), () => undefined);
    expect(await checker.check(url.replace('127.0.0.1', 'api.example'))).toMatchObject({
      class: 'down',
      reason: 'tls_untrusted',
      failed: [{ seen: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
    });
  });

  it('is made anew each time, without resuming a session', async () => {
    const reused: boolean[] = [];
    const url = await serve(
      30,
      authority,
      ({ socket }) => void reused.push((socket as TLSSocket).isSessionReused()),
    );
    for (let i = 0; i < 3; i += 1) await checker.check(url);
    expect(reused).toEqual([false, false, false]);
  });

  it('tells of the one that ends first, where a redirect led past several', async () => {
    const second = await serve(90.5);
    const first = await targets.https(authority.issue(ending(20.5, 'www.example')), (_request, response) => {
      response.writeHead(302, { location: second }).end();
    });
    const result = await checker.check(first.replace('127.0.0.1', 'www.example'));
    expect(result).toMatchObject({ class: 'up', tls_days_left: 20 });
  });
});

describe('a handshake', () => {
  it('that hangs is down', async () => {
    const url = await targets.raw(() => undefined, 'https');
    expect(await checker.check(url, { timeout_ms: 1_000 })).toMatchObject({
      class: 'down',
      reason: 'tls_failed',
      failed: [{ seen: 'no end of the step tls in time' }],
      timings: { connect_ms: anyMs, tls_ms: null, first_byte_ms: null },
    });
  });

  it.each([
    ['is cut off', '', 'ECONNRESET'],
    ['is answered by something else', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ])('that %s is down', async (_name, answer, seen) => {
    const url = await targets.raw((socket) => void socket.end(answer), 'https');
    expect(await checker.check(url)).toMatchObject({
      class: 'down',
      reason: 'tls_failed',
      failed: [{ seen }],
    });
  });
});
