import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NormalizedEvent } from './normalized-event';
import { normalizePage, type PageReading } from './statuspage';
import { readSummary } from './statuspage-document';
import { EMPTY_MEMORY } from './statuspage-memory';

const PAGE = { name: 'acme', source: 'acme_status' };
const NOW = Date.parse('2031-03-01T12:00:00Z');
const at = (time: string): number => Date.parse(`2031-03-01T${time}Z`);

const INCIDENT = {
  id: 'inc1',
  name: 'Slow payments',
  status: 'investigating',
  impact: 'major',
  created_at: '2031-03-01T10:00:00.000Z',
  started_at: '2031-03-01T09:55:00.000Z',
  updated_at: '2031-03-01T11:00:00.000Z',
  resolved_at: null,
};
const COMPONENT = {
  id: 'cmp1',
  name: 'API',
  status: 'partial_outage',
  group: false,
  updated_at: '2031-03-01T11:30:00.000Z',
};
const MAINTENANCE = {
  id: 'mnt1',
  name: 'Database upgrade',
  status: 'in_progress',
  impact: 'maintenance',
  created_at: '2031-02-20T10:00:00.000Z',
  updated_at: '2031-03-01T11:45:00.000Z',
  scheduled_for: '2031-03-01T11:45:00.000Z',
};

/** The first poll of a page with this document. */
function read(lists: object): PageReading {
  const summary = readSummary(JSON.stringify({ page: { id: 'p' }, incidents: [], ...lists }));
  return normalizePage({ page: PAGE, summary, incidents: null, memory: EMPTY_MEMORY, now: NOW });
}

function eventOf(lists: object): NormalizedEvent {
  const [event, ...others] = read(lists).events;
  if (event === undefined || others.length > 0) throw new Error('expected one event');
  return event;
}

const incident = (changes: object): NormalizedEvent => eventOf({ incidents: [{ ...INCIDENT, ...changes }] });
const component = (changes: object): NormalizedEvent =>
  eventOf({ components: [{ ...COMPONENT, ...changes }] });
const maintenance = (changes: object): NormalizedEvent =>
  eventOf({ scheduled_maintenances: [{ ...MAINTENANCE, ...changes }] });

describe('an incident', () => {
  it('becomes an event of kind incident', () => {
    const updates = [
      { body: 'We are <b>on it</b> 🚧 &amp; will report', display_at: '2031-03-01T10:59:59Z' },
    ];
    expect(incident({ incident_updates: updates })).toEqual({
      account_id: 'default',
      event_id: 'acme_status:inc1',
      source: 'acme_status',
      kind: 'incident',
      severity: 'critical',
      service: 'acme',
      type: 'incident',
      user_id: null,
      summary: 'Slow payments',
      description: 'We are on it 🚧 & will report',
      started_at: at('09:55:00'),
      resolved_at: null,
      updated_at: at('11:00:00'),
      raw: JSON.stringify({ ...INCIDENT, incident_updates: updates }),
    });
  });

  it.each([
    ['critical', 'critical'],
    ['major', 'critical'],
    ['minor', 'warning'],
    ['none', 'info'],
    ['maintenance', 'info'],
    ['apocalyptic', 'info'],
    ['constructor', 'info'],
    [null, 'info'],
    [['critical'], 'info'],
  ])('of impact %j is %s', (impact, severity) => {
    expect(incident({ impact }).severity).toBe(severity);
  });

  it.each([
    ['investigating', false],
    ['identified', false],
    ['monitoring', false],
    ['resolved', true],
    ['postmortem', true],
    ['pondering', false],
    [null, false],
    [{}, false],
  ])('of status %j is resolved: %s', (status, isResolved) => {
    const resolvedAt = isResolved ? at('11:20:00') : null;
    expect(incident({ status, resolved_at: '2031-03-01T11:20:00Z' }).resolved_at).toBe(resolvedAt);
  });

  it('keeps its severity under an unknown status', () => {
    expect(incident({ status: 'pondering', impact: 'critical' }).severity).toBe('critical');
  });

  it('is critical although every component is operational and the page says that all is well', () => {
    const components = [{ ...COMPONENT, status: 'operational' }];
    const status = { indicator: 'none', description: 'All Systems Operational' };
    const event = eventOf({ incidents: [{ ...INCIDENT, impact: 'critical' }], components, status });
    expect(event).toMatchObject({ event_id: 'acme_status:inc1', severity: 'critical' });
  });

  it('takes its state from its own status and not from its newest update', () => {
    const open = [{ status: 'resolved', body: 'All done', display_at: '2031-03-01T11:00:00Z' }];
    expect(incident({ incident_updates: open }).resolved_at).toBeNull();
    const closed = [{ status: 'investigating', body: 'Hm', display_at: '2031-03-01T11:00:00Z' }];
    expect(incident({ status: 'resolved', incident_updates: closed }).resolved_at).toBe(at('11:00:00'));
  });

  it.each<[fact: string, changes: object, resolvedAt: number]>([
    ['at resolved_at', { resolved_at: '2031-03-01T10:30:00Z' }, at('10:30:00')],
    ['at updated_at where resolved_at is null', { resolved_at: null }, at('11:00:00')],
    ['now where both are missing', { resolved_at: null, updated_at: null }, NOW],
    ['before it was created, if the page says so', { resolved_at: '2031-03-01T08:00:00Z' }, at('08:00:00')],
    [
      'at resolved_at although it was edited days later',
      { status: 'postmortem', resolved_at: '2031-02-01T08:00:00Z' },
      Date.parse('2031-02-01T08:00:00Z'),
    ],
  ])('ends %s', (_fact, changes, resolvedAt) => {
    expect(incident({ status: 'resolved', ...changes }).resolved_at).toBe(resolvedAt);
  });

  it.each<[fact: string, changes: object, startedAt: number]>([
    ['started_at', {}, at('09:55:00')],
    ['created_at where there is no started_at', { started_at: undefined }, at('10:00:00')],
    ['the first sight of it where the page tells neither', { started_at: 1, created_at: 'soon' }, NOW],
    ['a time with an offset', { started_at: '2031-03-01T03:00:00.250-06:00' }, at('09:00:00.250')],
  ])('starts at %s', (_fact, changes, startedAt) => {
    expect(incident(changes).started_at).toBe(startedAt);
  });

  it.each<[fact: string, updates: unknown, description: string | null]>([
    ['null without updates', undefined, null],
    ['null where the updates are no list', 'none', null],
    ['null where the updates are broken', [null, 7, {}, { body: 8 }], null],
    ['null where the newest update is empty', [{ body: ' ', created_at: '2031-03-01T10:00:00Z' }], null],
    [
      'the update shown last',
      [
        { body: 'b', display_at: '2031-03-01T10:20:00Z', created_at: '2031-03-01T10:00:00Z' },
        { body: 'c', display_at: '2031-03-01T05:30:00-05:00', created_at: '2031-03-01T09:00:00Z' },
        { body: 'a', created_at: '2031-03-01T10:25:00Z' },
      ],
      'c',
    ],
    [
      'the first of two equally new',
      [
        { body: 'first', created_at: '2031-03-01T10:00:00Z' },
        { body: 'second', created_at: '2031-03-01T10:00:00Z' },
      ],
      'first',
    ],
    ['the first where none is dated', [{ body: 'first' }, { body: 'second' }], 'first'],
    ['storable', [{ body: 'a\u0000b\ud800c' }], 'a\uFFFDb\uFFFDc'],
    ['cut', [{ body: 'x'.repeat(30_000) }], `${'x'.repeat(9_999)}…`],
    ['the same whatever affected_components are', [{ body: 'a', affected_components: null }], 'a'],
    [
      'the same with affected_components by name',
      [{ body: 'a', affected_components: [{ name: 'API' }] }],
      'a',
    ],
    [
      'the same with affected_components in full',
      [
        {
          body: 'a',
          affected_components: [
            { code: 'cmp1', name: 'API', old_status: 'operational', new_status: 'major_outage' },
          ],
        },
      ],
      'a',
    ],
  ])('has a description that is %s', (_fact, incident_updates, description) => {
    expect(incident({ incident_updates }).description).toBe(description);
  });

  it.each<[fact: string, name: unknown, summary: string]>([
    ['its name', 'Slow 🐌 payments', 'Slow 🐌 payments'],
    ['its id where it has no name', undefined, 'inc1'],
    ['its id where its name is no string', { en: 'Slow' }, 'inc1'],
    ['its id where its name is blank', '  ', 'inc1'],
    ['one line', 'Slow\r\npayments', 'Slow payments'],
    ['storable', 'a\u0000\udfff', 'a\uFFFD\uFFFD'],
    ['cut by characters', '🐌'.repeat(3_000), `${'🐌'.repeat(1_023)}…`],
  ])('has a summary that is %s', (_fact, name, summary) => {
    expect(incident({ name }).summary).toBe(summary);
  });

  it('keeps what the page wrote in raw', () => {
    const name = 'a\u0000\ud800 🐌';
    expect(JSON.parse(incident({ name, extra: { deep: [1] } }).raw)).toEqual({
      ...INCIDENT,
      name,
      extra: { deep: [1] },
    });
  });

  it('may be called __proto__', () => {
    const reading = read({
      incidents: [
        { ...INCIDENT, id: '__proto__' },
        { ...INCIDENT, id: 'constructor' },
      ],
    });
    expect(reading.events.map(({ event_id }) => event_id)).toEqual([
      'acme_status:__proto__',
      'acme_status:constructor',
    ]);
  });
});

describe('a component', () => {
  it('in trouble becomes an event of kind status', () => {
    expect(component({})).toEqual({
      account_id: 'default',
      event_id: 'acme_status:cmp1:2031-03-01T11:30:00.000Z',
      source: 'acme_status',
      kind: 'status',
      severity: 'critical',
      service: 'acme',
      type: 'component',
      user_id: null,
      summary: 'API: partial_outage',
      description: null,
      started_at: at('11:30:00'),
      resolved_at: null,
      updated_at: at('11:30:00'),
      raw: JSON.stringify(COMPONENT),
    });
  });

  it.each([
    ['degraded_performance', 'warning'],
    ['partial_outage', 'critical'],
    ['major_outage', 'critical'],
    ['under_maintenance', 'info'],
    ['on_fire', 'info'],
  ])('that is %s is %s', (status, severity) => {
    expect(component({ status })).toMatchObject({ severity, summary: `API: ${status}` });
  });

  it.each<[fact: string, changes: object]>([
    ['is operational', { status: 'operational' }],
    ['is a heading with a status of its own', { group: true, status: 'major_outage' }],
    ['has no status', { status: undefined }],
    ['has a status that is no string', { status: 3 }],
  ])('that %s makes no event', (_fact, changes) => {
    expect(read({ components: [{ ...COMPONENT, ...changes }] })).toMatchObject({ events: [], signals: 0 });
  });

  it.each([undefined, null, 'never', 0])('with the time %j begins when it is first seen', (updated_at) => {
    expect(component({ updated_at })).toMatchObject({
      event_id: 'acme_status:cmp1:2031-03-01T12:00:00.000Z',
      started_at: NOW,
    });
  });

  it('has its time in UTC with milliseconds in its id', () => {
    const event = component({ updated_at: '2031-03-01T13:30:00.5+02:00' });
    expect(event.event_id).toBe('acme_status:cmp1:2031-03-01T11:30:00.500Z');
  });
});

describe('a maintenance', () => {
  it('in progress becomes an info event of kind status', () => {
    expect(maintenance({})).toMatchObject({
      event_id: 'acme_status:mnt1',
      kind: 'status',
      type: 'maintenance',
      severity: 'info',
      summary: 'Database upgrade',
      started_at: Date.parse('2031-02-20T10:00:00Z'),
      resolved_at: null,
    });
  });

  it('is info whatever its impact', () => {
    expect(maintenance({ impact: 'critical' }).severity).toBe('info');
  });

  it('still counts while it is being verified', () => {
    expect(maintenance({ status: 'verifying' }).resolved_at).toBeNull();
  });

  it('of an unknown status is an info event', () => {
    expect(maintenance({ status: 'paused' }).severity).toBe('info');
  });

  it.each(['scheduled', 'completed', null, 5])(
    'of status %j, never seen before, makes no event',
    (status) => {
      expect(read({ scheduled_maintenances: [{ ...MAINTENANCE, status }] }).events).toEqual([]);
    },
  );
});

describe('a page', () => {
  it('tells of unknown values once each', () => {
    const reading = read({
      incidents: [
        { ...INCIDENT, id: 'a', impact: 'huge' },
        { ...INCIDENT, id: 'b', impact: 'huge', status: 'pondering' },
        { ...INCIDENT, id: 'c', impact: null },
      ],
      components: [
        { ...COMPONENT, id: 'a', status: `o${'n'.repeat(500)}` },
        { ...COMPONENT, id: 'b', status: {} },
      ],
      scheduled_maintenances: [
        { ...MAINTENANCE, id: 'm', status: 'paused' },
        { ...MAINTENANCE, id: 'n', status: [] },
      ],
    });
    expect(reading.warnings).toEqual([
      'unknown incident impact "huge"',
      'unknown incident status "pondering"',
      'unknown incident impact (object)',
      'unknown maintenance status "paused"',
      'a maintenance without a status',
      `unknown component status "o${'n'.repeat(62)}…"`,
      'a component without a status',
    ]);
  });

  it.each<[fact: string, id: string]>([
    ['longer than 1,024 bytes of UTF-8', 'ü'.repeat(600)],
    ['with NUL', 'a\u0000b'],
    ['with a lone surrogate', 'a\ud800'],
  ])('loses an item whose id is %s, and nothing else', (_fact, id) => {
    const reading = read({ incidents: [{ ...INCIDENT, id }, INCIDENT] });
    expect(reading.events.map(({ event_id }) => event_id)).toEqual(['acme_status:inc1']);
    expect(reading).toMatchObject({ signals: 1, warnings: [expect.stringContaining('an id that is')] });
  });

  it('takes an id of just 1,024 bytes', () => {
    const id = 'i'.repeat(1_024 - 'acme_status:'.length);
    expect(Buffer.byteLength(incident({ id }).event_id)).toBe(1_024);
  });

  it.each<[name: string, events: object[]]>([
    [
      'spreedly',
      [
        {
          event_id: 'spreedly_status:inc_spreedly_1',
          kind: 'incident',
          severity: 'critical',
          service: 'spreedly',
        },
      ],
    ],
    [
      'braze',
      [
        {
          event_id: 'braze_status:comp_dashboard:2024-01-15T11:00:00.000Z',
          kind: 'status',
          severity: 'warning',
          summary: 'Dashboard: degraded_performance',
        },
      ],
    ],
  ])('%s of the fixtures makes one signal', (name, events) => {
    const path = join(__dirname, '..', '..', 'fixtures', 'statuspage', `${name}_summary.json`);
    const summary = readSummary(readFileSync(path, 'utf8'));
    const page = { name, source: `${name}_status` };
    const reading = normalizePage({ page, summary, incidents: null, memory: EMPTY_MEMORY, now: NOW });
    expect(reading).toMatchObject({ events, signals: 1, warnings: [] });
  });
});
