import { Module, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigModule } from '../../src/config/config.module';
import { Settings } from '../../src/config/settings';
import { MOCK_ROUTING_KEY } from '../../src/destinations/pagerduty-message';
import { createHttpAdapter } from '../../src/http/http-adapter';
import { HttpModule } from '../../src/http/http.module';
import { MockPagerDutyModule } from '../../src/mock-pagerduty/mock-pagerduty.module';

@Module({})
class MockOnlyModule {}

/** Every log line, as JSON text. */
const lines: string[] = [];
const write = (...line: unknown[]): void => void lines.push(JSON.stringify(line));
const logger: LoggerService = { log: write, warn: write, error: write };

let app: NestFastifyApplication;
let url: string;

async function start(environment: Record<string, string>): Promise<void> {
  const settings = Settings.load({ NODE_ENV: 'test', ...environment });
  const module = {
    module: MockOnlyModule,
    imports: [ConfigModule.with(settings), HttpModule, MockPagerDutyModule],
  };
  app = await NestFactory.create<NestFastifyApplication>(module, createHttpAdapter(settings), {
    bodyParser: false,
    logger,
  });
  await app.listen(0, '127.0.0.1');
  url = `${await app.getUrl()}/destinations/pagerduty`;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function post(body: unknown, path = ''): Promise<Answer> {
  return postText(JSON.stringify(body), path);
}

async function postText(
  text: string | ReadableStream,
  path = '',
  contentType = 'application/json',
): Promise<Answer> {
  const headers = { 'content-type': contentType };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: text, duplex: 'half' });
  return { status: response.status, body: await response.json() };
}

async function show(): Promise<{ events: Record<string, unknown>[]; incidents: unknown[] }> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return (await response.json()) as { events: Record<string, unknown>[]; incidents: unknown[] };
}

const ROUTING_KEY = 'ab12'.repeat(8);
const trigger = {
  routing_key: ROUTING_KEY,
  event_action: 'trigger',
  dedup_key: 'acme/evt_7',
  payload: { summary: 'Payouts fail', source: 'stripe', severity: 'critical' },
};
const resolve = { routing_key: ROUTING_KEY, event_action: 'resolve', dedup_key: 'acme/evt_7' };
const refusal = (errors: unknown): unknown => ({
  status: 'invalid event',
  message: 'Event object is invalid',
  errors,
});

beforeEach(() => {
  lines.length = 0;
});

afterEach(async () => {
  await app.close();
});

describe('the mock PagerDuty', () => {
  beforeEach(() => start({ THROTTLE_LIMIT: '5' }));

  it.each(['', '/v2/enqueue'])('takes Events API v2 bodies at its path followed by "%s"', async (path) => {
    expect(await post(trigger, path)).toEqual({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: 'acme/evt_7' },
    });
    const { events, incidents } = await show();
    expect(events).toEqual([
      { ...trigger, routing_key: '****ab12', received_at: expect.any(String) as unknown },
    ]);
    const receivedAt = String(events[0]?.received_at);
    expect(new Date(receivedAt).toISOString()).toBe(receivedAt);
    expect(incidents).toEqual([{ dedup_key: 'acme/evt_7', state: 'triggered' }]);
  });

  it('follows an incident from trigger to resolve', async () => {
    const states: unknown[] = [];
    for (const event_action of ['trigger', 'acknowledge', 'resolve', 'trigger']) {
      expect((await post({ ...trigger, event_action })).status).toBe(202);
      states.push((await show()).incidents);
    }
    const row = (state: string): unknown[] => [{ dedup_key: 'acme/evt_7', state }];
    expect(states).toEqual(['triggered', 'acknowledged', 'resolved', 'triggered'].map(row));
    expect((await show()).events).toHaveLength(4);
  });

  it('accepts a resolve through another routing key, and changes nothing by it', async () => {
    await post(trigger);
    expect((await post({ ...resolve, routing_key: 'cd34'.repeat(8) })).status).toBe(202);
    expect((await show()).incidents).toEqual([{ dedup_key: 'acme/evt_7', state: 'triggered' }]);
  });

  it('makes a key for a trigger that has none', async () => {
    const { status, body } = await post({ ...trigger, dedup_key: undefined });
    expect(status).toBe(202);
    const { dedup_key } = body as { dedup_key: string };
    expect(dedup_key).toMatch(/^[0-9a-f]{32}$/);
    expect((await show()).incidents).toEqual([{ dedup_key, state: 'triggered' }]);
  });

  it("takes Signalbox's own events, open and resolved", async () => {
    const event = { event_id: 'evt_9', source: 'stripe', severity: 'critical', summary: 'Payouts fail' };
    expect(await post(event)).toEqual({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: 'default/evt_9' },
    });
    expect((await show()).incidents).toEqual([{ dedup_key: 'default/evt_9', state: 'triggered' }]);
    expect((await post({ ...event, resolved_at: '2031-05-06T07:08:09.000Z' })).status).toBe(202);
    const { events, incidents } = await show();
    expect(incidents).toEqual([{ dedup_key: 'default/evt_9', state: 'resolved' }]);
    expect(events[0]).toMatchObject({ ...event, routing_key: `****${MOCK_ROUTING_KEY.slice(-4)}` });
  });

  it.each<[what: string, body: unknown, errors: string[]]>([
    [
      'a faulty message',
      { ...trigger, payload: { ...trigger.payload, summary: '' } },
      ["'payload.summary' is missing or blank"],
    ],
    ['an array', [trigger], ['Event object must be a JSON object']],
    ['a string', 'trigger', ['Event object must be a JSON object']],
    ['a number', 7, ['Event object must be a JSON object']],
    ['null', null, ['Event object must be a JSON object']],
    [
      'an event without a usable id',
      { event_id: 7, source: 'stripe', severity: 'info', summary: 'x' },
      ["'event_id' must be a string that is not empty"],
    ],
  ])("refuses %s in PagerDuty's shape, and keeps nothing of it", async (_, body, errors) => {
    expect(await post(body)).toEqual({ status: 400, body: refusal(errors) });
    expect(await show()).toEqual({ events: [], incidents: [] });
  });

  it('refuses a request without a body', async () => {
    const response = await fetch(url, { method: 'POST' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual(refusal(['Event object must be a JSON object']));
  });

  /** A valid message of exactly so many bytes. */
  function messageOfBytes(bytes: number): string {
    const empty = JSON.stringify({ ...trigger, filler: '' });
    return JSON.stringify({ ...trigger, filler: 'x'.repeat(bytes - empty.length) });
  }

  it('takes a body of 512 KB, and refuses one byte more with 413', async () => {
    const tooLarge = { status: 413, body: refusal(['Event object is too large (should be at most 512 KB)']) };
    expect((await postText(messageOfBytes(524_288))).status).toBe(202);
    expect(await postText(messageOfBytes(524_289))).toEqual(tooLarge);
    const chunks = new Blob([messageOfBytes(524_289)]).stream();
    expect(await postText(chunks)).toEqual(tooLarge);
    expect((await show()).events).toHaveLength(1);
  });

  it.each<[what: string, text: string, contentType: string, status: number]>([
    ['no JSON', '{"routing_key":', 'application/json', 400],
    ['100,000 levels of nesting', '['.repeat(100_000) + ']'.repeat(100_000), 'application/json', 400],
    ['a form', 'routing_key=x', 'application/x-www-form-urlencoded', 415],
    ['a body beyond the limit of the service', `"${'x'.repeat(1_100_000)}"`, 'application/json', 413],
  ])('answers %s with a 4xx', async (_, text, contentType, status) => {
    expect((await postText(text, '', contentType)).status).toBe(status);
    expect((await show()).events).toEqual([]);
  });

  it.each([
    ['names like __proto__', '"__proto__":{"routing_key":"x"},"constructor":{"prototype":{}}'],
    ['NUL and lone surrogates', '"client":"\\u0000\\ud83d"'],
    ['numbers beyond 2^53', '"extra":123456789012345678901234567890'],
    ['a name twice', '"client":"one","client":"two"'],
  ])('keeps %s harmlessly', async (_, fields) => {
    expect((await postText(JSON.stringify(trigger).replace('{', `{${fields},`))).status).toBe(202);
    expect((await show()).events[0]).toMatchObject({ dedup_key: 'acme/evt_7', routing_key: '****ab12' });
  });

  it('is never throttled', async () => {
    const statuses = new Set<number>();
    for (let request = 0; request < 12; request++) statuses.add((await post(trigger)).status);
    expect([...statuses]).toEqual([202]);
  });

  it('logs what it received and what it refused, and never a routing key', async () => {
    await post(trigger);
    await post({ ...trigger, payload: null });
    expect(lines.filter((line) => line.includes('mock PagerDuty received an event'))).toEqual([
      expect.stringContaining('"dedup_key":"acme/evt_7"'),
    ]);
    expect(lines.filter((line) => line.includes('mock PagerDuty refused an event'))).toEqual([
      expect.stringContaining("'payload' is missing or blank"),
    ]);
    expect(lines.join()).not.toContain(ROUTING_KEY);
  });

  it('documents its routes with examples that it takes itself', async () => {
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(Object.keys(document.paths)).toEqual([
      '/destinations/pagerduty',
      '/destinations/pagerduty/v2/enqueue',
    ]);
    const operation = document.paths['/destinations/pagerduty']?.post;
    expect(Object.keys(operation?.responses ?? {})).toEqual(['202', '400', '404', '413']);
    const { requestBody } = operation as { requestBody: { content: Record<string, { examples: object }> } };
    const examples = Object.values(requestBody.content['application/json']?.examples ?? {}) as {
      value: unknown;
    }[];
    expect(examples).toHaveLength(3);
    for (const { value } of examples) expect((await post(value)).status).toBe(202);
  });
});

describe('with a routing key of PagerDuty', () => {
  beforeEach(() => start({ PAGERDUTY_ROUTING_KEY: ROUTING_KEY }));

  it.each([
    ['POST', ''],
    ['POST', '/v2/enqueue'],
    ['GET', ''],
  ])('there is no mock: %s at its path followed by "%s" is 404', async (method, path) => {
    const body = method === 'POST' ? JSON.stringify(trigger) : null;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method, headers, body });
    expect(response.status).toBe(404);
    const answer = await response.text();
    expect(JSON.parse(answer)).toMatchObject({ statusCode: 404, error: 'Not Found', code: 'not_found' });
    expect(answer).not.toContain(ROUTING_KEY);
  });
});
