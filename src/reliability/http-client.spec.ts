import { getEventListeners, once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { HttpClient, HttpFailure, type HttpRequest, type HttpResponse } from './http-client';

const MB = 1_048_576;
const servers: Server[] = [];
let client: HttpClient;

beforeEach(() => {
  client = new HttpClient({ maxConnections: 4 });
});

afterEach(async () => {
  await client.close();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server, scheme = 'http'): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A web server that behaves as the listener does. */
const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));

/** A server that does as it likes with the bare connection, once something has been received on it. */
const serveRaw = (onRequest: (socket: Socket) => void, scheme?: string): Promise<string> =>
  listen(
    createTcpServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => onRequest(socket));
    }),
    scheme,
  );

function get(url: string, changes: Partial<HttpRequest> = {}): Promise<HttpResponse> {
  return client.request({
    method: 'GET',
    url,
    timeoutMs: 10_000,
    maxBytes: MB,
    whenLarger: 'fail',
    ...changes,
  });
}

async function failureOf(request: Promise<HttpResponse>): Promise<HttpFailure> {
  const outcome: unknown = await request.catch((error: unknown) => error);
  if (!(outcome instanceof HttpFailure)) throw new Error('expected an HttpFailure', { cause: outcome });
  return outcome;
}

describe('a response', () => {
  it('is handed on with status, headers, body and address', async () => {
    const url = await serve((request, response) => {
      response.setHeader('x-asked-for', request.url ?? '');
      response.setHeader('x-twice', ['a', 'b']);
      response.end('the body');
    });
    const response = await get(`${url}/path?q=1`);
    expect(response).toMatchObject({ status: 200, isCut: false, url: `${url}/path` });
    expect(response.headers).toMatchObject({ 'x-asked-for': '/path?q=1', 'x-twice': 'a, b' });
    expect(response.body.toString()).toBe('the body');
  });

  it.each([400, 404, 429, 500, 503])('with status %d is no failure', async (status) => {
    const url = await serve((_request, response) =>
      response.writeHead(status, { 'retry-after': '7' }).end('why'),
    );
    const response = await get(url);
    expect(response).toMatchObject({ status, headers: { 'retry-after': '7' } });
    expect(response.body.toString()).toBe('why');
  });

  it.each([204, 304])('with status %d has no body, even where its headers name a coding', async (status) => {
    const url = await serve((_request, response) =>
      response.writeHead(status, { 'content-encoding': 'gzip' }).end(),
    );
    const response = await get(url);
    expect(response.status).toBe(status);
    expect(response.body).toHaveLength(0);
  });

  it('comes for a POST with its headers and body', async () => {
    const url = await serve((request, response) => {
      const { method, headers } = request;
      void request.toArray().then((chunks: Buffer[]) => {
        const body = Buffer.concat(chunks).toString();
        response.end(
          JSON.stringify({ method, type: headers['content-type'], length: headers['content-length'], body }),
        );
      });
    });
    const headers = { 'content-type': 'application/json' };
    const response = await get(url, { method: 'POST', headers, body: '{"é":1}' });
    expect(JSON.parse(response.body.toString())).toEqual({
      method: 'POST',
      type: 'application/json',
      length: '8',
      body: '{"é":1}',
    });
  });

  it('leaves its connection for the next request', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.setHeader('content-encoding', 'gzip').end(gzipSync('x'));
    });
    for (let i = 0; i < 5; i += 1) await get(url);
    expect(ports.size).toBe(1);
  });
});

describe('compression', () => {
  it('is asked for with a GET only', async () => {
    const url = await serve((request, response) =>
      response.end(request.headers['accept-encoding'] ?? 'none'),
    );
    expect((await get(url)).body.toString()).toBe('gzip');
    expect((await get(url, { method: 'POST', body: '' })).body.toString()).toBe('none');
  });

  it.each([
    ['gzip', gzipSync('text '.repeat(1_000))],
    ['X-GZIP', gzipSync('text '.repeat(1_000))],
    ['deflate', deflateSync('text '.repeat(1_000))],
    ['br', brotliCompressSync('text '.repeat(1_000))],
    ['identity', Buffer.from('text '.repeat(1_000))],
  ])('by %s is undone', async (encoding, bytes) => {
    const url = await serve((_request, response) =>
      response.setHeader('content-encoding', encoding).end(bytes),
    );
    expect((await get(url)).body.toString()).toBe('text '.repeat(1_000));
  });

  it.each([
    ['an unknown coding', 'zstd', Buffer.from('?')],
    ['a name that every object has', 'constructor', Buffer.from('?')],
    ['several codings', 'gzip, gzip', gzipSync(gzipSync('text'))],
    ['bytes that are not gzip', 'gzip', Buffer.from('plain text')],
    ['bytes that are not brotli', 'br', Buffer.from('plain text')],
    ['gzip that ends early', 'gzip', gzipSync('text '.repeat(1_000)).subarray(0, 30)],
  ])('with %s is a failure', async (_name, encoding, bytes) => {
    const url = await serve((_request, response) =>
      response.setHeader('content-encoding', encoding).end(bytes),
    );
    expect(await failureOf(get(url))).toMatchObject({ reason: 'bad_encoding', mayHaveArrived: true });
  });
});

describe('the size limit', () => {
  const atLimit = Buffer.alloc(1_000, 'x');
  const above = Buffer.alloc(1_001, 'x');

  it('lets a body of exactly that size through', async () => {
    const url = await serve((_request, response) => response.end(atLimit));
    const response = await get(url, { maxBytes: 1_000 });
    expect(response.isCut).toBe(false);
    expect(response.body).toEqual(atLimit);
  });

  it('fails a larger body, or cuts it', async () => {
    const url = await serve((_request, response) => response.end(above));
    const failure = await failureOf(get(url, { maxBytes: 1_000 }));
    expect(failure).toMatchObject({ reason: 'too_large', mayHaveArrived: true });
    const response = await get(url, { maxBytes: 1_000, whenLarger: 'cut' });
    expect(response).toMatchObject({ status: 200, isCut: true });
    expect(response.body).toEqual(atLimit);
  });

  it('ends a body that would never end', async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serve((_request, response) => {
      const feed = (): void =>
        void (response.write(above) ? setImmediate(feed) : response.once('drain', feed));
      response.once('close', () => closed.resolve());
      feed();
    });
    expect((await get(url, { maxBytes: 10_000, whenLarger: 'cut' })).body).toHaveLength(10_000);
    await closed.promise;
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(8 * MB))],
    ['deflate', deflateSync(Buffer.alloc(8 * MB))],
    ['br', brotliCompressSync(Buffer.alloc(8 * MB))],
  ])('counts what a %s bomb inflates to, and does not wait for its end', async (encoding, bomb) => {
    const url = await serve((_request, response) => {
      response.setHeader('content-encoding', encoding).write(bomb);
    });
    expect(await failureOf(get(url, { maxBytes: MB }))).toMatchObject({ reason: 'too_large' });
    const response = await get(url, { maxBytes: MB, whenLarger: 'cut' });
    expect(response.isCut).toBe(true);
    expect(response.body).toEqual(Buffer.alloc(MB));
  });
});

describe('time', () => {
  /** Resolves when the server has seen its connection end. */
  async function hanging(behave: (socket: Socket) => void): Promise<{ url: string; closed: Promise<void> }> {
    const closed = Promise.withResolvers<void>();
    const url = await serveRaw((socket) => {
      socket.once('close', () => closed.resolve());
      behave(socket);
    });
    return { url, closed: closed.promise };
  }

  it('ends a request that gets no headers, and its connection', async () => {
    const { url, closed } = await hanging(() => undefined);
    expect(await failureOf(get(`${url}/slow?key=secret`, { timeoutMs: 300 }))).toMatchObject({
      reason: 'timeout',
      mayHaveArrived: true,
      message: `GET ${url}/slow failed: timeout after 300 ms`,
    });
    await closed;
  });

  it.each([
    ['body', 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n'],
    ['compressed body', 'HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 100000\r\n\r\n'],
    ['body of a redirect to nowhere', 'HTTP/1.1 302 Found\r\ncontent-length: 100000\r\n\r\n'],
    ['header', 'HTTP/1.1 200 OK\r\nx-endless: '],
  ])('ends a %s that drips for ever', async (_name, head) => {
    const { url, closed } = await hanging((socket) => {
      socket.write(head);
      const drip = setInterval(() => socket.write('a'), 5);
      socket.once('close', () => clearInterval(drip));
    });
    expect(await failureOf(get(url, { timeoutMs: 300 }))).toMatchObject({
      reason: 'timeout',
      mayHaveArrived: true,
    });
    await closed;
  });

  it('ends a connection whose TLS handshake hangs, and knows that nothing arrived', async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serveRaw((socket) => socket.once('close', () => closed.resolve()), 'https');
    expect(await failureOf(get(url, { timeoutMs: 100 }))).toMatchObject({
      reason: 'timeout',
      mayHaveArrived: false,
    });
    await closed.promise;
  });

  it('spent on waiting for a free connection counts, and nothing arrived', async () => {
    client = new HttpClient({ maxConnections: 1 });
    const { url, closed } = await hanging(() => undefined);
    const first = failureOf(get(url, { timeoutMs: 600 }));
    expect(await failureOf(get(url, { timeoutMs: 100 }))).toMatchObject({
      reason: 'timeout',
      mayHaveArrived: false,
    });
    expect(await first).toMatchObject({ reason: 'timeout', mayHaveArrived: true });
    await closed;
  });

  it('is shared by all hops of a redirect', async () => {
    const url = await serve((_request, response) => {
      setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 40);
    });
    expect(await failureOf(get(url, { timeoutMs: 150, maxRedirects: 1_000 }))).toMatchObject({
      reason: 'timeout',
    });
  });
});

describe('a broken peer', () => {
  it('that resets before any headers may have got the request', async () => {
    const url = await serveRaw((socket) => socket.resetAndDestroy());
    expect(await failureOf(get(url))).toMatchObject({ reason: 'reset', mayHaveArrived: true });
  });

  it('that closes before any headers may have got the request', async () => {
    const url = await serveRaw((socket) => socket.end());
    expect(await failureOf(get(url))).toMatchObject({ reason: 'reset', mayHaveArrived: true });
  });

  it.each([
    ['resets', 'content-length: 100', (socket: Socket) => socket.resetAndDestroy()],
    ['closes', 'content-length: 100', (socket: Socket) => socket.end()],
    ['closes', 'transfer-encoding: chunked', (socket: Socket) => socket.end('40\r\nnot all of it')],
  ])('that %s within a body with %s fails it, also where the body may be cut', async (_name, header, end) => {
    const url = await serveRaw((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n`, () => end(socket)),
    );
    expect(await failureOf(get(url))).toMatchObject({ reason: 'reset', mayHaveArrived: true });
    expect(await failureOf(get(url, { whenLarger: 'cut' }))).toMatchObject({ reason: 'reset' });
  });

  it('that resets a kept-alive connection may have got the second request, which is not repeated', async () => {
    let requests = 0;
    const url = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => socket.destroy());
        socket.on('data', () => {
          requests += 1;
          if (requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
          else socket.resetAndDestroy();
        });
      }),
    );
    await get(url);
    const failure = await failureOf(get(url, { method: 'POST', body: 'once' }));
    expect(failure).toMatchObject({ reason: 'reset', mayHaveArrived: true });
    expect(requests).toBe(2);
  });

  it('that refuses connections got nothing', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await failureOf(get(url))).toMatchObject({ reason: 'refused', mayHaveArrived: false });
  });

  it('whose name can not be resolved got nothing', async () => {
    // A label of more than 63 characters is refused without asking anybody (RFC 1035 section 2.3.4).
    const url = `http://${'a'.repeat(64)}.invalid`;
    expect(await failureOf(get(url))).toMatchObject({ reason: 'dns', mayHaveArrived: false });
  });

  it('that does not speak TLS got nothing', async () => {
    const url = await serveRaw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'https');
    expect(await failureOf(get(url))).toMatchObject({ reason: 'tls', mayHaveArrived: false });
  });

  it('that hangs up during the TLS handshake got nothing', async () => {
    const url = await serveRaw((socket) => socket.resetAndDestroy(), 'https');
    expect(await failureOf(get(url))).toMatchObject({ reason: 'reset', mayHaveArrived: false });
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6 confidential\r\n\r\n'],
    ['a malformed header', 'HTTP/1.1 200 OK\r\nconfidential header\r\n\r\n'],
    ['chunks of no size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nconfidential\r\n'],
    [
      'a last response without its end',
      'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n40\r\nconfidential',
    ],
    ['a flood of headers', `HTTP/1.1 200 OK\r\n${'x-confidential: 1\r\n'.repeat(5_000)}\r\n`],
  ])('that sends %s is a protocol failure, whose cause holds nothing it sent', async (_name, text) => {
    const url = await serveRaw((socket) => socket.end(text));
    const failure = await failureOf(get(url));
    expect(failure).toMatchObject({ reason: 'protocol', mayHaveArrived: true });
    expect(inspect(failure, { depth: Infinity, showHidden: true })).not.toContain('confidential');
  });
});

describe('a redirect', () => {
  const redirectTo = (location: string): Promise<string> =>
    serve((_request, response) => response.writeHead(302, { location }).end('moved'));

  it('is returned as it is by default', async () => {
    const url = await redirectTo('/elsewhere');
    const response = await get(url);
    expect(response).toMatchObject({ status: 302, headers: { location: '/elsewhere' } });
    expect(response.body.toString()).toBe('moved');
  });

  it('of a POST is never followed', async () => {
    const url = await redirectTo('/elsewhere');
    expect(await get(url, { method: 'POST', body: '{}', maxRedirects: 3 })).toMatchObject({ status: 302 });
  });

  it.each([301, 302, 303, 307, 308])('with status %d is followed, as often as is allowed', async (status) => {
    const url = await serve((request, response) => {
      const hop = Number(request.url?.slice(1));
      if (hop === 3) response.end(`arrived with ${String(request.headers['x-kept'])}`);
      else response.writeHead(status, { location: `/${hop + 1}` }).end('moved');
    });
    const response = await get(`${url}/0`, { maxRedirects: 3, headers: { 'x-kept': 'everything' } });
    expect(response).toMatchObject({ status: 200, url: `${url}/3` });
    expect(response.body.toString()).toBe('arrived with everything');
    expect(await failureOf(get(`${url}/0`, { maxRedirects: 2 }))).toMatchObject({
      reason: 'too_many_redirects',
    });
  });

  it('that leads round in a circle is given up', async () => {
    let requests = 0;
    const url = await serve((_request, response) => {
      requests += 1;
      response.writeHead(302, { location: '/' }).end();
    });
    expect(await failureOf(get(url, { maxRedirects: 3 }))).toMatchObject({ reason: 'too_many_redirects' });
    expect(requests).toBe(4);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'javascript:alert(1)',
    'http://user:pass@127.0.0.1/',
    'http://[',
  ])('to %s is not followed', async (location) => {
    const failure = await failureOf(get(await redirectTo(location), { maxRedirects: 3 }));
    expect(failure).toMatchObject({ reason: 'bad_redirect', mayHaveArrived: true });
    expect(failure.message).not.toContain(location);
  });

  it('is followed without reading its body', async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serve((request, response) => {
      if (request.url === '/there') {
        response.end('arrived');
        return;
      }
      response.once('close', () => closed.resolve());
      response.writeHead(302, { location: '/there' }).write('an endless body');
    });
    expect((await get(url, { maxRedirects: 1 })).body.toString()).toBe('arrived');
    await closed.promise;
  });

  it('without a Location is a failure', async () => {
    const url = await serve((_request, response) => response.writeHead(301).end());
    expect(await failureOf(get(url, { maxRedirects: 3 }))).toMatchObject({ reason: 'bad_redirect' });
  });

  it('leaves a 304 alone', async () => {
    const url = await serve((_request, response) => response.writeHead(304, { location: '/' }).end());
    expect(await get(url, { maxRedirects: 3 })).toMatchObject({ status: 304 });
  });

  it('to another origin does not take credentials along, to the same origin it does', async () => {
    const other = await serve((request, response) => response.end(JSON.stringify(request.headers)));
    const same = await serve((request, response) => {
      if (request.url === '/headers') response.end(JSON.stringify(request.headers));
      else response.writeHead(302, { location: request.url === '/same' ? '/headers' : other }).end();
    });
    const headers = { Authorization: 'Bearer 1', cookie: 'a=1', 'user-agent': 'test' };
    const there = await get(`${same}/other`, { headers, maxRedirects: 1 });
    expect(Object.keys(JSON.parse(there.body.toString()) as object)).not.toContain('authorization');
    expect(Object.keys(JSON.parse(there.body.toString()) as object)).not.toContain('cookie');
    expect(JSON.parse(there.body.toString())).toMatchObject({ 'user-agent': 'test' });
    const here = await get(`${same}/same`, { headers, maxRedirects: 1 });
    expect(JSON.parse(here.body.toString())).toMatchObject({ authorization: 'Bearer 1', cookie: 'a=1' });
  });
});

describe('an interruption', () => {
  it("by the caller's signal ends the request, its connection and nothing else", async () => {
    const closed = Promise.withResolvers<void>();
    const abort = new AbortController();
    const url = await serve((request, response) => {
      if (request.url === '/other') {
        setTimeout(() => response.end('undisturbed'), 50);
        return;
      }
      request.socket.once('close', () => closed.resolve());
      abort.abort(new Error('stopping'));
    });
    const other = get(`${url}/other`);
    const failure = await failureOf(get(url, { signal: abort.signal }));
    expect(failure).toMatchObject({ reason: 'aborted', mayHaveArrived: true });
    await closed.promise;
    expect((await other).body.toString()).toBe('undisturbed');
  });

  it('by a signal that was aborted before does not even connect', async () => {
    let connections = 0;
    const url = await listen(createTcpServer(() => (connections += 1)));
    const failure = await failureOf(get(url, { signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ reason: 'aborted', mayHaveArrived: false });
    const probe = connect(Number(new URL(url).port), '127.0.0.1');
    await once(probe, 'connect');
    probe.destroy();
    await new Promise(setImmediate);
    expect(connections).toBe(1);
  });

  it('by close ends connections that are being opened', async () => {
    const closed = Promise.withResolvers<void>();
    const opening = Promise.withResolvers<void>();
    const url = await serveRaw((socket) => {
      socket.once('close', () => closed.resolve());
      opening.resolve();
    }, 'https');
    const running = failureOf(get(url));
    await opening.promise;
    await client.close();
    expect(await running).toMatchObject({ reason: 'aborted', mayHaveArrived: false });
    await closed.promise;
  });

  it('that does not come leaves no timer and no listener', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const abort = new AbortController();
    const url = await serve((_request, response) => response.end());
    const before = timers();
    for (let i = 0; i < 20; i += 1) await get(url, { signal: abort.signal, timeoutMs: 60_000 });
    expect(timers()).toBeLessThan(before + 20);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('by close fails what still runs and what comes later', async () => {
    const arrived = Promise.withResolvers<void>();
    const url = await serve(() => arrived.resolve());
    const running = failureOf(get(url));
    await arrived.promise;
    await client.close();
    expect(await running).toMatchObject({ reason: 'aborted', mayHaveArrived: true });
    expect(await failureOf(get(url))).toMatchObject({ reason: 'aborted', mayHaveArrived: false });
  });
});

describe('a failure', () => {
  it('names method, host and path, and none of what may be secret', async () => {
    const url = await serveRaw((socket) => socket.resetAndDestroy());
    const headers = { authorization: 'Bearer hunter2' };
    const request = { method: 'POST', headers, body: '{"routing_key":"hunter2"}' } as const;
    const failure = await failureOf(get(`${url}/v2/enqueue?token=hunter2#hunter2`, request));
    expect(failure.message).toBe(`POST ${url}/v2/enqueue failed: reset`);
    expect(failure.cause).toMatchObject({ code: 'ECONNRESET' });
    expect(inspect(failure, { depth: Infinity, showHidden: true })).not.toContain('hunter2');
  });

  it.each(['no url', '/relative', 'file:///etc/passwd', 'http://user:hunter2@127.0.0.1/'])(
    "is none of the peer's when the caller asks for %s",
    async (url) => {
      const error: unknown = await get(url).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).not.toContain(url);
    },
  );

  it('of a header that can not be sent is a defect, not a failure of the peer', async () => {
    const url = await serve((_request, response) => response.end());
    const error: unknown = await get(url, { headers: { 'x-bad': 'a\r\nb' } }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(HttpFailure);
  });
});
