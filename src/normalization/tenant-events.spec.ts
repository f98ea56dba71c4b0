import fc from 'fast-check';
import { InvalidJsonError } from './json-document';
import { KINDS, SEVERITIES } from './normalized-event';
import { storable } from './plain-text';
import { normalizeTenantPost, TenantPostError, type EventFault } from './tenant-events';

const AT = '2026-01-15T10:40:00.000Z';

const makeEventId = (accountId: string, index: number): string => `made-${accountId}-${index}`;

function normalize(post: unknown): ReturnType<typeof normalizeTenantPost> {
  return normalizeTenantPost({ body: typeof post === 'string' ? post : JSON.stringify(post), makeEventId });
}

function refusalOf(post: unknown): TenantPostError {
  try {
    normalize(post);
  } catch (error) {
    if (error instanceof TenantPostError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const faultsOf = (post: unknown): readonly EventFault[] => refusalOf(post).faults;

/** What a tenant must say, and the given changes. */
function element(changes: object = {}): Record<string, unknown> {
  return { account_id: 'acme', user_id: 'user-17', type: 'checkout.failed', timestamp: AT, ...changes };
}

describe("a tenant's event", () => {
  it('becomes an activity of severity info where it does not say otherwise', () => {
    const document = element();
    expect(normalize(document)).toEqual([
      {
        account_id: 'acme',
        event_id: 'made-acme-0',
        source: 'app',
        kind: 'activity',
        severity: 'info',
        service: 'app',
        type: 'checkout.failed',
        user_id: 'user-17',
        summary: 'acme: checkout.failed (user-17)',
        description: null,
        started_at: Date.parse(AT),
        resolved_at: null,
        updated_at: Date.parse(AT),
        raw: JSON.stringify(document),
      },
    ]);
  });

  it('is what it says it is', () => {
    const document = element({
      event_id: 'evt-1',
      severity: 'critical',
      kind: 'incident',
      resolved_at: '2026-01-15T11:00:00+00:00',
      metadata: { message: 'Card processor is down', description: 'Since the last deploy' },
    });
    expect(normalize(document)).toEqual([
      {
        account_id: 'acme',
        event_id: 'evt-1',
        source: 'app',
        kind: 'incident',
        severity: 'critical',
        service: 'app',
        type: 'checkout.failed',
        user_id: 'user-17',
        summary: 'acme: checkout.failed: Card processor is down',
        description: 'Since the last deploy',
        started_at: Date.parse(AT),
        resolved_at: Date.parse('2026-01-15T11:00:00Z'),
        updated_at: Date.parse(AT),
        raw: JSON.stringify(document),
      },
    ]);
  });

  it.each<[string, object, string]>([
    ['the shortest of several', { message: 'm', title: 't', summary: 's' }, ': s'],
    ['a title', { message: 'm', title: 't' }, ': t'],
    ['an error', { error: 'declined' }, ': declined'],
    ['a reason', { reason: 'no funds' }, ': no funds'],
    ['one line of several', { message: ' two\n\tlines ' }, ': two lines'],
    ['the next best for one that is blank', { summary: ' ', message: 'm' }, ': m'],
    ['the user where there are no words', { message: { text: 'm' }, title: 7 }, ' (user-17)'],
    ['what is left of half a surrogate pair', { message: 'a\ud800' }, ': a\ufffd'],
  ])('is summed up by its type and %s', (_, metadata, words) => {
    expect(normalize(element({ metadata }))).toMatchObject([{ summary: `acme: checkout.failed${words}` }]);
  });

  it('has a summary and a description of bounded length', () => {
    const [event] = normalize(
      element({ metadata: { message: '😀'.repeat(90_000), description: 'd'.repeat(90_000) } }),
    );
    expect([...event!.summary]).toHaveLength(1_024);
    expect(event!.summary.endsWith('😀…')).toBe(true);
    expect(event!.description).toBe(`${'d'.repeat(9_999)}…`);
  });

  it.each([' ', 7, null, ['x']])('has no description where metadata has %j for one', (description) => {
    expect(normalize(element({ metadata: { description } }))).toMatchObject([{ description: null }]);
  });

  it('stores text that no database refuses, and keeps in raw what was sent', () => {
    const body = JSON.stringify(element({ user_id: 'a\0b', type: 'x\udfff' }));
    const [event] = normalize(body);
    expect(event).toMatchObject({
      user_id: 'a\ufffdb',
      type: 'x\ufffd',
      summary: 'acme: x\ufffd (a\ufffdb)',
      raw: body,
    });
  });

  it('counts characters, and not the units that JavaScript stores them in', () => {
    const document = element({ user_id: '😀'.repeat(256), type: '😀'.repeat(200) });
    expect(normalize(document)).toMatchObject([{ type: '😀'.repeat(200) }]);
  });
});

describe("a tenant's post", () => {
  const list = [element({ event_id: 'a' }), element({ event_id: 'b' })];

  it.each<[string, unknown]>([
    ['a list', list],
    ['a list as a member', { events: list }],
  ])('holds its events in order as %s', (_, post) => {
    expect(normalize(post).map(({ event_id, raw }) => [event_id, raw])).toEqual([
      ['a', JSON.stringify(list[0])],
      ['b', JSON.stringify(list[1])],
    ]);
  });

  it('keeps each event exactly as it was sent', () => {
    const one = `{"n": 1, "account_id":"acme","user_id":"u","type":"t","timestamp":"${AT}"}`.replace(
      '"n": 1, ',
      '',
    );
    const exact = one.replace('{', '{ "metadata" : {"order": 12345678901234567890, "a": 1, "a": 2} , ');
    for (const body of [`\n${exact} `, `[${exact} , ${one}]`, `{"events": [\n${exact}\n,${one}]}`]) {
      expect(normalize(body)[0]!.raw).toBe(exact);
    }
  });

  it('gives an id to events that bring none, by account and place', () => {
    const post = [element(), element({ event_id: 'mine' }), element({ account_id: 'other' })];
    expect(normalize(post).map(({ event_id }) => event_id)).toEqual(['made-acme-0', 'mine', 'made-other-2']);
  });

  it('holds a thousand events and no more', () => {
    expect(normalize(Array(1_000).fill(element()))).toHaveLength(1_000);
    const { fault, message } = refusalOf(Array(1_001).fill(element()));
    expect([fault, message]).toEqual(['too_many_events', 'A post holds at most 1000 events.']);
  });

  it.each<[object]>([[[]], [{ events: [] }]])('is refused where it holds no event: %j', (post) => {
    expect(refusalOf(post)).toMatchObject({ fault: 'no_events', faults: [] });
  });

  it.each([
    'null',
    '7',
    '"text"',
    'true',
    '{"events":{}}',
    '{"events":null}',
    '{"events":[1],"more":1}',
    `{"events":[],"__proto__":[]}`,
  ])('is refused where it is %s', (body) => {
    expect(refusalOf(body)).toMatchObject({ fault: 'not_events', faults: [] });
  });

  it.each(['', '{', '[{}', `${'['.repeat(200)}${']'.repeat(200)}`])(
    'is refused where its JSON is none: %s',
    (body) => {
      expect(() => normalize(body)).toThrow(InvalidJsonError);
    },
  );

  it('names the event and the field that are at fault', () => {
    const { fault, message, faults } = refusalOf([element(), element({ severity: 'fatal' })]);
    expect([fault, message]).toEqual([
      'invalid_event',
      'events[1].severity must be one of info, warning, critical.',
    ]);
    expect(faults).toEqual([
      { index: 1, field: 'severity', message: 'must be one of info, warning, critical' },
    ]);
  });

  it('names further faults in their order', () => {
    const { message, faults } = refusalOf([7, {}, element({ severty: 'critical', metadata: [] })]);
    expect(message).toBe('events[0] must be an object; see faults for the others.');
    expect(faults).toEqual([
      { index: 0, field: null, message: 'must be an object' },
      { index: 1, field: 'account_id', message: 'is missing' },
      { index: 1, field: 'user_id', message: 'is missing' },
      { index: 1, field: 'type', message: 'is missing' },
      { index: 1, field: 'timestamp', message: 'is missing' },
      { index: 2, field: 'severty', message: 'is no field of an event' },
      { index: 2, field: 'metadata', message: 'must be an object' },
    ]);
  });

  it('names ten faults of however many', () => {
    const names = Array.from({ length: 50_000 }, (_, index) => [`x${index}`, 0] as const);
    expect(faultsOf(element(Object.fromEntries(names))).map(({ field }) => field)).toEqual(
      Array.from({ length: 10 }, (_, index) => `x${index}`),
    );
    expect(faultsOf([{}, {}, {}, {}])).toHaveLength(10);
  });

  it('repeats unknown names in a bounded and harmless form', () => {
    const [long, broken] = faultsOf(element({ ['x'.repeat(100_000)]: 1, '\ud800\0': 1 }));
    expect(long!.field).toBe(`${'x'.repeat(63)}…`);
    expect(broken!.field).toBe('\ufffd\ufffd');
  });

  it.each<[string, unknown, string]>([
    ['event_id', '', 'must be 1 to 1024 bytes of text without NUL'],
    ['event_id', 'é'.repeat(513), 'must be 1 to 1024 bytes of text without NUL'],
    ['event_id', 'a\0', 'must be 1 to 1024 bytes of text without NUL'],
    ['event_id', '\ud800', 'must be 1 to 1024 bytes of text without NUL'],
    ['event_id', null, 'must be 1 to 1024 bytes of text without NUL'],
    ['event_id', 7, 'must be 1 to 1024 bytes of text without NUL'],
    ['user_id', '', 'must be text of 1 to 256 characters'],
    ['user_id', ' \n', 'must be text of 1 to 256 characters'],
    ['user_id', 'u'.repeat(257), 'must be text of 1 to 256 characters'],
    ['user_id', '😀'.repeat(257), 'must be text of 1 to 256 characters'],
    ['user_id', 17, 'must be text of 1 to 256 characters'],
    ['user_id', null, 'must be text of 1 to 256 characters'],
    ['type', 't'.repeat(201), 'must be text of 1 to 200 characters'],
    ['type', ['t'], 'must be text of 1 to 200 characters'],
    ['metadata', null, 'must be an object'],
    ['metadata', [], 'must be an object'],
    ['metadata', 'text', 'must be an object'],
    ['severity', 'error', 'must be one of info, warning, critical'],
    ['severity', null, 'must be one of info, warning, critical'],
    ['severity', ['critical'], 'must be one of info, warning, critical'],
    ['kind', 'outage', 'must be one of incident, status, payment, activity'],
    ['kind', null, 'must be one of incident, status, payment, activity'],
  ])('is refused for %s %j', (field, value, message) => {
    expect(faultsOf(element({ [field]: value }))).toEqual([{ index: 0, field, message }]);
  });

  it.each(['', ' ', '-a', '.a', 'a/b', 'a b', 'ä', 'a'.repeat(65), 'a\n', null, 7, ['acme'], {}])(
    'is refused for account_id %j',
    (account_id) => {
      expect(faultsOf(element({ account_id }))).toEqual([
        { index: 0, field: 'account_id', message: expect.stringMatching(/^must be 1 to 64 /) as unknown },
      ]);
    },
  );

  it.each([
    null,
    1_768_473_600_000,
    1_768_473_600,
    '1768473600',
    '2026-01-15',
    '2026-01-15T10:40:00',
    '2026-02-30T00:00:00Z',
  ])('is refused for timestamp %j', (timestamp) => {
    const message = 'must be an instant of ISO 8601 with its zone, such as 2026-01-15T10:40:00.000Z';
    expect(faultsOf(element({ timestamp }))).toEqual([{ index: 0, field: 'timestamp', message }]);
    if (timestamp === null) return;
    expect(faultsOf(element({ resolved_at: timestamp }))).toEqual([
      { index: 0, field: 'resolved_at', message: `${message}, or null` },
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'is refused for the field %s, which every object has',
    (field) => {
      const body = JSON.stringify(element()).replace('{', `{"${field}":{"severity":"critical"},`);
      expect(faultsOf(body)).toEqual([{ index: 0, field, message: 'is no field of an event' }]);
    },
  );
});

describe('whatever a tenant posts', () => {
  it('makes events, or one of the declared refusals', () => {
    const almost = fc.record(
      {
        event_id: fc.jsonValue(),
        account_id: fc.oneof(fc.constant('acme'), fc.jsonValue()),
        user_id: fc.oneof(fc.constant('u'), fc.jsonValue()),
        type: fc.oneof(fc.constant('t'), fc.jsonValue()),
        timestamp: fc.oneof(fc.constant(AT), fc.jsonValue()),
        metadata: fc.oneof(fc.constant({}), fc.jsonValue()),
        severity: fc.oneof(fc.constantFrom(...SEVERITIES), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const posts = fc.oneof(fc.jsonValue(), almost, fc.array(almost), fc.record({ events: fc.array(almost) }));
    fc.assert(
      fc.property(posts, (post) => {
        try {
          expect(normalize(JSON.stringify(post)).length).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof TenantPostError)) throw error;
          expect(error.faults.length).toBeLessThanOrEqual(10);
          expect(error.faults.length > 0).toBe(error.fault === 'invalid_event');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is normalized to what every database stores, where it is valid', () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 90 })
      .filter((value) => value.trim() !== '');
    const instant = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') });
    const valid = fc.record(
      {
        event_id: fc.string({ unit: 'binary', minLength: 1 }).map((id) => storable(id)),
        account_id: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
        user_id: text,
        type: text,
        timestamp: instant.map((at) => at.toISOString()),
        metadata: fc.dictionary(
          fc.oneof(fc.constantFrom('summary', 'message', 'description'), text),
          fc.jsonValue(),
        ),
        severity: fc.constantFrom(...SEVERITIES),
        kind: fc.constantFrom(...KINDS),
        resolved_at: fc.option(instant.map((at) => at.toISOString())),
      },
      { requiredKeys: ['account_id', 'user_id', 'type', 'timestamp'] },
    );
    fc.assert(
      fc.property(fc.array(valid, { minLength: 1, maxLength: 5 }), (elements) => {
        const events = normalize(elements);
        expect(events.map(({ raw }) => JSON.parse(raw) as unknown)).toEqual(
          JSON.parse(JSON.stringify(elements)),
        );
        for (const [index, event] of events.entries()) {
          const { event_id, severity = 'info', kind = 'activity', timestamp } = elements[index]!;
          expect(event).toMatchObject({ severity, kind, updated_at: Date.parse(timestamp), source: 'app' });
          expect(event.event_id).toBe(event_id ?? makeEventId(event.account_id, index));
          for (const value of Object.values(event))
            if (typeof value === 'string') expect(storable(value)).toBe(value);
          expect([...event.summary].length).toBeLessThanOrEqual(1_024);
          expect(event.summary.trim()).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });
});
