import fc from 'fast-check';
import { changeDefinition, readDefinition } from './definition';
import type { DefinitionFault } from '../../http/definition/definition-fields';
import {
  METHODS,
  PRIORITIES,
  type HeartbeatMonitorDefinition,
  type HttpMonitorDefinition,
  type MonitorDefinition,
} from './monitor';

const LEAST = { name: 'Checkout API', url: 'https://api.example.com/health' };

const DEFAULTS: HttpMonitorDefinition = {
  type: 'http',
  name: 'Checkout API',
  url: 'https://api.example.com/health',
  service: null,
  method: 'GET',
  headers: {},
  body: null,
  interval_s: 60,
  retry_s: 15,
  timeout_ms: 10_000,
  failure_threshold: 3,
  success_threshold: 2,
  priority: 'normal',
  severity: 'critical',
  paused: false,
  expect: {
    status: ['200-299'],
    body_contains: null,
    json: {},
    headers: {},
    degraded_above_ms: null,
    down_above_ms: null,
    tls_days_left: null,
  },
};

const FULL: HttpMonitorDefinition = {
  type: 'http',
  name: 'Größe 😀',
  url: 'HTTP://127.0.0.1:8080/a?b=c#d',
  service: 'checkout',
  method: 'POST',
  headers: { Authorization: 'Bearer abc', host: 'other.example.com', 'x-empty': '' },
  body: '{"ping":true}\n',
  interval_s: 1,
  retry_s: 86_400,
  timeout_ms: 999,
  failure_threshold: 1,
  success_threshold: 100,
  priority: 'high',
  severity: 'info',
  paused: true,
  expect: {
    status: ['204', '300-399'],
    body_contains: ' ok\n',
    json: { $: { deep: [{ list: [null, 1.5, 'a'] }] }, '$.a[0]': false },
    headers: { 'Content-Type': 'application/json', 'x-cache': null },
    degraded_above_ms: 100,
    down_above_ms: 101,
    tls_days_left: null,
  },
};

const HEARTBEAT: HeartbeatMonitorDefinition = {
  type: 'heartbeat',
  name: 'Nightly backup',
  service: null,
  period_s: 86_400,
  grace_s: 300,
  severity: 'critical',
  paused: false,
};

function definitionOf(input: unknown): MonitorDefinition {
  const reading = readDefinition(input);
  if ('faults' in reading) throw new Error(JSON.stringify(reading.faults));
  return reading.definition;
}

function faultsOf(reading: ReturnType<typeof readDefinition>): readonly DefinitionFault[] {
  return 'faults' in reading ? reading.faults : [];
}

/** Faults of the least definition with these fields, as sentences. */
function sentences(fields: Record<string, unknown>): string[] {
  return faultsOf(readDefinition({ ...LEAST, ...fields })).map(({ field, message }) => `${field} ${message}`);
}

describe('a definition', () => {
  it('has defaults for all but its name and its URL', () => {
    expect(readDefinition(LEAST)).toEqual({ definition: DEFAULTS });
  });

  it('is what was written', () => {
    expect(readDefinition(FULL)).toEqual({ definition: FULL });
  });

  it('can have all that there is', () => {
    const written: unknown =
      JSON.parse(`{"name":"API","url":"https://api.example.com/","service":"api","method":"GET",
      "headers":{},"body":null,"interval_s":60,"retry_s":15,"timeout_ms":10000,"failure_threshold":3,
      "success_threshold":2,"priority":"normal","severity":"critical","paused":false,"expect":{"status":["200-299"],
      "body_contains":null,"json":{"$.status":"ok"},"headers":{},"degraded_above_ms":null,"down_above_ms":null,
      "tls_days_left":null}}`);
    expect(readDefinition(written)).toEqual({
      definition: {
        ...DEFAULTS,
        name: 'API',
        url: 'https://api.example.com/',
        service: 'api',
        expect: { ...DEFAULTS.expect, json: { '$.status': 'ok' } },
      },
    });
  });

  it('of a heartbeat has defaults for all but its name and its period', () => {
    const { name, period_s } = HEARTBEAT;
    expect(readDefinition({ type: 'heartbeat', name, period_s })).toEqual({ definition: HEARTBEAT });
  });

  it('takes a status that is a number for its text', () => {
    const written = { ...LEAST, expect: { status: [204, '300-399'] } };
    expect(definitionOf(written)).toMatchObject({ expect: { status: ['204', '300-399'] } });
  });

  it('takes a field that is undefined for one that is left out', () => {
    expect(readDefinition({ ...LEAST, service: undefined, expect: undefined })).toEqual({
      definition: DEFAULTS,
    });
  });

  it.each([
    [3_600, 10_000],
    [11, 10_000],
    [10, 8_000],
    [1, 800],
  ])('of an interval of %d s waits %d ms where nothing else is said', (interval_s, timeout_ms) => {
    expect(definitionOf({ ...LEAST, interval_s })).toMatchObject({ interval_s, timeout_ms });
  });

  it('can have a header that is named like what every object has', () => {
    const written: unknown = JSON.parse(JSON.stringify(LEAST).replace('}', ',"headers":{"__proto__":"a"}}'));
    const { headers } = definitionOf(written) as HttpMonitorDefinition;
    expect(Object.entries(headers)).toEqual([['__proto__', 'a']]);
  });
});

const NAME = 'must be text of 1 to 200 characters, without control characters';
const URL_ = 'must be an http or https URL of at most 2048 characters, without space, user name and password';
const VALUE = 'must be the text of a header, at most 4096 characters, without space at its ends';
const STATUS = 'must be a list of 1 to 20 statuses ("204") or ranges of them ("200-299")';
const PATH = 'is no path such as $.checks[0].status';
const OWN = 'belongs to the connection and cannot be set';

describe('a faulty definition', () => {
  it.each([null, undefined, 'text', 1, [], [LEAST]])('is %j', (input) => {
    expect(readDefinition(input)).toEqual({ faults: [{ field: null, message: 'must be an object' }] });
  });

  it.each<[fields: Record<string, unknown>, ...faults: string[]]>([
    [{ name: undefined, url: undefined }, 'name is missing', 'url is missing'],
    [{ type: 'tcp' }, 'type must be one of http, heartbeat'],
    [{ name: '' }, `name ${NAME}`],
    [{ name: ' ' }, `name ${NAME}`],
    [{ name: 'a\nb' }, `name ${NAME}`],
    [{ name: '\ud800' }, `name ${NAME}`],
    [{ name: null }, `name ${NAME}`],
    [{ service: '' }, `service ${NAME}, or null`],
    [{ url: 'ftp://example.com' }, `url ${URL_}`],
    [{ url: 'example.com' }, `url ${URL_}`],
    [{ url: 'https://' }, `url ${URL_}`],
    [{ url: 'https://user:secret@example.com' }, `url ${URL_}`],
    [{ url: ' https://example.com' }, `url ${URL_}`],
    [{ url: 'https://example.com/a\nb' }, `url ${URL_}`],
    [{ method: 'get' }, 'method must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
    [{ headers: [] }, 'headers must be an object'],
    [{ headers: { 'a b': 'c' } }, 'headers.a b is no name of a header'],
    [{ headers: { 'Content-Length': '3' } }, `headers.Content-Length ${OWN}`],
    [{ headers: { Connection: 'close' } }, `headers.Connection ${OWN}`],
    [{ headers: { a: '1', A: '2' } }, 'headers.A is there twice'],
    [{ headers: { a: 'b\r\nc: d' } }, `headers.a ${VALUE}`],
    [{ headers: { a: ' b' } }, `headers.a ${VALUE}`],
    [{ headers: { a: 'b ' } }, `headers.a ${VALUE}`],
    [{ headers: { a: '€' } }, `headers.a ${VALUE}`],
    [{ headers: { a: null } }, `headers.a ${VALUE}`],
    [{ body: 'x' }, 'body must be null where the method is GET'],
    [{ method: 'POST', body: '\0' }, 'body must be text of at most 65536 characters, without NUL, or null'],
    [{ interval_s: 0 }, 'interval_s must be a whole number from 1 to 86400'],
    [{ interval_s: 86_401 }, 'interval_s must be a whole number from 1 to 86400'],
    [{ interval_s: 1.5 }, 'interval_s must be a whole number from 1 to 86400'],
    [{ interval_s: '60' }, 'interval_s must be a whole number from 1 to 86400'],
    [{ retry_s: 0 }, 'retry_s must be a whole number from 1 to 86400'],
    [{ interval_s: 10, timeout_ms: 10_000 }, 'timeout_ms must be below the interval'],
    [{ failure_threshold: 0 }, 'failure_threshold must be a whole number from 1 to 100'],
    [{ success_threshold: 101 }, 'success_threshold must be a whole number from 1 to 100'],
    [{ priority: 'urgent' }, 'priority must be one of low, normal, high'],
    [{ severity: 'error' }, 'severity must be one of info, warning, critical'],
    [{ paused: 'no' }, 'paused must be true or false'],
    [{ severty: 'info' }, 'severty is no field of a monitor of type http'],
    [{ period_s: 60 }, 'period_s is no field of a monitor of type http'],
  ])('with %j is told what is wrong', (fields, ...faults) => {
    expect(sentences(fields)).toEqual(faults);
  });

  it.each<[expect: unknown, ...faults: string[]]>([
    [null, 'expect must be an object'],
    [{ statsu: [] }, 'expect.statsu is no field of expect'],
    [{ status: [] }, `expect.status ${STATUS}`],
    [{ status: '200' }, `expect.status ${STATUS}`],
    [{ status: ['2xx'] }, `expect.status ${STATUS}`],
    [{ status: ['299-200'] }, `expect.status ${STATUS}`],
    [{ status: ['99'] }, `expect.status ${STATUS}`],
    [{ status: [1e21] }, `expect.status ${STATUS}`],
    [{ body_contains: '' }, 'expect.body_contains must be text of 1 to 1000 characters, or null'],
    [{ json: { status: 'ok' } }, `expect.json.status ${PATH}`],
    [{ json: { '$.*': 1 } }, `expect.json.$.* ${PATH}`],
    [{ json: { $: NaN } }, 'expect.json.$ must be a JSON value of at most 1000 characters and 8 levels'],
    [{ headers: { a: 1 } }, `expect.headers.a ${VALUE}, or null`],
    [
      { degraded_above_ms: 'slow' },
      'expect.degraded_above_ms must be a whole number from 1 to 86400000, "auto", or null',
    ],
    [{ down_above_ms: 'auto' }, 'expect.down_above_ms must be a whole number from 1 to 86400000, or null'],
    [{ degraded_above_ms: 5, down_above_ms: 5 }, 'expect.degraded_above_ms must be below down_above_ms'],
    [{ tls_days_left: 0 }, 'expect.tls_days_left must be a whole number from 1 to 1000, or null'],
  ])('that expects %j is told what is wrong', (expect_, ...faults) => {
    expect(sentences({ expect: expect_ })).toEqual(faults);
  });

  it('is told where there is too much of something', () => {
    expect(sentences({ name: '😀'.repeat(200) })).toEqual([]);
    expect(sentences({ name: '😀'.repeat(201) })).toEqual([`name ${NAME}`]);
    expect(sentences({ url: `https://example.com/${'a'.repeat(2_028)}` })).toEqual([]);
    expect(sentences({ url: `https://example.com/${'a'.repeat(2_029)}` })).toEqual([`url ${URL_}`]);
    const json = 'expect.json.$ must be a JSON value of at most 1000 characters and 8 levels';
    expect(sentences({ expect: { json: { $: 'x'.repeat(998) } } })).toEqual([]);
    expect(sentences({ expect: { json: { $: 'x'.repeat(999) } } })).toEqual([json]);
    const name = `${'x'.repeat(63)}…`;
    expect(sentences({ ['x'.repeat(100)]: 1 })).toEqual([`${name} is no field of a monitor of type http`]);
  });

  it('cannot expect what there is not', () => {
    const method = 'method is HEAD, whose answer has no body to look at';
    expect(sentences({ method: 'HEAD', expect: { body_contains: 'a' } })).toEqual([method]);
    expect(sentences({ method: 'HEAD', expect: { json: { $: 1 } } })).toEqual([method]);
    const tls = 'expect.tls_days_left must be null where the URL is not https';
    expect(sentences({ url: 'http://a.example', expect: { tls_days_left: 7 } })).toEqual([tls]);
  });

  it('has a limit to how many names its writer can choose', () => {
    const names = Array.from({ length: 60 }, (_, index) => `x-${index}`);
    const headers = Object.fromEntries(names.map((name) => [name, 'a']));
    const json = Object.fromEntries(names.map((name) => [`$.${name}`, 'a']));
    expect(sentences({ headers })[0]).toBe('headers.x-50 is one too many: there can be 50');
    expect(sentences({ expect: { json } })[0]).toBe('expect.json.$.x-20 is one too many: there can be 20');
  });

  it('is told twenty of its faults, those of known fields first', () => {
    const others = Array.from({ length: 100 }, (_, index) => [`x${index}`, 1] as const);
    const all = sentences({ ...Object.fromEntries(others), interval_s: 0 });
    expect(all).toHaveLength(20);
    expect(all[0]).toBe('interval_s must be a whole number from 1 to 86400');
  });

  it('of a heartbeat is told what is wrong', () => {
    const heartbeat = { type: 'heartbeat', name: 'Backup', url: 'https://a.example', grace_s: -1 };
    expect(faultsOf(readDefinition(heartbeat))).toEqual([
      { field: 'period_s', message: 'is missing' },
      { field: 'grace_s', message: 'must be a whole number from 0 to 31622400' },
      { field: 'url', message: 'is no field of a monitor of type heartbeat' },
    ]);
  });
});

describe('a change', () => {
  it('replaces the fields that it has, within expect too', () => {
    const change = {
      interval_s: 30,
      service: null,
      headers: { a: 'b' },
      paused: undefined,
      expect: { down_above_ms: null, json: { $: 1 } },
    };
    expect(changeDefinition(FULL, change)).toEqual({
      definition: {
        ...FULL,
        interval_s: 30,
        service: null,
        headers: { a: 'b' },
        expect: { ...FULL.expect, down_above_ms: null, json: { $: 1 } },
      },
    });
  });

  it('of nothing leaves a definition as it is', () => {
    for (const known of [DEFAULTS, FULL, HEARTBEAT]) {
      expect(changeDefinition(known, {})).toEqual({ definition: known });
      expect(changeDefinition(known, { type: known.type })).toEqual({ definition: known });
    }
  });

  it('is judged by what comes of it', () => {
    expect(changeDefinition(DEFAULTS, { interval_s: 5 })).toEqual({
      faults: [{ field: 'timeout_ms', message: 'must be below the interval' }],
    });
    expect(changeDefinition(DEFAULTS, { interval_s: 5, timeout_ms: 1_000 })).toEqual({
      definition: { ...DEFAULTS, interval_s: 5, timeout_ms: 1_000 },
    });
  });

  it.each<[known: MonitorDefinition, change: unknown, fault: DefinitionFault]>([
    [DEFAULTS, null, { field: null, message: 'must be an object' }],
    [DEFAULTS, { type: 'heartbeat' }, { field: 'type', message: 'cannot be changed: it is http' }],
    [DEFAULTS, { expect: null }, { field: 'expect', message: 'must be an object' }],
    [DEFAULTS, { name: null }, { field: 'name', message: NAME }],
    [DEFAULTS, { expect: { x: 1 } }, { field: 'expect.x', message: 'is no field of expect' }],
    [HEARTBEAT, { expect: {} }, { field: 'expect', message: 'is no field of a monitor of type heartbeat' }],
  ])('is refused with its faults', (known, change, fault) => {
    expect(changeDefinition(known, change)).toEqual({ faults: [fault] });
  });
});

const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }).filter((text) => {
  return text.trim() !== '' && !/\p{Cc}/u.test(text);
});
const anyHeaders = fc.dictionary(
  fc.stringMatching(/^x-[a-z]{1,9}$/),
  fc.stringMatching(/^[a-z]([ a-z]*[a-z])?$/),
);
const anyThreshold = fc.integer({ min: 1, max: 100 });

const anyHttp: fc.Arbitrary<HttpMonitorDefinition> = fc
  .record({
    type: fc.constant('http' as const),
    name: anyText,
    url: fc.webUrl({ withQueryParameters: true, validSchemes: ['https'] }),
    service: fc.option(anyText),
    method: fc.constantFrom(...METHODS.filter((method) => method !== 'HEAD')),
    headers: anyHeaders,
    body: fc.option(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))),
    interval_s: fc.integer({ min: 1, max: 86_400 }),
    retry_s: fc.integer({ min: 1, max: 86_400 }),
    timeout_ms: fc.integer({ min: 1, max: 999 }),
    failure_threshold: anyThreshold,
    success_threshold: anyThreshold,
    priority: fc.constantFrom(...PRIORITIES),
    severity: fc.constantFrom('info', 'warning', 'critical'),
    paused: fc.boolean(),
    expect: fc.record({
      status: fc.array(fc.integer({ min: 100, max: 999 }).map(String), { minLength: 1, maxLength: 20 }),
      body_contains: fc.option(anyText),
      json: fc.dictionary(fc.stringMatching(/^\$\.[a-z]{1,9}$/), anyText, { maxKeys: 20 }),
      headers: fc.dictionary(fc.stringMatching(/^y-[a-z]{1,9}$/), fc.constantFrom('a', null)),
      degraded_above_ms: fc.constantFrom(null, 'auto' as const, 5),
      down_above_ms: fc.constantFrom(null, 6),
      tls_days_left: fc.option(anyThreshold),
    }),
  })
  .map((definition) => (definition.method === 'GET' ? { ...definition, body: null } : definition));

describe('whatever is written', () => {
  it('is the same when it is read again, and after it was JSON', () => {
    fc.assert(
      fc.property(anyHttp, (written) => {
        const definition = definitionOf(written);
        expect(definition).toEqual(written);
        expect(definitionOf(JSON.parse(JSON.stringify(definition)))).toEqual(definition);
      }),
    );
  });

  it('is a definition or has faults with names and sentences, and nothing throws', () => {
    const anyInput = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.constantFrom(...Object.keys(FULL), 'period_s', '__proto__'), fc.anything()),
      fc.record({ expect: fc.dictionary(fc.constantFrom(...Object.keys(FULL.expect)), fc.anything()) }),
    );
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const reading of [readDefinition(input), changeDefinition(DEFAULTS, input)]) {
          if ('definition' in reading) expect(readDefinition(reading.definition)).toEqual(reading);
          else expect(reading.faults.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});
