import type { Environment } from '../../src/config/settings';
import { startGuarded } from '../accounts/guarded-service';
import { change } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { startService, stopServices, type LogLine, type RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { json, reset, ScriptedUpstream, type Script } from './scripted-upstream';

/** Longer than any test takes. */
const FOR_GOOD = { BREAKER_RESET_MS: '3600000' };

const ADDITION = { name: 'Order placed', userId: 'u-ada', details: 'Two tickets' };

const NOT_RECORDED = 'an added event is not recorded: the upstream API has it, and this service does not';

const added = (id: unknown): Script => json({ success: true, id, at: 'theirs' });
const refused = json({ success: false, message: 'no such user' });
const sick = json({ success: false }, 503);

let upstream: ScriptedUpstream;

beforeEach(async () => {
  upstream = await ScriptedUpstream.start();
});

afterEach(async () => {
  await stopServices();
  await upstream.stop();
});

function start(environment: Environment = {}): Promise<RunningService> {
  return startService({ UPSTREAM_API_URL: upstream.url, ...environment });
}

function add({ client }: RunningService, addition: object = ADDITION): Promise<Answer> {
  return client.post('/api/addEvent', addition);
}

/** What /readyz says of the breaker. */
async function breakerOf({ client }: RunningService): Promise<unknown> {
  const { status, body } = await client.get<{ details: { breakers: { breakers: { name: string }[] } } }>(
    '/readyz',
  );
  expect(status).toBe(200);
  return body.details.breakers.breakers.find(({ name }) => name === 'upstream');
}

function transitions({ log }: RunningService): unknown[] {
  return log
    .filter(({ breaker }) => breaker === 'upstream')
    .map(({ from, to }) => `${String(from)} ${String(to)}`);
}

function linesSaying({ log }: RunningService, words: string): LogLine[] {
  return log.filter(({ msg }) => msg?.includes(words) === true);
}

describe('an event that the upstream API takes', () => {
  it('is answered as the upstream API did, and recorded', async () => {
    upstream.serve('/addEvent', added('e-77'));
    const service = await start();
    expect(await add(service)).toMatchObject({
      status: 200,
      body: { success: true, id: 'e-77', at: 'theirs' },
    });
    expect(await service.client.events()).toMatchObject([
      {
        event_id: 'upstream:e-77',
        account_id: 'default',
        source: 'upstream',
        kind: 'activity',
        severity: 'info',
        summary: 'Order placed',
        description: 'Two tickets',
        routed: false,
        raw: { request: ADDITION, answer: { success: true, id: 'e-77', at: 'theirs' } },
      },
    ]);
  });

  it('is another one each time where it gets no id', async () => {
    upstream.serve('/addEvent', json({ success: true }));
    const service = await start();
    for (let i = 0; i < 2; i += 1) expect((await add(service)).body).toEqual({ success: true });
    const ids = (await service.client.events()).map(({ event_id }) => event_id);
    expect(ids).toEqual(Array(2).fill(expect.stringMatching(/^upstream:[0-9a-f-]{14}7[0-9a-f-]{21}$/)));
    expect(new Set(ids).size).toBe(2);
  });

  it('goes there as it came, with the request’s id', async () => {
    const received: unknown[] = [];
    upstream.serve('/addEvent', (response, request) => {
      received.push(request.headers['x-request-id'], request.headers['content-type']);
      added(1)(response, request);
    });
    const { client } = await start();
    await client.post(
      '/api/addEvent',
      { name: 'x', userId: 'u', details: { n: 1 } },
      { 'x-request-id': 'mine' },
    );
    expect(received).toEqual(['mine', 'application/json']);
    expect(await client.events()).toMatchObject([
      { event_id: 'upstream:1', request_id: 'mine', raw: { request: { details: { n: 1 } } } },
    ]);
  });

  it('is the account’s whose key it came with', async () => {
    upstream.serve('/addEvent', added('e-1'));
    const { as, makeKey } = await startGuarded({ UPSTREAM_API_URL: upstream.url });
    const { key } = await makeKey('acme', ['ingest', 'read']);
    expect((await as(key).post('/api/addEvent', ADDITION)).status).toBe(200);
    const listed = await as(key).get('/events');
    expect(listed.body).toMatchObject({ events: [{ account_id: 'acme', event_id: 'upstream:e-1' }] });
  });
});

describe('an event that is not taken', () => {
  it.each<[string, Script]>([
    ['a 200', refused],
    ['a 400', json({ success: false, error: 'no such user' }, 400)],
    ['a 404', json({ success: false, message: 'no such user' }, 404)],
  ])('because the upstream API refuses it with %s is a 422, and no failure', async (_, script) => {
    upstream.serve('/addEvent', script);
    const service = await start({ BREAKER_FAILURES: '1' });
    for (let i = 0; i < 3; i += 1) {
      expect(await add(service)).toMatchObject({
        status: 422,
        body: {
          code: 'upstream_refused',
          message: 'The upstream API did not take the event: no such user',
        },
      });
    }
    expect(await service.client.events()).toEqual([]);
    expect(await breakerOf(service)).toMatchObject({ state: 'closed' });
  });

  it.each<[string, unknown]>([
    ['no name', { userId: 'u' }],
    ['a blank name', { name: ' ', userId: 'u' }],
    ['a name of 201 characters', { name: 'x'.repeat(201), userId: 'u' }],
    ['a name that is a number', { name: 5, userId: 'u' }],
    ['no user', { name: 'x' }],
    ['a user that is no id', { name: 'x', userId: '../admin' }],
    ['details that are a list', { name: 'x', userId: 'u', details: [1] }],
    ['details that are null', { name: 'x', userId: 'u', details: null }],
    ['details of 10,001 characters', { name: 'x', userId: 'u', details: 'x'.repeat(10_001) }],
    ['a field that nobody knows', { name: 'x', userId: 'u', detials: 'x' }],
    ['a list', [ADDITION]],
  ])('because it has %s is a 400, and the upstream API hears nothing of it', async (_, body) => {
    const { client } = await start();
    expect(await client.post('/api/addEvent', body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    expect(upstream.requests).toEqual([]);
  });
});

describe('an upstream API that fails', () => {
  it('is shown closed before it is used', async () => {
    expect(await breakerOf(await start())).toEqual({
      name: 'upstream',
      state: 'closed',
      retry_at: null,
      transitions: { open: 0, half_open: 0, closed: 0 },
    });
  });

  it('is asked once for each of three requests, and then left alone', async () => {
    upstream.serve('/addEvent', sick, reset, sick);
    const service = await start(FOR_GOOD);
    for (const reason of ['http_5xx', 'reset', 'http_5xx']) {
      expect(await add(service)).toMatchObject({ status: 502, body: { code: 'upstream_failed', reason } });
    }
    const answers = await Promise.all(Array.from({ length: 20 }, () => add(service)));
    for (const { status, body, headers } of answers) {
      expect([status, body['code']]).toEqual([503, 'upstream_unavailable']);
      expect(headers.get('retry-after')).toMatch(/^3(600|5\d\d)$/);
    }
    expect(upstream.asked('/addEvent')).toBe(3);
    expect(transitions(service)).toEqual(['closed open']);
    expect(await breakerOf(service)).toEqual({
      name: 'upstream',
      state: 'open',
      retry_at: expect.any(String) as unknown,
      transitions: { open: 1, half_open: 0, closed: 0 },
    });
  });

  it('is not left alone by those who read', async () => {
    upstream.serve('/addEvent', sick);
    upstream.serve('/getUsers', json([{ id: 'u' }]));
    const service = await start({ ...FOR_GOOD, BREAKER_FAILURES: '1' });
    await add(service);
    expect((await add(service)).status).toBe(503);
    expect((await service.client.get('/api/getUsers')).status).toBe(200);
  });

  it('gets one canary of 50 when the cooldown is over, and everything once that went well', async () => {
    const canary = Promise.withResolvers<void>();
    upstream.serve(
      '/addEvent',
      sick,
      (response, request) => void canary.promise.then(() => added('e-canary')(response, request)),
      added('e-later'),
    );
    const service = await start({ BREAKER_FAILURES: '1', BREAKER_RESET_MS: '200' });
    expect((await add(service)).status).toBe(502);
    await eventually(async () => expect(await breakerOf(service)).toMatchObject({ state: 'half_open' }));
    let turnedAway = 0;
    const answers = Array.from({ length: 50 }, async () => {
      const answer = await add(service);
      if (answer.status === 503) turnedAway += 1;
      return answer;
    });
    await eventually(() => expect(turnedAway).toBe(49));
    expect(upstream.asked('/addEvent')).toBe(2);
    canary.resolve();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect((await add(service)).body).toMatchObject({ id: 'e-later' });
    expect(transitions(service)).toEqual(['closed open', 'open half_open', 'half_open closed']);
    expect(await breakerOf(service)).toMatchObject({ transitions: { open: 1, half_open: 1, closed: 1 } });
  });
});

describe('an added event that cannot be recorded', () => {
  const hide = (service: RunningService): Promise<void> =>
    change(service, 'ALTER TABLE events RENAME TO hidden');
  const show = (service: RunningService): Promise<void> =>
    change(service, 'ALTER TABLE hidden RENAME TO events');

  it('is a success all the same, and recorded later', async () => {
    upstream.serve('/addEvent', added('e-1'));
    const service = await start();
    await hide(service);
    expect(await add(service)).toMatchObject({ status: 200, body: { success: true, id: 'e-1' } });
    expect(linesSaying(service, 'it is tried again')).toContainEqual(
      expect.objectContaining({ level: 'warn', account_id: 'default', event_id: 'upstream:e-1' }),
    );
    await show(service);
    await eventually(async () => {
      expect(await service.client.events()).toMatchObject([{ event_id: 'upstream:e-1', revision: 1 }]);
    });
    expect(upstream.asked('/addEvent')).toBe(1);
  });

  it('gets a last try when the service stops', async () => {
    upstream.serve('/addEvent', added('e-1'));
    const service = await start();
    await hide(service);
    await add(service);
    await show(service);
    await service.stop();
    const again = await startService(service.environment);
    expect(await again.client.events()).toMatchObject([{ event_id: 'upstream:e-1' }]);
    expect(linesSaying(service, NOT_RECORDED)).toEqual([]);
  });

  it('is named in the log where that fails too', async () => {
    upstream.serve('/addEvent', added('e-1'));
    const service = await start();
    await hide(service);
    await add(service);
    await service.stop();
    expect(linesSaying(service, NOT_RECORDED)).toMatchObject([
      { level: 'error', account_id: 'default', event_id: 'upstream:e-1' },
    ]);
  });
});
