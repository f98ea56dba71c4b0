import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { startService, stopServices, type RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { errorShape } from '../api/error-shape';

const AT = '2026-01-15T10:40:00.000Z';
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** In both profiles; what is queued is another suite's. */
const DIRECT = { INGEST_MODE: 'direct' };

let service: RunningService;
let destination: FakeDestination;

beforeAll(async () => {
  destination = await FakeDestination.start();
  service = await startService({ PAGERDUTY_EVENTS_URL: destination.url, ...DIRECT });
});
afterAll(async () => {
  await stopServices();
  await destination.stop();
});

/** What a tenant must say, and the given changes. */
function event(changes: object = {}): Record<string, unknown> {
  return { account_id: 'acme', user_id: 'user-17', type: 'checkout.failed', timestamp: AT, ...changes };
}

function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return service.client.post('/events', body, headers);
}

async function countOf(account: string): Promise<number> {
  return (await service.client.events(`?limit=500&account_id=${account}`)).length;
}

async function shown(account: string, id: string): Promise<Record<string, unknown>> {
  return (await service.client.get(`/events/${encodeURIComponent(id)}?account_id=${account}`)).body;
}

describe('POST /events', () => {
  it('stores an event and answers that it is on disk', async () => {
    const answer = await post(event({ account_id: 'one', event_id: 'evt-1', metadata: { order: 4711 } }));
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ accepted: 1, deduped: 0, event_ids: ['evt-1'], durability: 'committed' });
    expect(await shown('one', 'evt-1')).toEqual({
      account_id: 'one',
      event_id: 'evt-1',
      revision: 1,
      source: 'app',
      kind: 'activity',
      severity: 'info',
      service: 'app',
      type: 'checkout.failed',
      user_id: 'user-17',
      summary: 'one: checkout.failed (user-17)',
      description: null,
      started_at: AT,
      resolved_at: null,
      updated_at: AT,
      received_at: expect.any(String) as unknown,
      routed: false,
      delivered_to: [],
      request_id: answer.headers.get('x-request-id'),
      raw: event({ account_id: 'one', event_id: 'evt-1', metadata: { order: 4711 } }),
      revisions: [expect.objectContaining({ revision: 1, origin: 'source' })],
      deliveries: [],
    });
  });

  it('makes an id for an event that brings none', async () => {
    const answer = await post(event({ account_id: 'unnamed' }));
    expect(answer.body).toEqual({
      accepted: 1,
      deduped: 0,
      event_ids: [expect.stringMatching(UUID_V7)],
      durability: 'committed',
    });
    const [id] = answer.body['event_ids'] as string[];
    expect(await shown('unnamed', id!)).toMatchObject({ event_id: id });
  });

  it.each<[string, (list: object[]) => unknown]>([
    ['a list', (list) => list],
    ['a list as a member', (list) => ({ events: list })],
  ])('takes several as %s, and answers in their order', async (name, asBody) => {
    const account_id = name.replaceAll(' ', '-');
    const list = [
      event({ account_id, event_id: 'z' }),
      event({ account_id }),
      event({ account_id, event_id: 'a' }),
      event({ account_id, event_id: 'z' }),
    ];
    const answer = await post(asBody(list));
    expect(answer.body).toEqual({
      accepted: 3,
      deduped: 1,
      event_ids: ['z', expect.stringMatching(UUID_V7), 'a', 'z'],
      durability: 'committed',
    });
    expect(await countOf(account_id)).toBe(3);
  });

  it('takes a thousand events at once, of several accounts', async () => {
    const list = Array.from({ length: 1_000 }, (_, n) =>
      event({ account_id: `many-${n % 3}`, event_id: `e${n}` }),
    );
    expect((await post(list)).body).toEqual({
      accepted: 1_000,
      deduped: 0,
      event_ids: list.map(({ event_id }) => event_id),
      durability: 'committed',
    });
    expect(await Promise.all(['many-0', 'many-1', 'many-2'].map(countOf))).toEqual([334, 333, 333]);
  });

  it('stores the same batch once', async () => {
    const batch = ['a', 'b', 'c'].map((event_id) => event({ account_id: 'again', event_id }));
    expect((await post(batch)).body).toMatchObject({ accepted: 3, deduped: 0 });
    expect((await post({ events: batch })).body).toEqual({
      accepted: 0,
      deduped: 3,
      event_ids: ['a', 'b', 'c'],
      durability: 'committed',
    });
    expect(await countOf('again')).toBe(3);
  });

  it('keeps the same id in two accounts apart', async () => {
    const batch = [
      event({ account_id: 'left', event_id: 'x' }),
      event({ account_id: 'right', event_id: 'x' }),
    ];
    expect((await post(batch)).body).toMatchObject({ accepted: 2, deduped: 0 });
  });

  it('keeps what was sent exactly as it was sent', async () => {
    const exact = `{"n":12345678901234567890,  "n":1.10}`;
    const body = `[${JSON.stringify(event({ account_id: 'exact', event_id: 'x', metadata: {} })).replace('"metadata":{}', `"metadata":${exact}`)}]`;
    const headers = { 'content-type': 'application/json' };
    expect(await service.client.get('/events', { method: 'POST', body, headers })).toMatchObject({
      status: 202,
    });
    const response = await fetch(`${service.url}/events/x?account_id=exact`);
    expect(await response.text()).toContain(exact);
  });

  it('tells of a post in one line at level debug', async () => {
    const { headers } = await post(event({ account_id: 'logged' }));
    await eventually(() => {
      const lines = service.log.filter(
        (line) => line['request_id'] === headers.get('x-request-id') && line['context'] === 'Tenants',
      );
      expect(lines).toEqual([
        expect.objectContaining({ level: 'debug', accepted: 1, deduped: 0, durability: 'committed' }),
      ]);
    });
  });
});

describe('POST /events with an Idempotency-Key', () => {
  const batch = (account_id: string): object[] => [
    event({ account_id }),
    event({ account_id, event_id: 'mine' }),
    event({ account_id, type: 'login' }),
  ];

  it('stores events without an id once, however often they come', async () => {
    const key = { 'idempotency-key': 'retry 1' };
    const first = await post(batch('idem'), key);
    expect(first.body).toEqual({
      accepted: 3,
      deduped: 0,
      event_ids: [expect.stringMatching(/^[0-9a-f]{64}$/), 'mine', expect.stringMatching(/^[0-9a-f]{64}$/)],
      durability: 'committed',
    });
    const second = await post(batch('idem'), key);
    expect(second.body).toEqual({ ...first.body, accepted: 0, deduped: 3 });
    expect(await countOf('idem')).toBe(3);
  });

  it('keeps keys, accounts and places apart, however they are split', async () => {
    const idOf = async (account: string, key: string, place = 0): Promise<string> => {
      const list = Array.from({ length: place + 1 }, () => event({ account_id: account }));
      const { body } = await post(list, { 'idempotency-key': key });
      return (body['event_ids'] as string[])[place]!;
    };
    const ids = [
      await idOf('split-a', 'b'),
      await idOf('split', 'a'),
      await idOf('split', '-ab'),
      await idOf('split', 'b'),
      await idOf('split', 'b', 1),
      await idOf('split', 'b1'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(await idOf('split', 'b')).toBe(ids[3]);
  });

  it.each(['', 'x'.repeat(257), 'tab\there', 'caf\u00e9'])('is refused for the key %j', async (key) => {
    const answer = await post(event({ account_id: 'bad-key' }), { 'idempotency-key': key });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      ...errorShape(400, answer.headers.get('x-request-id')),
      code: 'invalid_idempotency_key',
    });
    expect(await countOf('bad-key')).toBe(0);
  });
});

describe('an incident of a tenant', () => {
  const outage = (changes: object = {}): object =>
    event({ kind: 'incident', severity: 'critical', metadata: { message: 'Checkout is down' }, ...changes });

  it('pages, and is closed by the tenant', async () => {
    const id = { account_id: 'paged', event_id: 'outage-1' };
    await post(outage(id));
    await eventually(() => expect(destination.calls).toContain('trigger paged/outage-1'));
    expect(destination.received.at(-1)?.body.payload).toMatchObject({
      summary: 'paged: checkout.failed: Checkout is down',
      source: 'app',
      severity: 'critical',
      timestamp: AT,
      custom_details: { account_id: 'paged', user_id: 'user-17', source: 'app', kind: 'incident' },
    });
    const end = { timestamp: '2026-01-15T11:00:00Z', resolved_at: '2026-01-15T10:58:30Z' };
    expect((await post(outage({ ...id, ...end }))).body).toEqual({
      accepted: 1,
      deduped: 0,
      event_ids: ['outage-1'],
      durability: 'committed',
    });
    await eventually(() => expect(destination.calls).toContain('resolve paged/outage-1'));
    expect(destination.calls.filter((call) => call.endsWith('paged/outage-1'))).toEqual([
      'trigger paged/outage-1',
      'resolve paged/outage-1',
    ]);
    expect(await shown('paged', 'outage-1')).toMatchObject({
      revision: 2,
      resolved_at: '2026-01-15T10:58:30.000Z',
      updated_at: '2026-01-15T11:00:00.000Z',
      routed: true,
      revisions: [{ resolved_at: null }, { resolved_at: '2026-01-15T10:58:30.000Z' }],
    });
  });

  it('began with the first that was heard of it', async () => {
    const id = { account_id: 'begun', event_id: 'outage-1' };
    await post(outage(id));
    await post(outage({ ...id, timestamp: '2026-01-15T10:50:00Z', severity: 'warning' }));
    await post(outage({ ...id, timestamp: '2026-01-15T11:00:00Z', resolved_at: '2026-01-15T11:00:00Z' }));
    expect(await shown('begun', 'outage-1')).toMatchObject({
      revision: 3,
      started_at: AT,
      updated_at: '2026-01-15T11:00:00.000Z',
    });
  });

  it('is closed by the time of its beginning too, and not by an earlier one', async () => {
    const id = { account_id: 'closed', event_id: 'outage-1' };
    await post(outage(id));
    const early = outage({ ...id, timestamp: '2026-01-15T10:39:59Z', resolved_at: AT });
    expect((await post(early)).body).toMatchObject({ accepted: 0, deduped: 1 });
    expect(await shown('closed', 'outage-1')).toMatchObject({ resolved_at: null });
    expect((await post(outage({ ...id, resolved_at: AT }))).body).toMatchObject({ accepted: 1, deduped: 0 });
    expect(await shown('closed', 'outage-1')).toMatchObject({ resolved_at: AT });
  });

  it('may be opened and closed in one post, and then pages nobody', async () => {
    const id = { account_id: 'brief', event_id: 'outage-1' };
    const batch = [outage(id), outage({ ...id, resolved_at: AT }), outage({ ...id, resolved_at: AT })];
    expect((await post(batch)).body).toEqual({
      accepted: 2,
      deduped: 1,
      event_ids: ['outage-1', 'outage-1', 'outage-1'],
      durability: 'committed',
    });
    expect(await shown('brief', 'outage-1')).toMatchObject({
      revision: 2,
      resolved_at: AT,
      deliveries: [
        { action: 'trigger', status: 'skipped', reason: 'resolved_before_sent' },
        { action: 'resolve', status: 'skipped', reason: 'resolved_before_sent' },
      ],
    });
  });

  it('is closed by a post that does not say again what kind it is, also in the company of another state', async () => {
    const id = { account_id: 'unkind', event_id: 'outage-1' };
    await post(outage(id));
    const end = { timestamp: '2026-01-15T11:00:00Z', resolved_at: '2026-01-15T11:00:00Z' };
    const batch = [
      outage({ ...id, kind: undefined, severity: 'warning' }),
      outage({ ...id, ...end, kind: undefined }),
    ];
    expect((await post(batch)).body).toMatchObject({ accepted: 2, deduped: 0 });
    expect(await shown('unkind', 'outage-1')).toMatchObject({
      revision: 3,
      kind: 'incident',
      resolved_at: '2026-01-15T11:00:00.000Z',
    });
  });

  it('may be an activity, which pages and never changes', async () => {
    const id = { account_id: 'once', event_id: 'fraud-1' };
    await post(outage({ ...id, kind: 'activity' }));
    await eventually(() => expect(destination.calls).toContain('trigger once/fraud-1'));
    expect((await post(outage({ ...id, kind: 'activity', resolved_at: AT }))).body).toMatchObject({
      deduped: 1,
    });
    expect(await shown('once', 'fraud-1')).toMatchObject({ revision: 1, resolved_at: null });
  });
});

describe('a post with a fault', () => {
  it('is refused whole, and says which event and field it is', async () => {
    const bad = [event({ account_id: 'strict' }), event({ account_id: 'strict', severty: 'critical' }), 7];
    const answer = await post(bad);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message: 'events[1].severty is no field of an event; see faults for the others.',
      code: 'invalid_event',
      requestId: answer.headers.get('x-request-id'),
      index: 1,
      field: 'severty',
      faults: [
        { index: 1, field: 'severty', message: 'is no field of an event' },
        { index: 2, field: null, message: 'must be an object' },
      ],
    });
    expect(await countOf('strict')).toBe(0);
    await eventually(() => {
      const lines = service.log.filter(
        (line) => line['request_id'] === answer.headers.get('x-request-id') && line['context'] === 'Tenants',
      );
      expect(lines).toEqual([
        expect.objectContaining({ level: 'warn', code: 'invalid_event', ip: '127.0.0.1' }),
      ]);
    });
  });

  it.each<[string, unknown, string]>([
    ['no events', [], 'no_events'],
    ['no list of events', { events: {} }, 'not_events'],
    ['a number', 42, 'not_events'],
    ['null', null, 'not_events'],
    ['too many events', Array(1_001).fill({}), 'too_many_events'],
    ['a time without its zone', event({ timestamp: '2026-01-15T10:40:00' }), 'invalid_event'],
    ['a number for a time', event({ timestamp: 1_768_473_600 }), 'invalid_event'],
    ['nesting too deep', JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`), 'body_too_deep'],
  ])('is refused for %s', async (_, body, code) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, body: { code } });
    expect(answer.body).toMatchObject(errorShape(400, answer.headers.get('x-request-id')));
  });

  it.each<[string, RequestInit, number, string]>([
    ['no JSON', { body: '{', headers: { 'content-type': 'application/json' } }, 400, 'body_not_json'],
    ['nothing', { headers: { 'content-type': 'application/json' } }, 400, 'body_not_json'],
    [
      'bytes that are no UTF-8',
      { body: Buffer.from([0x22, 0xff, 0x22]), headers: { 'content-type': 'application/json' } },
      400,
      'body_not_utf8',
    ],
    ['text', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
    [
      'more than a megabyte',
      { body: `[${' '.repeat(1_048_576)}]`, headers: { 'content-type': 'application/json' } },
      413,
      'body_too_large',
    ],
  ])('is refused for %s', async (_, init, status, code) => {
    const answer = await service.client.get('/events', { method: 'POST', ...init });
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ ...errorShape(status, answer.headers.get('x-request-id')), code });
  });

  it('counts for the address, and a right one does not', async () => {
    const strict = await startService({ ...DIRECT, THROTTLE_LIMIT: '3' });
    const send = async (body: unknown): Promise<number> => (await strict.client.post('/events', body)).status;
    for (let n = 0; n < 5; n++) expect(await send(event())).toBe(202);
    expect([await send({}), await send({}), await send({}), await send({})]).toEqual([400, 400, 400, 429]);
    expect(await send(event())).toBe(202);
  });
});

describe("an account's limit", () => {
  it('is told with every answer, and refuses a post as a whole', async () => {
    const limited = await startService({ ...DIRECT, ACCOUNT_BURST: '5', ACCOUNT_EVENTS_PER_MINUTE: '1' });
    const send = (count: number, account_id = 'acme'): Promise<Answer> =>
      limited.client.post('/events', Array(count).fill(event({ account_id })));
    const first = await send(4);
    expect(first.status).toBe(202);
    const told = (answer: Answer): (string | null)[] =>
      ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'].map((name) =>
        answer.headers.get(name),
      );
    expect(told(first)).toEqual(['5', '1', '240', null]);
    const refused = await send(2);
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({
      ...errorShape(429, refused.headers.get('x-request-id')),
      code: 'account_limit_exceeded',
    });
    expect(told(refused)).toEqual(['5', '1', '240', '60']);
    expect((await send(1)).status).toBe(202);
    expect((await send(1)).status).toBe(429);
    expect((await send(5, 'other')).status).toBe(202);
    expect(await limited.client.events('?limit=500&account_id=acme')).toHaveLength(5);
  });

  it('of the account that has least left is the one that is told', async () => {
    const limited = await startService({ ...DIRECT, ACCOUNT_BURST: '10', ACCOUNT_EVENTS_PER_MINUTE: '1' });
    const batch = ['a', 'b', 'b', 'b', 'c'].map((account_id) => event({ account_id }));
    const { headers } = await limited.client.post('/events', batch);
    expect(headers.get('ratelimit-remaining')).toBe('7');
  });
});
