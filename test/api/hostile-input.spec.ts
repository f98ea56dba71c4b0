import { connect } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import { signatureHeader } from '../../src/ingest/stripe-signature';
import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed, STRIPE_SECRET } from '../harness/service-client';
import { operationsOf, type ApiDocument, type Operation } from './api-document';
import { expectRefusal } from './error-shape';
import { HOSTILE_BODIES, WRONG_CONTENT_TYPES } from './hostile-bodies';
import { request, sendRaw, type RawAnswer } from './raw-http';

const REQUEST_TIMEOUT_MS = 1_000;

let service: RunningService;
/** Without all that the bodies have left: addresses are asked for by the thousand. */
let quiet: RunningService;
let hasty: RunningService;
let operations: ReadonlyMap<string, Operation>;

beforeAll(async () => {
  service = await startService();
  // The account that paths name, so that its webhooks are looked at behind their signature.
  const account = { id: '1', name: 'One', stripe_webhook_secrets: [STRIPE_SECRET] };
  await service.client.post('/accounts', account);
  quiet = await startService();
  await quiet.client.stripe(payoutFailed('evt_1'));
  hasty = await startService({ REQUEST_TIMEOUT_MS: String(REQUEST_TIMEOUT_MS) });
  operations = operationsOf((await service.client.get('/docs-json')).body as unknown as ApiDocument);
});
afterAll(stopServices);

interface Target {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Every operation of the document whose answer has an end. Parts of its path are put in by `fill`. */
function targets(fill: (name: string) => string = () => '1'): Target[] {
  return [...operations]
    .filter(([name]) => name !== 'GET /events/stream')
    .map(([name, operation]) => {
      const [method = '', path = ''] = name.split(' ');
      return { name, method, path: path.replace(/\{(\w+)\}/g, (_, part: string) => fill(part)), operation };
    });
}

const posts = (): Target[] => targets().filter(({ method }) => method === 'POST');

/** A body that the operation takes, from its documentation. */
function validBody({ operation }: Target): object {
  const media = operation.requestBody?.content['application/json'];
  const body = media?.example ?? Object.values(media?.examples ?? {})[0]?.value ?? {};
  return body;
}

/** Whether it takes a webhook, whose bytes are looked at only behind its signature. */
const isStripe = ({ path }: Target): boolean => path.startsWith('/ingest/stripe');

/** Whether it is a call of a job, whose body is ignored. */
const isHeartbeat = ({ path }: Target): boolean => path.startsWith('/heartbeats');

/** What Stripe adds, so that more than the signature is tested. */
function signature(target: Target, body: string | Buffer): string[] {
  return isStripe(target)
    ? [`Stripe-Signature: ${signatureHeader(Buffer.from(body), STRIPE_SECRET, Date.now())}`]
    : [];
}

const isMockPost = ({ method, path }: Target): boolean =>
  method === 'POST' && path.startsWith('/destinations/pagerduty');

/** Fails unless the answer is a success, or a refusal in the one shape of errors (or PagerDuty's own). */
function expectHarmless(target: Target, answer: RawAnswer): void {
  if (answer.status >= 200 && answer.status < 300) return;
  if (isMockPost(target) && 'errors' in (answer.body as object)) {
    expect(answer.status === 400 || answer.status === 413).toBe(true);
    expect(answer.body).toEqual({
      status: 'invalid event',
      message: 'Event object is invalid',
      errors: expect.arrayContaining([expect.any(String)]) as unknown,
    });
    return;
  }
  expectRefusal(answer);
}

/** Runs the check for every case, and names all cases in which it fails. */
async function forEach<Case extends { name: string }>(
  cases: readonly Case[],
  check: (one: Case) => Promise<void>,
): Promise<void> {
  expect(cases.length).toBeGreaterThan(0);
  const failures: string[] = [];
  for (const one of cases) {
    try {
      await check(one);
    } catch (error) {
      failures.push(`${one.name}: ${stripVTControlCharacters((error as Error).message).slice(0, 600)}`);
    }
  }
  expect(failures).toEqual([]);
}

afterEach(async () => {
  for (const { client } of [service, quiet, hasty])
    expect((await client.get('/healthz')).body).toEqual({ ok: true });
  // Whatever was stored just now can be shown.
  expect(await service.client.get('/events?limit=20')).toMatchObject({ status: 200 });
});

describe('promise 8: bad input gets a clear 4xx, never a 5xx: bodies', () => {
  it.each(HOSTILE_BODIES.map((hostile) => [hostile.name, hostile] as const))('%s', async (_, hostile) => {
    await forEach(posts(), async (target) => {
      const body = hostile.body(validBody(target));
      const headers = [
        ...(hostile.headers ?? ['Content-Type: application/json']),
        ...signature(target, body),
      ];
      const answer = await sendRaw(service.url, request('POST', target.path, headers, body));
      expectHarmless(target, answer);
      // An operation that takes no body looks no further than whether it is one.
      const isRead = target.operation.requestBody !== undefined || answer.status === 413;
      const isTaken = hostile.takenBy?.includes(target.name) === true;
      if (hostile.statuses !== undefined && isRead && !isTaken) {
        expect(hostile.statuses).toContain(answer.status);
      }
    });
  });

  it.each(WRONG_CONTENT_TYPES)('a content type that is none of JSON: %j', async (type) => {
    await forEach(posts(), async (target) => {
      const body = JSON.stringify(validBody(target));
      const headers = [`Content-Type: ${type}`, ...signature(target, body)];
      const answer = await sendRaw(service.url, request('POST', target.path, headers, body));
      expectHarmless(target, answer);
      if (!isStripe(target) && !isHeartbeat(target)) expect(answer.status).toBe(415);
    });
  });

  it('a body without a content type', async () => {
    await forEach(posts(), async (target) => {
      const body = JSON.stringify(validBody(target));
      const answer = await sendRaw(service.url, request('POST', target.path, signature(target, body), body));
      if (isHeartbeat(target)) expect(answer.status).toBe(404);
      else expect(answer.status).toBe(isStripe(target) ? 200 : 415);
    });
  });

  it('a body where none belongs', async () => {
    const gets = targets().filter(({ method }) => method === 'GET');
    await forEach(gets, async (target) => {
      const body = '['.repeat(100_000);
      const answer = await sendRaw(
        service.url,
        request('GET', target.path, ['Content-Type: application/json'], body),
      );
      expectHarmless(target, answer);
    });
  });

  it('a length that says more than a megabyte is refused before the body comes', async () => {
    await forEach(posts(), async (target) => {
      const headers = ['Content-Type: application/json', 'Content-Length: 99999999999'];
      const answer = await sendRaw(service.url, request('POST', target.path, headers));
      expectRefusal(answer);
      expect(answer.status).toBe(413);
    });
  });

  it('more than a megabyte in chunks, whose length nobody said', async () => {
    const chunk = `10000\r\n${'1'.repeat(0x10000)}\r\n`;
    await forEach(posts(), async (target) => {
      const head = request('POST', target.path, [
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      ]);
      const answer = await sendRaw(service.url, head, ...Array<string>(17).fill(chunk), '0\r\n\r\n');
      expectRefusal(answer);
      expect(answer.status).toBe(413);
    });
  });
});

describe('promise 8: bad input gets a clear 4xx, never a 5xx: addresses', () => {
  const values = [
    '%00',
    'a%00b',
    '%zz',
    '%',
    '%c3%28',
    '%ed%a0%80',
    '%ff',
    '..',
    '%2e%2e',
    '..%2f..%2fetc%2fpasswd',
    '..%5c..%5c',
    '%2f',
    '__proto__',
    'constructor',
    '-1',
    '0',
    '1e999',
    'NaN',
    '0x10',
    '9'.repeat(400),
    '💥',
    '%F0%9F%92%A5',
    'x'.repeat(5_000),
    '%41'.repeat(4_000),
    "'%20OR%201=1--",
    '{id}',
    ' ',
    ';a=b',
    '%0d%0aSet-Cookie:%20a=b',
  ];

  it.each(values.map((value) => [value.slice(0, 30), value]))(
    'a part of the path that is %j',
    async (_, value) => {
      const cases = targets(() => value).filter(({ path }) => path.includes(value));
      await forEach(cases, async (target) => {
        const answer = await sendRaw(quiet.url, request(target.method, target.path));
        expectHarmless(target, answer);
        expect(answer.headers['set-cookie']).toBeUndefined();
      });
    },
  );

  const absurd = [
    '',
    '0',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    'NaN',
    '9'.repeat(400),
    'true',
    'null',
    '%00',
    '%ff',
    '%zz',
    '%ed%a0%80',
    '__proto__',
    'x'.repeat(10_000),
    '%F0%9F%92%A5',
    "'%20OR%201=1--",
    '2026',
    '20260101',
    '2026-001',
    '2026-W05-1',
    '2026-02-30',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:60Z',
    '0000-01-01',
    '9999-12-31T23:59:59.999999999Z',
    '%2B275760-09-13T00:00:00.001Z',
    '-271821-04-20',
    'eyJhIjoxfQ',
    'WzEsImEiLCJiIl0',
    'WzFlOTk5LCJhIiwiYiJd',
    'W251bGwsbnVsbCxudWxsXQ',
  ];

  /** Every parameter that the document says may stand in a query. */
  const queryParameters = (): { target: Target; name: string }[] =>
    targets().flatMap((target) =>
      (target.operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'query')
        .map(({ name }) => ({ target, name })),
    );

  it.each(absurd.map((value) => [value.slice(0, 30), value]))(
    'a query parameter that is %j',
    async (_, value) => {
      const cases = queryParameters().map(({ target, name }) => ({
        name: `${target.name}?${name}`,
        target,
        path: `${target.path}?${name}=${value}`,
      }));
      await forEach(cases, async ({ target, path }) => {
        expectHarmless(target, await sendRaw(quiet.url, request(target.method, path)));
      });
    },
  );

  it.each<[string, (name: string) => string]>([
    ['given twice', (name) => `${name}=1&${name}=2`],
    ['given twice alike', (name) => `${name}=1&${name}=1`],
  ])('a parameter that is %s is refused, not guessed', async (_, queryOf) => {
    const cases = queryParameters().map(({ target, name }) => ({
      name: `${target.name}?${name}`,
      target,
      path: `${target.path}?${queryOf(name)}`,
    }));
    await forEach(cases, async ({ target, path }) => {
      const answer = await sendRaw(quiet.url, request(target.method, path));
      expectRefusal(answer);
      expect(answer.status).toBe(400);
    });
  });

  it('a parameter that is written as a list', async () => {
    const cases = queryParameters().map(({ target, name }) => ({
      name: `${target.name}?${name}[]`,
      target,
      path: `${target.path}?${name}[]=1`,
    }));
    await forEach(cases, async ({ target, path }) => {
      expectHarmless(target, await sendRaw(quiet.url, request(target.method, path)));
    });
  });

  it('a query that is none', async () => {
    const queries = [
      '?',
      '?&&&',
      '?=',
      '?%zz=%zz',
      '?__proto__[isAdmin]=1&constructor[prototype]=1',
      `?${'a&'.repeat(4_000)}`,
      '?#',
    ];
    const cases = targets().flatMap((target) =>
      queries.map((query) => ({ target, name: target.name + query.slice(0, 20), query })),
    );
    await forEach(cases, async ({ target, query }) => {
      expectHarmless(target, await sendRaw(quiet.url, request(target.method, `${target.path}${query}`)));
    });
  });

  it('a way or a method that does not exist is a 404', async () => {
    const paths = new Set(targets().map(({ path }) => path));
    const methods = [
      'GET',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'TRACE',
      'CONNECT',
      'PROPFIND',
      'POST',
      'M-SEARCH',
    ];
    const cases = [...paths, '/', '/nowhere', '/events/', '//events', '/EVENTS', '/events/1/2', '*']
      .flatMap((path) => methods.map((method) => ({ name: `${method} ${path}`, method, path })))
      // The console's page.
      .filter(({ name }) => name !== 'GET /')
      .filter(
        ({ method, path }) => !targets().some((known) => known.method === method && known.path === path),
      );
    await forEach(cases, async ({ method, path }) => {
      const answer = await sendRaw(quiet.url, request(method, path));
      expectRefusal(answer);
      expect([400, 404]).toContain(answer.status);
      if (path.startsWith('/')) expect(answer.status).toBe(404);
    });
  });
});

describe('promise 8: bad input gets a clear 4xx, never a 5xx: HTTP itself', () => {
  it.each<[string, number, string | Buffer]>([
    ['a greeting', 400, 'hello\r\n\r\n'],
    ['TLS', 400, Buffer.from('16030100a5010000a10303', 'hex')],
    ['a method nobody knows', 400, request('BREW', '/healthz')],
    ['HTTP 9', 400, 'GET /healthz HTTP/9.9\r\n\r\n'],
    ['no Host', 400, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a header without a colon', 400, request('GET', '/healthz', ['nonsense'])],
    ['a header with a control character', 400, request('GET', '/healthz', ['X-A: a\x01b'])],
    ['a header over two lines', 400, request('GET', '/healthz', ['X-A: a', ' b'])],
    ['two lengths', 400, request('POST', '/ai/summarize', ['Content-Length: 5'], '{}')],
    ['a length that is no number', 400, request('POST', '/ai/summarize', ['Content-Length: abc'])],
    ['a negative length', 400, request('POST', '/ai/summarize', ['Content-Length: -1'])],
    [
      'a length and chunks',
      400,
      request('POST', '/ai/summarize', ['Transfer-Encoding: chunked'], '0\r\n\r\n'),
    ],
    [
      'a chunk without a length',
      400,
      request('POST', '/ai/summarize', [
        'Transfer-Encoding: chunked',
        'Content-Type: application/json',
        '',
        'zz',
      ]),
    ],
    ['a target that is no path', 400, request('GET', 'healthz')],
    ['16 KiB of headers', 431, request('GET', '/healthz', [`X-A: ${'a'.repeat(20_000)}`])],
    [
      '3,000 headers',
      431,
      request(
        'GET',
        '/healthz',
        Array.from({ length: 3_000 }, (_, i) => `X-${i}: y`),
      ),
    ],
    ['an address of 16 KiB', 431, request('GET', `/events?cursor=${'a'.repeat(20_000)}`)],
  ])('%s is a %d', async (_, status, bytes) => {
    const answer = await sendRaw(service.url, bytes);
    expectRefusal(answer);
    expect(answer.status).toBe(status);
  });

  it('header floods are a 431 at every operation', async () => {
    await forEach(targets(), async (target) => {
      const answer = await sendRaw(
        service.url,
        request(target.method, target.path, [`Cookie: ${'a=b; '.repeat(4_000)}`]),
      );
      expectRefusal(answer);
      expect(answer.status).toBe(431);
    });
  });

  it('an expectation that nobody knows is ignored', async () => {
    const answer = await sendRaw(service.url, request('GET', '/healthz', ['Expect: a-miracle']));
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
  });

  it('garbage behind a whole request gets an answer of its own', async () => {
    const answer = await sendRaw(service.url, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', 'garbage\r\n\r\n');
    expect([200, 400]).toContain(answer.status);
  });
});

describe('promise 8: bad input gets a clear 4xx, never a 5xx: slow senders', () => {
  it('a body that does not come is a 408, at every operation that may have one', async () => {
    const answers = await Promise.all(
      posts().map((target) => {
        const head = request('POST', target.path, ['Content-Type: application/json', 'Content-Length: 10']);
        return sendRaw(hasty.url, head, '{');
      }),
    );
    expect(answers.length).toBeGreaterThan(5);
    for (const answer of answers) {
      expectRefusal(answer);
      expect(answer).toMatchObject({ status: 408, body: { code: 'request_timeout' } });
    }
  });

  it('a head that does not come is a 408', async () => {
    const answer = await sendRaw(hasty.url, 'POST /ai/summarize HTTP/1.1\r\nHo');
    expectRefusal(answer);
    expect(answer.status).toBe(408);
  });

  it('a sender of one byte now and then gets no longer than that', async () => {
    const head = request('POST', '/ai/summarize', ['Content-Type: application/json', 'Content-Length: 1000']);
    const answer = await new Promise<string>((resolve) => {
      const { hostname, port } = new URL(hasty.url);
      const socket = connect({ host: hostname, port: Number(port) });
      let received = '';
      socket.write(head);
      const drip = setInterval(() => socket.write(' '), 20);
      socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(drip);
        resolve(received);
      });
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

it('nobody’s prototype was changed by any of it', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect('isAdmin' in {}).toBe(false);
});
