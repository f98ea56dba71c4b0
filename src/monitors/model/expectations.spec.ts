import { readDefinition } from './definition';
import { isExpectedStatus, judge, needsBody, resultOfFault, type Answer } from './expectations';
import type { CheckResult, Expectations } from './monitor';

const AT = Date.UTC(2031, 4, 6);

const ANSWER: Answer = {
  started_at: AT,
  duration_ms: 120.5,
  timings: { dns_ms: 10, connect_ms: 20, tls_ms: 30, first_byte_ms: 50, total_ms: 120.5 },
  http_status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8', server: 'nginx' },
  body: '{"status":"ok","checks":[{"up":true}]}',
  is_body_cut: false,
  tls_days_left: 30,
};

/** `expect` as its owner would write it. */
function expecting(expect: Record<string, unknown>): Expectations {
  const reading = readDefinition({ name: 'API', url: 'https://api.example.com/', expect });
  if ('faults' in reading || reading.definition.type !== 'http') throw new Error(JSON.stringify(reading));
  return reading.definition.expect;
}

function judged(
  expect: Record<string, unknown>,
  answer: Partial<Answer> = {},
  learned: number | null = null,
) {
  const {
    class: resultClass,
    reason,
    failed,
    limit_ms,
  } = judge({ ...ANSWER, ...answer }, expecting(expect), learned);
  return { class: resultClass, reason, failed, limit_ms };
}

const UP = { class: 'up', reason: null, failed: [], limit_ms: null };

function down(reason: string, expectation: string, wanted: string, seen: string | null) {
  return { class: 'down', reason, failed: [{ expectation, wanted, seen }], limit_ms: null };
}

function degraded(reason: string, wanted: string, seen: string | null) {
  return { ...down(reason, reason, wanted, seen), class: 'degraded' };
}

describe('an answer that is as expected', () => {
  it('is up, with everything that was measured', () => {
    const { started_at, duration_ms, timings, http_status, tls_days_left } = ANSWER;
    expect(judge(ANSWER, expecting({}), null)).toEqual<CheckResult>({
      class: 'up',
      reason: null,
      failed: [],
      started_at,
      duration_ms,
      timings,
      http_status,
      tls_days_left,
      limit_ms: null,
    });
  });

  it.each<[what: string, expect: Record<string, unknown>]>([
    ['one of several statuses', { status: ['404', '200-204'] }],
    ['text in the body', { body_contains: '"ok"' }],
    [
      'values in the body',
      { json: { '$.status': 'ok', '$.checks[0].up': true, '$.checks': [{ up: true }] } },
    ],
    ['the whole body', { json: { $: { checks: [{ up: true }], status: 'ok' } } }],
    ['a header, by a name in any case', { headers: { Server: 'nginx' } }],
    ['a header before its parameters', { headers: { 'content-type': 'application/json' } }],
    ['a header with its parameters', { headers: { 'content-type': 'application/json; charset=utf-8' } }],
    ['no such header', { headers: { 'x-cache': null } }],
    ['limits that are just met', { degraded_above_ms: 121, down_above_ms: 122 }],
    ['days that are just left', { tls_days_left: 30 }],
  ])('is up by %s', (_what, expect_) => {
    expect(judged(expect_)).toEqual(UP);
  });
});

describe('an answer that is not as expected', () => {
  it.each<[what: string, expect: Record<string, unknown>, answer: Partial<Answer>, result: unknown]>([
    ['a status', { status: [204, '300-302'] }, {}, down('status', 'status', '204, 300-302', '200')],
    ['a text', { body_contains: 'fine' }, {}, down('body_contains', 'body_contains', 'fine', ANSWER.body)],
    [
      'a text in other case',
      { body_contains: 'OK' },
      {},
      down('body_contains', 'body_contains', 'OK', ANSWER.body),
    ],
    [
      'an empty body',
      { body_contains: 'a' },
      { body: '' },
      down('body_contains', 'body_contains', 'a', null),
    ],
    ['a value', { json: { '$.status': 'up' } }, {}, down('json', 'json.$.status', '"up"', '"ok"')],
    [
      'a value’s type',
      { json: { '$.checks[0].up': 'true' } },
      {},
      down('json', 'json.$.checks[0].up', '"true"', 'true'),
    ],
    ['a missing value', { json: { '$.state': null } }, {}, down('json', 'json.$.state', 'null', null)],
    ['HTML', { json: { $: {} } }, { body: '<p>' }, down('json', 'json', 'a JSON body', '<p>')],
    ['no body', { json: { $: {} } }, { body: '' }, down('json', 'json', 'a JSON body', null)],
    [
      'a body too long to be read whole',
      { json: { $: {} } },
      { body: '{}', is_body_cut: true },
      down('json', 'json', 'a JSON body, short enough to be read whole', '{}'),
    ],
    ['a header', { headers: { Server: 'caddy' } }, {}, down('headers', 'headers.Server', 'caddy', 'nginx')],
    [
      'a header in part',
      { headers: { server: 'ngin' } },
      {},
      down('headers', 'headers.server', 'ngin', 'nginx'),
    ],
    ['a missing header', { headers: { 'x-a': '1' } }, {}, down('headers', 'headers.x-a', '1', null)],
    [
      'no header of an object’s own',
      { headers: { constructor: 'x' } },
      {},
      down('headers', 'headers.constructor', 'x', null),
    ],
    [
      'a header too many',
      { headers: { server: null } },
      {},
      down('headers', 'headers.server', 'no such header', 'nginx'),
    ],
    [
      'a slow one',
      { down_above_ms: 120 },
      {},
      down('down_above_ms', 'down_above_ms', 'at most 120 ms', '121 ms'),
    ],
  ])('is down by %s', (_what, expect_, answer, result) => {
    expect(judged(expect_, answer)).toEqual(result);
  });

  it.each<[what: string, expect: Record<string, unknown>, answer: Partial<Answer>, result: unknown]>([
    ['a slow one', { degraded_above_ms: 120 }, {}, degraded('degraded_above_ms', 'at most 120 ms', '121 ms')],
    [
      'a certificate that ends soon',
      { tls_days_left: 31 },
      {},
      degraded('tls_days_left', 'at least 31 days', '30 days'),
    ],
    [
      'a redirect out of TLS',
      { tls_days_left: 1 },
      { tls_days_left: null },
      degraded('tls_days_left', 'at least 1 days', null),
    ],
  ])('is no more than degraded by %s', (_what, expect_, answer, result) => {
    expect(judged(expect_, answer)).toEqual(result);
  });

  it('tells all that is wrong, and first what makes it down', () => {
    const all = {
      status: ['204'],
      json: { '$.status': 'x', '$.b': 1 },
      degraded_above_ms: 1,
      tls_days_left: 99,
    };
    const { class: resultClass, reason, failed } = judged({ ...all, down_above_ms: 100 });
    expect({ resultClass, reason, failed: failed.map(({ expectation }) => expectation) }).toEqual({
      resultClass: 'down',
      reason: 'status',
      failed: ['status', 'json.$.status', 'json.$.b', 'down_above_ms', 'degraded_above_ms', 'tls_days_left'],
    });
  });

  it('is shown cut, and without what no database keeps', () => {
    const body = `\0${'😀'.repeat(1_000)}`;
    const [fault] = judged({ body_contains: 'ok' }, { body }).failed;
    expect(fault?.seen).toBe(`\ufffd${'😀'.repeat(198)}…`);
  });

  it('is judged whatever it sends as JSON', () => {
    const body = `{"status":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(judged({ json: { '$.status': 'ok' } }, { body })).toMatchObject({ class: 'down', reason: 'json' });
  });
});

describe('a limit of time', () => {
  const AUTO = { degraded_above_ms: 'auto' };

  it('makes what takes longer degraded, and is told', () => {
    const result = degraded('degraded_above_ms', 'at most 120 ms', '121 ms');
    expect(judged(AUTO, {}, 120)).toEqual({ ...result, limit_ms: 120 });
    expect(judged(AUTO, {}, 121)).toEqual({ ...UP, limit_ms: 121 });
  });

  it('is passed by what takes longer, not by what takes as long', () => {
    const limits = { degraded_above_ms: 200, down_above_ms: 300 };
    const classes = [200, 200.1, 300, 300.1].map((duration_ms) => judged(limits, { duration_ms }).class);
    expect(classes).toEqual(['up', 'degraded', 'degraded', 'down']);
    expect(judged(AUTO, { duration_ms: 120 }, 120).class).toBe('up');
  });

  it('is none while too little is known', () => {
    expect(judged(AUTO, { duration_ms: 1e6 }, null)).toEqual(UP);
  });

  it('is of no account where the monitor has a limit of its own', () => {
    expect(judged({ degraded_above_ms: 500 }, {}, 1)).toEqual(UP);
    expect(judged({}, {}, 1)).toEqual(UP);
  });
});

describe('a check without an answer', () => {
  it.each(['down', 'unknown'] as const)('is %s by its reason', (resultClass) => {
    const fault = {
      class: resultClass,
      reason: 'timeout',
      started_at: AT,
      duration_ms: 10_000,
      timings: null,
    };
    expect(resultOfFault(fault)).toEqual<CheckResult>({
      class: resultClass,
      reason: 'timeout',
      failed: [],
      started_at: AT,
      duration_ms: 10_000,
      timings: null,
      http_status: null,
      tls_days_left: null,
      limit_ms: null,
    });
  });
});

describe('what a check has to do', () => {
  it('reads the body only where something is expected of it', () => {
    expect(needsBody(expecting({}))).toBe(false);
    expect(needsBody(expecting({ body_contains: 'a' }))).toBe(true);
    expect(needsBody(expecting({ json: { $: 1 } }))).toBe(true);
  });

  it('follows a redirect unless it is what is expected', () => {
    expect(isExpectedStatus(expecting({}), 301)).toBe(false);
    expect(isExpectedStatus(expecting({ status: ['300-399'] }), 301)).toBe(true);
  });
});
