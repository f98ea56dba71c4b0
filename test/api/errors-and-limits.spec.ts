import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { eventually } from '../harness/eventually';
import { runBesideSqlite } from '../harness/run-beside';
import { startService, stopServices, type LogLine, type RunningService } from '../harness/service';
import { payoutFailed, type Answer } from '../harness/service-client';
import { errorShape } from './error-shape';
import { hasRead, request, sendRaw } from './raw-http';

afterEach(stopServices);

/** The lines about requests, without what differs from run to run. */
function requestLines(service: RunningService): LogLine[] {
  return service.log.filter(({ msg }) => msg === 'request');
}

describe('promise 7, as far as it goes without accounts: the throttle', () => {
  const LIMIT = 5;
  const start = (environment = {}): Promise<RunningService> =>
    startService({ THROTTLE_LIMIT: String(LIMIT), ...environment });

  async function statuses(count: number, call: () => Promise<Answer>): Promise<number[]> {
    const answers: number[] = [];
    for (let index = 0; index < count; index++) answers.push((await call()).status);
    return answers;
  }

  it('answers 429 with Retry-After when an address has used up its share, over all routes together', async () => {
    const { client } = await start();
    expect(await statuses(3, () => client.get('/events'))).toEqual([200, 200, 200]);
    expect(await statuses(2, () => client.get('/deliveries'))).toEqual([200, 200]);
    const answer = await client.post('/ai/summarize', { text: 'x' });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(answer.body).toEqual({
      ...errorShape(429, answer.headers.get('x-request-id')),
      code: 'too_many_requests',
    });
  });

  it('lets exactly the share pass where all come at once', async () => {
    const { client } = await start();
    const answers = await Promise.all(Array.from({ length: 4 * LIMIT }, () => client.get('/events')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(LIMIT);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3 * LIMIT);
  });

  it('forgets after THROTTLE_TTL_MS', async () => {
    const { client } = await start({ THROTTLE_TTL_MS: '2000' });
    expect(await statuses(LIMIT + 1, () => client.get('/events'))).toContain(429);
    await eventually(async () => {
      expect((await client.get('/events')).status).toBe(200);
    });
  });

  it('is off at 0', async () => {
    const { client } = await start({ THROTTLE_LIMIT: '0' });
    expect(await statuses(4 * LIMIT, () => client.get('/events'))).not.toContain(429);
  });

  it('counts neither probes, nor the mock, nor rightly signed webhooks', async () => {
    const { client } = await start();
    for (const call of [
      () => client.get('/healthz'),
      () => client.get('/readyz'),
      () => client.get('/destinations/pagerduty'),
      () => client.stripe(payoutFailed('evt_1')),
    ]) {
      expect(await statuses(2 * LIMIT, call)).toEqual(Array(2 * LIMIT).fill(200));
    }
    expect(await statuses(LIMIT + 1, () => client.get('/events'))).toEqual([
      ...Array<number>(LIMIT).fill(200),
      429,
    ]);
    expect((await client.get('/healthz')).status).toBe(200);
    expect((await client.get('/readyz')).status).toBe(200);
    expect((await client.stripe(payoutFailed('evt_2'))).status).toBe(200);
  });

  it('counts webhooks that fail, and still takes the rightly signed ones', async () => {
    const { client } = await start();
    const forge = (): Promise<Answer> =>
      client.stripe(payoutFailed('evt_1'), { secret: 'whsec_of_somebody_else' });
    expect(await statuses(LIMIT, forge)).toEqual(Array(LIMIT).fill(400));
    const answer = await forge();
    expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await client.stripe(payoutFailed('evt_2'))).status).toBe(200);
    expect((await client.get('/events')).status).toBe(429);
  });

  it('does not count rightly signed webhooks whose body is none', async () => {
    const { client } = await start();
    expect(await statuses(LIMIT + 2, () => client.stripe('{}'))).toEqual(Array(LIMIT + 2).fill(400));
  });

  it.each<[string, (client: RunningService['client']) => Promise<Answer>, number]>([
    ['a route that is not there', (client) => client.get('/nowhere'), 404],
    [
      'a body that is no JSON',
      (client) => client.post('/ai/summarize', undefined, { 'content-type': 'application/json' }),
      400,
    ],
    ['a webhook in gzip', (client) => client.post('/ingest/stripe', {}, { 'content-encoding': 'gzip' }), 415],
  ])('counts %s', async (_, call, status) => {
    const { client } = await start();
    expect(await statuses(LIMIT + 1, () => call(client))).toEqual([
      ...Array<number>(LIMIT).fill(status),
      429,
    ]);
  });

  const from = (service: RunningService, address: string): Promise<Answer> =>
    service.client.get('/events', { headers: { 'x-forwarded-for': address } });

  it.each(['true', '1', '127.0.0.1', '127.0.0.0/8'])(
    'tells clients apart behind a proxy that is trusted: %s',
    async (TRUST_PROXY) => {
      const service = await start({ TRUST_PROXY });
      expect(await statuses(LIMIT + 1, () => from(service, '203.0.113.1'))).toContain(429);
      expect((await from(service, '203.0.113.2')).status).toBe(200);
    },
  );

  it.each(['false', '10.0.0.0/8'])('believes nobody else who they are: %s', async (TRUST_PROXY) => {
    const service = await start({ TRUST_PROXY });
    let last = 0;
    const answers = await statuses(LIMIT + 1, () => from(service, `203.0.113.${++last}`));
    expect(answers).toContain(429);
  });

  it('believes the nearest proxy alone where there is one', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    let forged = 0;
    const answers = await statuses(LIMIT + 1, () => from(service, `198.51.100.${++forged}, 203.0.113.1`));
    expect(answers).toContain(429);
  });
});

describe('security headers', () => {
  it.each(['/events', '/nowhere', '/docs', '/healthz'])('are there at %s', async (path) => {
    const { client } = await startService();
    const { headers } = await client.get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  it('do not send browsers to HTTPS for the parts of /docs, where nobody listens', async () => {
    const { client } = await startService();
    const { headers } = await client.get('/docs');
    expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
  });
});

describe('a browser on a stranger’s page', () => {
  it.each<[string, Record<string, string>]>([
    ['another origin', { origin: 'https://elsewhere.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['an opaque origin', { origin: 'null' }],
    ['what Fetch Metadata calls cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['what Fetch Metadata calls same-site', { 'sec-fetch-site': 'same-site' }],
  ])('may not post: %s', async (_, headers) => {
    const service = await startService();
    await service.client.stripe(payoutFailed('evt_1'));
    const answer = await service.client.post('/events/evt_1/resolve', {}, headers);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      ...errorShape(403, answer.headers.get('x-request-id')),
      code: 'forbidden',
    });
    expect(await service.client.event('evt_1')).toMatchObject({ resolved_at: null });
    await eventually(() => {
      expect(requestLines(service)).toContainEqual(expect.objectContaining({ status: 403 }));
    });
  });

  it('gets no leave to read the answers either', async () => {
    const { client } = await startService();
    const { headers } = await client.get('/events', { headers: { origin: 'https://elsewhere.example' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  it('is told apart from our own page, and from what is no browser', async () => {
    const service = await startService();
    const post = (headers: Record<string, string>): Promise<Answer> =>
      service.client.post('/ai/summarize', { text: 'x' }, headers);
    expect((await post({ origin: service.url })).status).toBe(200);
    expect((await post({ 'sec-fetch-site': 'same-origin', origin: service.url })).status).toBe(200);
    expect((await post({ 'sec-fetch-site': 'none' })).status).toBe(200);
    expect((await post({})).status).toBe(200);
  });
});

describe('the log', () => {
  it('has one line for each request: method, route, status, time and id', async () => {
    const service = await startService();
    await service.client.get('/events/evt_of_nobody?account_id=a', { headers: { 'x-request-id': 'one' } });
    await service.client.post('/ai/summarize', { text: 'x' }, { 'x-request-id': 'two' });
    await service.client.get('/nowhere', { headers: { 'x-request-id': 'three' } });
    const line = {
      level: 'info',
      context: 'Http',
      msg: 'request',
      duration_ms: expect.any(Number) as unknown,
    };
    await eventually(() => {
      expect(requestLines(service)).toEqual([
        {
          ...line,
          time: expect.any(String) as unknown,
          method: 'GET',
          route: '/events/:event_id',
          status: 404,
          request_id: 'one',
        },
        {
          ...line,
          time: expect.any(String) as unknown,
          method: 'POST',
          route: '/ai/summarize',
          status: 200,
          request_id: 'two',
        },
        {
          ...line,
          time: expect.any(String) as unknown,
          method: 'GET',
          route: 'unmatched',
          status: 404,
          request_id: 'three',
        },
      ]);
    });
  });

  it('tells of probes at level debug', async () => {
    const service = await startService();
    await service.client.get('/healthz');
    await service.client.get('/readyz');
    await eventually(() => {
      expect(requestLines(service).map(({ level, route }) => [level, route])).toEqual([
        ['debug', '/healthz'],
        ['debug', '/readyz'],
      ]);
    });
  });

  it('tells of what never became a whole request, under the id that was answered', async () => {
    const service = await startService({ REQUEST_TIMEOUT_MS: '300' });
    const slow = await sendRaw(
      service.url,
      request('POST', '/ai/summarize', [
        'x-request-id: slow',
        'Content-Type: application/json',
        'Content-Length: 9',
      ]),
      '{',
    );
    const answers = [
      slow,
      await sendRaw(service.url, 'garbage\r\n\r\n'),
      await sendRaw(service.url, request('GET', '/events/%zz')),
      await sendRaw(service.url, request('GET', '/events', [`Cookie: ${'x'.repeat(20_000)}`])),
    ];
    expect(slow).toMatchObject({ status: 408, body: { requestId: 'slow' } });
    await eventually(() => {
      expect(requestLines(service).map(({ status, request_id }) => [status, request_id])).toEqual(
        answers.map(({ status, headers }) => [status, headers['x-request-id']]),
      );
    });
    expect(requestLines(service)[0]).toMatchObject({ method: 'POST', route: '/ai/summarize' });
  });

  it('tells of a sender that went away in the middle', async () => {
    const service = await startService();
    const { hostname, port } = new URL(service.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(
      request('POST', '/ai/summarize', [
        'x-request-id: gone',
        'Content-Type: application/json',
        'Content-Length: 9',
      ]),
    );
    await hasRead(service);
    socket.destroy();
    await eventually(() => {
      expect(requestLines(service).filter(({ route }) => route !== '/healthz')).toEqual([
        expect.objectContaining({ method: 'POST', route: '/ai/summarize', request_id: 'gone' }),
      ]);
    });
    expect(service.log.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });
});

describe('what goes wrong inside', () => {
  it('tells the caller nothing and the log everything, but no data', async () => {
    const service = await startService();
    await runBesideSqlite(service.databasePath, 'ALTER TABLE events RENAME TO lost');
    const answer = await service.client.get('/events/evt_with_private_data');
    expect(answer.status).toBe(500);
    const requestId = answer.headers.get('x-request-id');
    expect(answer.body).toEqual({
      statusCode: 500,
      error: 'Internal Server Error',
      message: 'Internal server error',
      code: 'internal_error',
      requestId,
    });
    const [line] = service.log.filter(({ msg }) => msg === 'a request failed');
    expect(line).toMatchObject({
      level: 'error',
      request_id: requestId,
      err: {
        type: 'QueryFailedError',
        message: expect.stringContaining('no such table: events') as unknown,
        stack: expect.stringContaining('EventsController.show') as unknown,
      },
    });
    expect(JSON.stringify(line)).not.toContain('evt_with_private_data');
  });
});

describe('a handler that takes too long', () => {
  let page: Server;
  beforeAll(async () => {
    page = createServer(() => undefined);
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    page.closeAllConnections();
    page.close();
  });

  const start = (): Promise<RunningService> => {
    const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}/api/v2/summary.json`;
    return startService({
      REQUEST_TIMEOUT_MS: '1000',
      PAGE_TIMEOUT_MS: '3000',
      SPREEDLY_STATUS_SUMMARY_URL: url,
      BRAZE_STATUS_SUMMARY_URL: url,
    });
  };

  it('is answered for with 503 after REQUEST_TIMEOUT_MS, and the service goes on', async () => {
    const { client } = await start();
    const answer = await client.post('/ingest/pull-status');
    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({ ...errorShape(503, answer.headers.get('x-request-id')), code: 'timeout' });
    expect((await client.get('/events')).status).toBe(200);
  });

  it.each<[string, RequestInit]>([
    [
      'with a body',
      { body: '{}', headers: { 'x-request-id': 'impatient', 'content-type': 'application/json' } },
    ],
    ['without one', { headers: { 'x-request-id': 'impatient' } }],
  ])('has its line in the log although the caller did not wait, %s', async (_, init) => {
    const service = await start();
    const caller = new AbortController();
    page.once('request', () => caller.abort());
    const call = { ...init, method: 'POST', signal: caller.signal };
    await expect(service.client.get('/ingest/pull-status', call)).rejects.toThrow();
    await eventually(() => {
      expect(requestLines(service)).toEqual([
        expect.objectContaining({ method: 'POST', route: '/ingest/pull-status', request_id: 'impatient' }),
      ]);
    });
  });
});

describe('a body', () => {
  const post = async (text: string): Promise<Answer> => {
    const { client } = await startService();
    return client.get('/ai/summarize', {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json' },
    });
  };

  it.each([
    ['no JSON', '{', 'body_not_json'],
    ['nested too deeply', `{"text":${'['.repeat(200)}${']'.repeat(200)}}`, 'body_too_deep'],
    ['null', 'null', 'invalid_request'],
    ['a list', '[]', 'invalid_request'],
    [
      'of too many members',
      `{"text":"x",${Array.from({ length: 10_000 }, (_, i) => `"${i}":0`).join()}}`,
      'too_many_values',
    ],
    ['of too many values', `{"text":[${'0,'.repeat(10_000)}0]}`, 'too_many_values'],
  ])('that is %s is refused by its own code', async (_, text, code) => {
    const answer = await post(text);
    expect(answer).toMatchObject({ status: 400, body: { code } });
  });

  it('holds no members that nobody asked for: a misspelt filter would not filter', async () => {
    const answer = await post('{"text":"x","more":{"a":[1,2,3]}}');
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it.each([
    ['/deliveries/replay', { status: null }],
    ['/deliveries/replay', { destination: null }],
    ['/events/evt_1/resolve', { note: null }],
  ])('of %s takes no null for a member that may be missing', async (path, body) => {
    const { client } = await startService();
    await client.stripe(payoutFailed('evt_1'));
    expect(await client.post(path, body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('says what is wrong once', async () => {
    const { client } = await startService();
    expect((await client.get('/events?limit=x')).body['message']).toBe(
      'limit must be a whole number from 1 to 500',
    );
  });
});
