import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination, hang, reset, type Behaviour } from '../harness/fake-destination';
import { stopServices } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { incident, inShort, linesAbout, NO_BREAKER, record, settled, startPaging } from './paging-service';

const ATTEMPTS = 3;

/** Time enough for every answer that comes at all, however busy the machine is. */
const SETTINGS = { ...NO_BREAKER, DELIVERY_MAX_ATTEMPTS: String(ATTEMPTS), DELIVERY_TIMEOUT_MS: '10000' };

/** For destinations that never answer. */
const IMPATIENT = { ...SETTINGS, DELIVERY_TIMEOUT_MS: '500' };

let destination: FakeDestination;

beforeEach(async () => {
  destination = await FakeDestination.start();
});

afterEach(async () => {
  await stopServices();
  await destination.stop();
});

/** Answers 202 and then sends the body for ever, a little at a time. */
const slowBody: Behaviour = (_request, response) => {
  response.writeHead(202, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 10);
  response.once('close', () => clearInterval(timer));
};

/** Answers, and breaks off within the body it has announced. */
const brokenBody: Behaviour = (_request, response) => {
  response.writeHead(202, { 'content-length': '1000' });
  response.write('{"status":', () => response.socket?.destroy());
};

/** Ends the connection in good order, without an answer. */
const hangUp: Behaviour = (_request, response) => {
  response.socket?.end();
};

const FAKE_BODY = '{"status":"fake"}';

interface Kept {
  readonly outcome: string;
  readonly http_status: number | null;
  readonly response: string | null;
}

function kept(outcome: string, http_status: number | null = null, response: string | null = null): Kept {
  return { outcome, http_status, response };
}

describe('promise 3: delivery is at least once, and never silent', () => {
  it.each<[name: string, behaviour: Behaviour, attempt: Kept]>([
    ['200', answer(200), kept('delivered', 200, FAKE_BODY)],
    ['201', answer(201), kept('delivered', 201, FAKE_BODY)],
    ['202', answer(202), kept('delivered', 202, FAKE_BODY)],
    ['204', answer(204, {}, ''), kept('delivered', 204, '')],
    ['202 and no JSON', answer(202, {}, 'OK\0'), kept('delivered', 202, 'OK\uFFFD')],
    [
      '202 and a huge body',
      answer(202, {}, 'x'.repeat(5_000_000)),
      kept('delivered', 202, 'x'.repeat(2_000)),
    ],
  ])('is delivered by %s, at the first attempt', async (_name, behaviour, attempt) => {
    destination.always(behaviour);
    const service = await startPaging(destination, SETTINGS);
    await service.client.stripe(payoutFailed('evt_1'));
    const deliveries = await settled(service, 'evt_1');
    expect(deliveries).toMatchObject([
      { action: 'trigger', status: 'delivered', reason: null, attempts: [{ ...attempt, retry_at: null }] },
    ]);
    expect(destination.calls).toEqual(['trigger default/evt_1']);
    expect(await service.client.event('evt_1')).toMatchObject({ delivered_to: ['pagerduty'] });
    expect(linesAbout(service, deliveries[0]!)).toMatchObject([
      {
        level: 'info',
        attempt: 1,
        outcome: 'delivered',
        http_status: attempt.http_status,
        event_id: 'evt_1',
      },
    ]);
  });

  it.each<[name: string, behaviour: Behaviour, attempt: Kept]>([
    ['301', answer(301, { location: 'https://elsewhere.example/' }), kept('redirected', 301, FAKE_BODY)],
    ['307', answer(307, { location: '/v2/enqueue' }), kept('redirected', 307, FAKE_BODY)],
    ['400', answer(400, {}, '{"errors":["no"]}'), kept('rejected', 400, '{"errors":["no"]}')],
    ['401', answer(401), kept('rejected', 401, FAKE_BODY)],
    ['403', answer(403), kept('rejected', 403, FAKE_BODY)],
    ['404', answer(404), kept('rejected', 404, FAKE_BODY)],
    ['404 with Retry-After', answer(404, { 'retry-after': '1' }), kept('rejected', 404, FAKE_BODY)],
    ['413', answer(413), kept('rejected', 413, FAKE_BODY)],
  ])(
    'is dead at once by %s, with the answer kept, and nothing is followed',
    async (_name, behaviour, attempt) => {
      destination.always(behaviour);
      const service = await startPaging(destination, SETTINGS);
      await service.client.stripe(payoutFailed('evt_1'));
      const deliveries = await settled(service, 'evt_1');
      expect(deliveries).toMatchObject([
        { status: 'dead', reason: 'rejected', attempts: [{ ...attempt, retry_at: null }] },
      ]);
      expect(destination.calls).toHaveLength(1);
      expect(await service.client.deliveries('?status=dead')).toMatchObject([{ event_id: 'evt_1' }]);
      expect(linesAbout(service, deliveries[0]!)).toMatchObject([
        { level: 'error', outcome: attempt.outcome, status: 'dead', reason: 'rejected' },
      ]);
    },
  );

  describe.each<[name: string, behaviour: Behaviour, attempt: Kept]>([
    ['408', answer(408), kept('server_error', 408, FAKE_BODY)],
    ['425', answer(425), kept('server_error', 425, FAKE_BODY)],
    ['500', answer(500), kept('server_error', 500, FAKE_BODY)],
    ['502 and HTML', answer(502, {}, '<html>'), kept('server_error', 502, '<html>')],
    ['503', answer(503), kept('server_error', 503, FAKE_BODY)],
    ['504', answer(504), kept('server_error', 504, FAKE_BODY)],
    ['reset', reset, kept('connection_lost')],
    ['hanging up', hangUp, kept('connection_lost')],
    ['hanging', hang, kept('timeout')],
    ['a body that breaks off', brokenBody, kept('connection_lost')],
    ['a body that never ends', slowBody, kept('timeout')],
  ])('a destination that answers with %s', (_name, behaviour, attempt) => {
    it('gets it again when it comes back', async () => {
      destination.next(behaviour, behaviour);
      const service = await startPaging(destination, attempt.outcome === 'timeout' ? IMPATIENT : SETTINGS);
      await service.client.stripe(payoutFailed('evt_1'));
      const deliveries = await settled(service, 'evt_1');
      const retried = { ...attempt, retry_at: expect.any(String) as string };
      expect(deliveries).toMatchObject([
        { status: 'delivered', attempts: [retried, retried, { outcome: 'delivered', retry_at: null }] },
      ]);
      expect(destination.calls).toEqual(Array(3).fill('trigger default/evt_1'));
      expect(linesAbout(service, deliveries[0]!)).toMatchObject([
        { level: 'warn', outcome: attempt.outcome, status: 'pending', attempt: 1 },
        { level: 'warn', outcome: attempt.outcome, status: 'pending', attempt: 2 },
        { level: 'info', outcome: 'delivered', status: 'delivered', attempt: 3 },
      ]);
    });

    it('leaves it dead when it does not come back within the attempts', async () => {
      destination.always(behaviour);
      const service = await startPaging(destination, attempt.outcome === 'timeout' ? IMPATIENT : SETTINGS);
      await service.client.stripe(payoutFailed('evt_1'));
      const deliveries = await settled(service, 'evt_1');
      expect(inShort(deliveries)).toEqual(['trigger dead (attempts_exhausted)']);
      expect(deliveries[0]!.attempts).toMatchObject(Array(ATTEMPTS).fill(attempt));
      expect(destination.calls).toHaveLength(ATTEMPTS);
      expect(linesAbout(service, deliveries[0]!).at(-1)).toMatchObject({
        level: 'error',
        outcome: attempt.outcome,
        reason: 'attempts_exhausted',
      });
    });
  });

  it.each<[name: string, retryAfter: () => string | undefined]>([
    ['without Retry-After', () => undefined],
    ['with Retry-After in seconds', () => '1'],
    ['with Retry-After as a date', () => new Date(Date.now() + 1_500).toUTCString()],
    ['with a Retry-After of 0', () => '0'],
    ['with a Retry-After that nobody understands', () => 'soon'],
  ])('uses up no attempt by 429 %s', async (_name, retryAfter) => {
    const throttle: Behaviour = (request, response) => {
      const value = retryAfter();
      answer(429, value === undefined ? {} : { 'retry-after': value })(request, response);
    };
    destination.next(throttle, throttle);
    const service = await startPaging(destination, { ...SETTINGS, DELIVERY_MAX_ATTEMPTS: '1' });
    await service.client.stripe(payoutFailed('evt_1'));
    const throttled = { outcome: 'throttled', http_status: 429, response: FAKE_BODY };
    expect(await settled(service, 'evt_1')).toMatchObject([
      { status: 'delivered', attempts: [throttled, throttled, { outcome: 'delivered' }] },
    ]);
  });

  it.each([429, 503])('is not sent before the time that %i asks for', async (status) => {
    let mayReturnAt = 0;
    let returnedAt = 0;
    const later: Behaviour = (request, response) => {
      const date = new Date(Date.now() + 2_000).toUTCString();
      mayReturnAt = Date.parse(date);
      answer(status, { 'retry-after': date })(request, response);
    };
    destination.next(later, (request, response) => {
      returnedAt = Date.now();
      answer(202)(request, response);
    });
    const service = await startPaging(destination, { ...SETTINGS, DELIVERY_MAX_ATTEMPTS: '1' });
    await service.client.stripe(payoutFailed('evt_1'));
    const [delivery] = await settled(service, 'evt_1');
    expect(returnedAt).toBeGreaterThanOrEqual(mayReturnAt);
    expect(delivery).toMatchObject({ status: 'delivered' });
    expect(Date.parse(delivery!.attempts[0]!.retry_at!)).toBeGreaterThanOrEqual(mayReturnAt);
  });

  it('sends a reset, a hang and errors of every kind to the same delivery until it is through', async () => {
    destination.next(answer(500), reset, answer(429), hang, answer(425), slowBody, answer(408), answer(503));
    const service = await startPaging(destination, { ...IMPATIENT, DELIVERY_MAX_ATTEMPTS: '12' });
    await service.client.stripe(payoutFailed('evt_1'));
    const [delivery] = await settled(service, 'evt_1');
    expect(delivery!.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'server_error'],
      [2, 'connection_lost'],
      [3, 'throttled'],
      [4, 'timeout'],
      [5, 'server_error'],
      [6, 'timeout'],
      [7, 'server_error'],
      [8, 'server_error'],
      [9, 'delivered'],
    ]);
  });
});

describe('promise 3: at a port behind which there is no HTTP', () => {
  let server: Server | undefined;

  afterEach(async () => {
    await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
    server = undefined;
  });

  async function listen(onConnection: (socket: Socket) => void): Promise<string> {
    server = createServer(onConnection);
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  it.each([
    ['garbage', 'garbage\r\n\r\n'],
    ['an answer without an end of its header', 'HTTP/1.1 202 Accepted\r\nx: 1'],
    ['a header without end', `HTTP/1.1 202 Accepted\r\nx: ${'1'.repeat(100_000)}`],
  ])('takes %s for a connection that was lost', async (_name, text) => {
    const url = await listen((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(text));
    });
    const service = await startPaging({ url }, SETTINGS);
    await service.client.stripe(payoutFailed('evt_1'));
    const deliveries = await settled(service, 'evt_1');
    expect(inShort(deliveries)).toEqual(['trigger dead (attempts_exhausted)']);
    expect(deliveries[0]!.attempts).toMatchObject(Array(ATTEMPTS).fill(kept('connection_lost')));
  });

  it('delivers when a refused port is opened', async () => {
    const url = await listen((socket) => socket.destroy());
    const { port } = new URL(url);
    await new Promise((resolve) => server!.close(resolve));
    server = undefined;
    const service = await startPaging({ url }, { ...SETTINGS, DELIVERY_MAX_ATTEMPTS: '100' });
    await service.client.stripe(payoutFailed('evt_1'));
    await eventually(async () => {
      const { deliveries } = await service.client.event('evt_1');
      expect(deliveries[0]!.attempts.slice(0, 2)).toMatchObject(Array(2).fill(kept('unreachable')));
    });
    server = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server!.listen(Number(port), '127.0.0.1', resolve));
    const [delivery] = await settled(service, 'evt_1');
    expect(delivery).toMatchObject({ status: 'delivered' });
  });

  it('is dead when a refused port stays closed', async () => {
    const url = await listen((socket) => socket.destroy());
    await new Promise((resolve) => server!.close(resolve));
    server = undefined;
    const service = await startPaging({ url }, SETTINGS);
    await service.client.stripe(payoutFailed('evt_1'));
    expect(inShort(await settled(service, 'evt_1'))).toEqual(['trigger dead (attempts_exhausted)']);
  });
});

describe('promise 3: our own faults', () => {
  it('leaves what cannot be built dead at once, says so as an error, and delivers the rest', async () => {
    const service = await startPaging(destination, { ...SETTINGS, BREAKER_FAILURES: '1' });
    await record(service, incident('broken', { raw: 'no JSON' }), incident('whole'));
    expect(inShort(await settled(service, 'whole'))).toEqual(['trigger delivered']);
    const [broken] = await eventually(async () => {
      const dead = await service.client.deliveries('?status=dead');
      expect(dead).toMatchObject([{ event_id: 'broken', reason: 'internal_error' }]);
      return dead;
    });
    expect(destination.calls).toEqual(['trigger default/whole']);
    const errors = linesAbout(service, broken!).filter(({ level }) => level === 'error');
    expect(errors).toMatchObject([
      { err: { type: 'SyntaxError' } },
      { outcome: 'internal_error', status: 'dead' },
    ]);
    expect(service.log.filter(({ msg }) => msg === 'circuit breaker opened')).toEqual([]);
  });

  it('keeps the routing key out of the log', async () => {
    const key = 'R0utingKeyThatNobodyMaySee000000';
    destination.next(answer(500), reset, answer(429));
    const service = await startPaging(destination, { ...SETTINGS, PAGERDUTY_ROUTING_KEY: key });
    await service.client.stripe(payoutFailed('evt_1'));
    await settled(service, 'evt_1');
    expect(destination.received[0]!.body.routing_key).toBe(key);
    expect(JSON.stringify(service.log)).not.toContain(key);
  });
});
