import { gzipSync } from 'node:zlib';
import { VERSION } from '../../src/config/version';
import type { CheckResult } from '../../src/monitors/model/monitor';
import { freePort } from '../harness/free-port';
import { eventually } from '../harness/eventually';
import { Checker } from './check-setup';
import { TargetServers } from './target-server';

let targets: TargetServers;
let checker: Checker;

beforeEach(() => {
  targets = new TargetServers();
  checker = new Checker();
});

afterEach(async () => {
  checker.close();
  await targets.close();
});

const ok = (): Promise<string> => targets.http((_request, response) => void response.end('{"status":"ok"}'));

/** What a fault is told by. */
function shortly({ class: resultClass, reason, failed }: CheckResult): unknown[] {
  return [resultClass, reason, failed[0]?.seen];
}

const anyMs = expect.any(Number) as number;

describe('a check', () => {
  it('tells all that is known of an answer', async () => {
    const before = Date.now();
    const result = await checker.check(await ok());
    expect(result).toEqual({
      class: 'up',
      reason: null,
      failed: [],
      started_at: expect.any(Number) as number,
      duration_ms: result.timings?.total_ms,
      timings: { dns_ms: null, connect_ms: anyMs, tls_ms: null, first_byte_ms: anyMs, total_ms: anyMs },
      http_status: 200,
      tls_days_left: null,
      limit_ms: null,
    });
    expect(result.started_at).toBeGreaterThanOrEqual(before);
  });

  it('sends what the monitor says, and introduces itself where that says nothing', async () => {
    const received: unknown[] = [];
    const url = await targets.http((request, response) => {
      const { method, headers, url: path } = request;
      void request.toArray().then((chunks: Buffer[]) => {
        received.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
        response.end();
      });
    });
    const headers = { Accept: 'application/json', 'X-Key': 'k', 'User-Agent': 'probe' };
    await checker.check(`${url}/a?b=c#d`, { method: 'POST', headers, body: '{}' });
    await checker.check(url);
    const { host } = new URL(url);
    expect(received).toEqual([
      {
        method: 'POST',
        path: '/a?b=c',
        headers: {
          host,
          accept: 'application/json',
          'accept-encoding': 'gzip',
          connection: 'close',
          'content-length': '2',
          'user-agent': 'probe',
          'x-key': 'k',
        },
        body: '{}',
      },
      {
        method: 'GET',
        path: '/',
        headers: {
          host,
          accept: '*/*',
          'accept-encoding': 'gzip',
          connection: 'close',
          'user-agent': `Signalbox/${VERSION}`,
        },
        body: '',
      },
    ]);
  });

  it('asks one server for the name of another', async () => {
    const url = await targets.http((request, response) => void response.end(request.headers.host));
    const changes = { headers: { host: 'shop.example' }, expect: { body_contains: 'shop.example' } };
    expect(await checker.check(url, changes)).toMatchObject({ class: 'up' });
  });

  it('opens a connection of its own, and leaves none', async () => {
    const url = await ok();
    for (let i = 0; i < 3; i += 1) await checker.check(url);
    expect(targets.connections).toBe(3);
    await eventually(() => expect(targets.openConnections).toBe(0));
  });

  it('says which expectations failed, and what was seen instead', async () => {
    const url = await targets.http((_request, response) => {
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"status":"degraded"}');
    });
    const expect_ = { json: { '$.status': 'ok' }, body_contains: 'fine', headers: { 'x-a': '1' } };
    const result = await checker.check(url, { expect: expect_ });
    expect(result).toMatchObject({
      class: 'down',
      reason: 'status',
      http_status: 503,
      failed: [
        { expectation: 'status', wanted: '200-299', seen: '503' },
        { expectation: 'headers.x-a', wanted: '1', seen: null },
        { expectation: 'body_contains', wanted: 'fine', seen: '{"status":"degraded"}' },
        { expectation: 'json.$.status', wanted: '"ok"', seen: '"degraded"' },
      ],
    });
  });

  it('looks into compressed bodies, and reads them by their charset', async () => {
    const body = gzipSync(Buffer.from('größer', 'latin1'));
    const url = await targets.http((_request, response) => {
      response.writeHead(200, {
        'content-encoding': 'gzip',
        'content-type': 'text/plain; charset=ISO-8859-1',
      });
      response.end(body);
    });
    expect(await checker.check(url, { expect: { body_contains: 'größer' } })).toMatchObject({ class: 'up' });
  });

  it('takes a HEAD, whose answer names a coding and a length and has no body', async () => {
    const url = await targets.http((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '100' }).end();
    });
    expect(await checker.check(url, { method: 'HEAD' })).toMatchObject({ class: 'up', http_status: 200 });
  });

  it('does not wait for the end of a body that has none', async () => {
    const url = await targets.http((_request, response) => {
      response.write('the beginning');
      const feed = (): void =>
        void (response.write('x'.repeat(10_000)) ? setImmediate(feed) : response.once('drain', feed));
      feed();
    });
    expect(await checker.check(url)).toMatchObject({ class: 'up' });
    expect(await checker.check(url, { expect: { body_contains: 'the beginning' } })).toMatchObject({
      class: 'up',
    });
    await eventually(() => expect(targets.openConnections).toBe(0));
  });

  it('that is stopped is unknown, and ends at once', async () => {
    const stop = new AbortController();
    const url = await targets.http(() => stop.abort());
    expect(shortly(await checker.check(url, { timeout_ms: 59_000 }, stop.signal))).toEqual([
      'unknown',
      'aborted',
      'stopped',
    ]);
    await eventually(() => expect(targets.openConnections).toBe(0));
  });
});

describe('a target', () => {
  it('that has nobody listening is down', async () => {
    const result = await checker.check(`http://127.0.0.1:${await freePort()}`);
    expect(shortly(result)).toEqual(['down', 'connect_refused', 'ECONNREFUSED']);
    expect(result).toMatchObject({
      http_status: null,
      timings: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, total_ms: anyMs },
    });
  });

  it('that hangs is down, whatever it has sent by then', async () => {
    const heads = ['', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'];
    const results = heads.map(async (head) => {
      const url = await targets.raw((socket) => void socket.write(head));
      return shortly(await checker.check(url, { timeout_ms: 1_000 }));
    });
    const late = ['down', 'answer_timeout', 'no end of the step answer in time'];
    expect(await Promise.all(results)).toEqual([late, late, late]);
    await eventually(() => expect(targets.openConnections).toBe(0));
  });

  it('that answers slowly is degraded or down, by its limits', async () => {
    const url = await targets.http((_request, response) => void setTimeout(() => response.end(), 700));
    const limits = { degraded_above_ms: 20, down_above_ms: null };
    expect(await checker.check(url, { expect: limits })).toMatchObject({
      class: 'degraded',
      reason: 'degraded_above_ms',
    });
    expect(await checker.check(url, { expect: { ...limits, down_above_ms: 30 } })).toMatchObject({
      class: 'down',
      reason: 'down_above_ms',
    });
    expect(await checker.check(url, { expect: { degraded_above_ms: 10_000 } })).toMatchObject({
      class: 'up',
    });
  });

  it.each([
    ['resets', 'reset', 'ECONNRESET', ''],
    ['resets within its body', 'reset', 'ECONNRESET', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'],
  ])('that %s is down', async (_name, reason, seen, head) => {
    const url = await targets.raw((socket) => socket.write(head, () => socket.resetAndDestroy()));
    expect(shortly(await checker.check(url))).toEqual(['down', reason, seen]);
  });

  it('that closes without an answer, or does not speak HTTP, is down', async () => {
    const closing = await targets.raw((socket) => socket.end());
    expect(shortly(await checker.check(closing))).toEqual(['down', 'reset', 'UND_ERR_SOCKET']);
    const other = await targets.raw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(shortly(await checker.check(other)).slice(0, 2)).toEqual(['down', 'protocol']);
    const garbled = await targets.http((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is no gzip');
    });
    expect(shortly(await checker.check(garbled)).slice(0, 2)).toEqual(['down', 'bad_encoding']);
  });
});

describe('time that this process has lost', () => {
  /** Nothing runs here meanwhile, not even the servers. */
  function block(ms: number): void {
    const until = performance.now() + ms;
    while (performance.now() < until);
  }

  it('makes a timeout unknown', async () => {
    const url = await targets.raw(() => block(400));
    expect(shortly(await checker.checkOnce(url, { timeout_ms: 500 })).slice(0, 2)).toEqual([
      'unknown',
      'own_process_stalled',
    ]);
  });

  it('makes an answer unknown that is too slow only by it', async () => {
    const url = await targets.http((_request, response) => {
      block(500);
      response.end();
    });
    const result = await checker.checkOnce(url, { expect: { degraded_above_ms: 200, down_above_ms: 300 } });
    expect(result).toMatchObject({ class: 'unknown', reason: 'own_process_stalled', http_status: 200 });
    expect(result.failed.map(({ expectation }) => expectation)).toEqual([
      'down_above_ms',
      'degraded_above_ms',
    ]);
  });

  it('excuses no wrong answer', async () => {
    const url = await targets.http((_request, response) => {
      block(300);
      response.writeHead(500).end();
    });
    expect(await checker.checkOnce(url, { expect: { degraded_above_ms: 200 } })).toMatchObject({
      class: 'down',
      reason: 'status',
    });
  });
});
