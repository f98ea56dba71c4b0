import { gzipSync } from 'node:zlib';
import { startService, stopServices, type RunningService } from '../harness/service';
import type { ServiceClient } from '../harness/service-client';
import {
  cutOff,
  dripping,
  endless,
  hang,
  json,
  reset,
  ScriptedUpstream,
  text,
  type Script,
} from './scripted-upstream';

let upstream: ScriptedUpstream;
let service: RunningService;
/** Waits for no answer long. */
let hasty: RunningService;

beforeAll(async () => {
  upstream = await ScriptedUpstream.start();
  const environment = { UPSTREAM_API_URL: upstream.url, BREAKER_FAILURES: '1000', UPSTREAM_CACHE_MS: '0' };
  service = await startService(environment);
  hasty = await startService({ ...environment, UPSTREAM_TIMEOUT_MS: '500' });
});

const clientFor = (reason: string): ServiceClient => (reason === 'timeout' ? hasty : service).client;

afterEach(async () => {
  expect((await service.client.get('/healthz')).body).toEqual({ ok: true });
});

afterAll(async () => {
  await stopServices();
  await upstream.stop();
});

const NOT_JSON: readonly [string, string, Script][] = [
  [
    'a web page',
    'not_json',
    text('<!doctype html><title>Sign in</title>', 200, { 'content-type': 'text/html' }),
  ],
  ['nothing', 'not_json', text('')],
  ['no content', 'not_json', text('', 204)],
  ['half a document', 'not_json', text('[{"id":"e-1"')],
  ['bytes that are no UTF-8', 'not_json', text(Buffer.from([0xff, 0xfe, 0x00]))],
  ['1,000 lists in each other', 'too_deep', text('['.repeat(1_000) + ']'.repeat(1_000))],
];

const BROKEN: readonly [string, string, Script][] = [
  ['a reset', 'reset', reset],
  ['a reset in the middle of the answer', 'reset', cutOff],
  ['no answer at all', 'timeout', hang],
  ['an answer by single bytes', 'timeout', dripping],
  ['an answer without an end', 'too_large', endless],
  ['6 MB', 'too_large', text(`["${'x'.repeat(6_000_000)}"]`)],
  [
    'a gzip bomb',
    'too_large',
    text(gzipSync(Buffer.alloc(50_000_000, ' ')), 200, { 'content-encoding': 'gzip' }),
  ],
  ['gzip that is none', 'bad_encoding', text('[]', 200, { 'content-encoding': 'gzip' })],
  ['a redirect', 'http_3xx', text('', 302, { location: 'http://127.0.0.1:9/' })],
  ['a 403', 'http_4xx', json({ error: 'Forbidden' }, 403)],
  ['a 500', 'http_5xx', text('<h1>Oops</h1>', 500)],
];

const scalars: readonly [string, string, Script][] = ['null', 'true', '42', '"text"'].map((body) => {
  return [body, 'wrong_shape', text(body)];
});

const WRONG_LISTS: readonly [string, string, Script][] = [
  ...scalars,
  ['an object', 'wrong_shape', json({ users: [] })],
  ['a list of texts', 'wrong_shape', json(['u-1'])],
  ['a list with null', 'wrong_shape', json([{ id: 'u-1' }, null])],
];

const WRONG_USERS: readonly [string, string, Script][] = [
  ...scalars,
  ['a list', 'wrong_shape', json([])],
  ['a user without events', 'wrong_shape', json({ id: 'u', name: 'U' })],
  ['events that are no list', 'wrong_shape', json({ events: { length: 2 } })],
  ['events that are no ids', 'wrong_shape', json({ events: [{ id: 'e-1' }] })],
  ['events that are fractions', 'wrong_shape', json({ events: [1.5] })],
  ['1,001 events', 'wrong_shape', json({ events: Array.from({ length: 1_001 }, (_, n) => n) })],
];

describe.each(['getUsers', 'getEvents'])('GET /api/%s', (route) => {
  it.each([...NOT_JSON, ...BROKEN, ...WRONG_LISTS])(
    'answers %s with a 502: %s',
    async (_, reason, script) => {
      upstream.serve(`/${route}`, script);
      const answer = await clientFor(reason).get(`/api/${route}`);
      expect(answer).toMatchObject({ status: 502, body: { code: 'upstream_failed', reason } });
    },
  );
});

describe('GET /api/getEventsByUserId, of a user that is', () => {
  it.each([...NOT_JSON, ...BROKEN, ...WRONG_USERS])('%s, is a 502: %s', async (_, reason, script) => {
    upstream.serve('/getUserById/u', script);
    for (const query of ['', '?partial=true']) {
      const answer = await clientFor(reason).get(`/api/getEventsByUserId/u${query}`);
      expect(answer).toMatchObject({ status: 502, body: { code: 'upstream_failed', reason } });
    }
  });
});

describe('GET /api/getEventsByUserId, with an event that is', () => {
  it.each([...NOT_JSON, ...BROKEN, ...scalars, ['a list', 'wrong_shape', json([])] as const])(
    '%s, names it: %s',
    async (_, reason, script) => {
      upstream.serve('/getUserById/u', json({ events: [1, 2] }));
      upstream.serve('/getEventById/1', json({ id: 1 }));
      upstream.serve('/getEventById/2', script);
      const answer = await clientFor(reason).get('/api/getEventsByUserId/u');
      expect(answer).toMatchObject({
        status: 502,
        body: { code: 'upstream_event_failed', event_id: '2', reason },
      });
      const partial = await clientFor(reason).get('/api/getEventsByUserId/u?partial=true');
      expect(partial).toMatchObject({
        status: 200,
        body: { events: [{ id: 1 }], failures: [{ event_id: '2', reason }] },
      });
    },
  );
});

describe('POST /api/addEvent', () => {
  const WRONG: readonly [string, string, Script][] = [
    ...scalars,
    ['a list', 'wrong_shape', json([{ success: true }])],
    ['an object that does not say', 'wrong_shape', json({ id: 'e-1' })],
    ['a success that is a text', 'wrong_shape', json({ success: 'true' })],
  ];

  it.each([...NOT_JSON, ...BROKEN, ...WRONG])('answers %s with a 502: %s', async (_, reason, script) => {
    upstream.serve('/addEvent', script);
    const before = upstream.asked('/addEvent');
    const client = clientFor(reason);
    const answer = await client.post('/api/addEvent', { name: 'x', userId: 'u' });
    expect(answer).toMatchObject({
      status: 502,
      body: { code: 'upstream_failed', reason, may_have_arrived: true },
    });
    expect(upstream.asked('/addEvent')).toBe(before + 1);
    expect(await client.events('?source=upstream')).toEqual([]);
  });
});

it('says when to come back where the upstream API does', async () => {
  upstream.serve('/getUsers', json({}, 429, { 'retry-after': '7' }));
  const answer = await service.client.get('/api/getUsers');
  expect(answer).toMatchObject({ status: 502, body: { reason: 'http_429' } });
  expect(answer.headers.get('retry-after')).toBe('7');
});

it('tells nobody the address of the upstream API', async () => {
  upstream.serve('/getUsers', reset);
  const { body } = await service.client.get('/api/getUsers');
  expect(JSON.stringify(body)).not.toContain(new URL(upstream.url).port);
});
