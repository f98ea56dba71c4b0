import { stopServices, type RunningService } from '../harness/service';
import { COMPONENT, INCIDENT, MAINTENANCE, summary, SUMMARY, withComponent, withIncident } from './documents';
import { PageServer, redirectTo, type Answer } from './page-server';
import { eventsOf, pull, startWithPages, type Pulled, type ShownEvent } from './polled-service';

/** A page, what it serves, and the events (without those about other pages) that must come of it. */
interface Trap {
  readonly fact: string;
  readonly answer: Answer;
  readonly events: readonly Partial<ShownEvent>[];
}

const incidentEvent = { kind: 'incident', type: 'incident', summary: INCIDENT.name };
const resolved = { status: 'resolved', updated_at: '2031-03-01T10:00:00.000Z' };

/** Every trap of a document that is valid, each on a page of its own. */
const TRAPS: readonly Trap[] = [
  {
    fact: 'a critical incident while every component is operational and the indicator says none',
    answer: {
      body: {
        ...withIncident({ impact: 'critical' }),
        status: { indicator: 'none', description: 'All Systems Operational' },
      },
    },
    events: [{ ...incidentEvent, severity: 'critical', resolved_at: null, routed: true }],
  },
  {
    fact: 'an indicator that says critical while nothing is',
    answer: { body: { ...withIncident({ impact: 'minor' }), status: { indicator: 'critical' } } },
    events: [{ ...incidentEvent, severity: 'warning', routed: false }],
  },
  {
    fact: 'resolved with resolved_at null',
    answer: { body: withIncident({ ...resolved, resolved_at: null }) },
    events: [{ resolved_at: '2031-03-01T10:00:00.000Z', routed: false }],
  },
  {
    fact: 'resolved before it was created',
    answer: { body: withIncident({ ...resolved, resolved_at: '2031-03-01T07:00:00.000Z' }) },
    events: [{ started_at: '2031-03-01T08:58:00.000Z', resolved_at: '2031-03-01T07:00:00.000Z' }],
  },
  {
    fact: 'edited days after it was resolved',
    answer: {
      body: withIncident({
        status: 'postmortem',
        resolved_at: '2031-03-01T10:00:00.000Z',
        updated_at: '2031-03-05T10:00:00.000Z',
      }),
    },
    events: [{ resolved_at: '2031-03-01T10:00:00.000Z', updated_at: '2031-03-05T10:00:00.000Z' }],
  },
  {
    fact: 'a status unlike that of its newest update',
    answer: {
      body: withIncident({
        incident_updates: [{ ...INCIDENT.incident_updates[0], status: 'resolved', body: 'Fixed.' }],
      }),
    },
    events: [{ resolved_at: null, description: 'Fixed.' }],
  },
  {
    fact: 'affected_components in full and by name only',
    answer: {
      body: withIncident({
        incident_updates: [
          {
            body: 'Full.',
            created_at: '2031-03-01T09:30:00.000Z',
            affected_components: [{ code: 'cmp1', name: 'API', new_status: 'major_outage' }],
          },
          {
            body: 'By name.',
            created_at: '2031-03-01T09:20:00.000Z',
            affected_components: [{ name: 'API' }],
          },
        ],
      }),
    },
    events: [{ description: 'Full.' }],
  },
  {
    fact: 'components absent',
    answer: { body: { ...SUMMARY, incidents: [INCIDENT] } },
    events: [incidentEvent],
  },
  {
    fact: 'components empty',
    answer: { body: summary({ components: [], incidents: [INCIDENT] }) },
    events: [incidentEvent],
  },
  {
    fact: 'no page, but components',
    answer: { body: { incidents: [INCIDENT], components: [] } },
    events: [incidentEvent],
  },
  {
    fact: 'times with offsets and milliseconds',
    answer: {
      body: withIncident({
        started_at: '2031-03-01T02:58:00.418-06:00',
        updated_at: '2031-03-01T10:00:00.5+01:00',
      }),
    },
    events: [{ started_at: '2031-03-01T08:58:00.418Z', updated_at: '2031-03-01T09:00:00.500Z' }],
  },
  {
    fact: 'HTML and emoji in the body',
    answer: {
      body: withIncident({
        incident_updates: [
          { body: '<p>Payments &amp; refunds 🚧</p><p>See <a href="https://x.test">here</a></p>' },
        ],
      }),
    },
    events: [{ description: 'Payments & refunds 🚧\n\nSee here' }],
  },
  {
    fact: 'unknown values everywhere',
    answer: {
      body: summary({
        incidents: [{ ...INCIDENT, status: 'pondering', impact: 'huge' }],
        components: [{ ...COMPONENT, status: 'wobbly' }],
        scheduled_maintenances: [{ ...MAINTENANCE, status: 'paused' }],
      }),
    },
    events: [
      { severity: 'info', kind: 'status', summary: 'API: wobbly' },
      { severity: 'info', kind: 'incident', resolved_at: null },
      { severity: 'info', kind: 'status', type: 'maintenance' },
    ],
  },
  {
    fact: 'fields of the wrong type everywhere',
    answer: {
      body: summary({
        incidents: [
          {
            id: 'inc1',
            name: 7,
            status: {},
            impact: [],
            created_at: 0,
            updated_at: 'soon',
            incident_updates: {},
          },
        ],
        components: [{ id: 'cmp1', name: null, status: 'major_outage', updated_at: '2031-03-01T08:00:00Z' }],
        scheduled_maintenances: { id: 'mnt1' },
      }),
    },
    events: [{ summary: 'cmp1: major_outage' }, { summary: 'inc1', severity: 'info', description: null }],
  },
  {
    fact: 'a heading with a status of its own',
    answer: {
      body: summary({
        components: [
          { ...COMPONENT, id: 'grp', name: 'Everything', group: true, status: 'major_outage' },
          { ...COMPONENT, group_id: 'grp', status: 'degraded_performance' },
        ],
      }),
    },
    events: [
      { summary: 'API: degraded_performance', severity: 'warning', kind: 'status', type: 'component' },
    ],
  },
  {
    fact: 'an outage of a component',
    answer: { body: withComponent({ status: 'major_outage' }) },
    events: [{ severity: 'critical', routed: true, started_at: '2031-03-01T08:00:00.000Z' }],
  },
  {
    fact: 'a component under maintenance',
    answer: { body: withComponent({ status: 'under_maintenance' }) },
    events: [{ severity: 'info', routed: false }],
  },
  {
    fact: 'a planned maintenance, and one in progress',
    answer: {
      body: summary({
        scheduled_maintenances: [MAINTENANCE, { ...MAINTENANCE, id: 'mnt2', status: 'in_progress' }],
      }),
    },
    events: [{ kind: 'status', type: 'maintenance', severity: 'info', summary: 'Database upgrade' }],
  },
  {
    fact: 'one id twice',
    answer: {
      body: summary({
        incidents: [INCIDENT, { ...INCIDENT, name: 'Newer', updated_at: '2031-03-01T09:30:00Z' }, INCIDENT],
      }),
    },
    events: [{ summary: 'Newer' }],
  },
  {
    fact: 'ids that mean something to JavaScript',
    answer: {
      body:
        '{"page":{"id":"p1"},"__proto__":{"incidents":[]},"incidents":[{"id":"__proto__","name":"a","impact":"minor",' +
        '"status":"identified"},{"id":"constructor","name":"b","impact":"constructor","status":"toString"}]}',
    },
    events: [
      { summary: 'a', severity: 'warning' },
      { summary: 'b', severity: 'info' },
    ],
  },
  {
    fact: 'NUL and lone surrogates in its texts',
    answer: {
      body: '{"page":{"id":"p1"},"incidents":[{"id":"inc1","name":"a\\u0000b\\ud800","status":"identified"}]}',
    },
    events: [{ summary: 'a\uFFFDb\uFFFD' }],
  },
  {
    fact: 'an id that is too long, beside one that is not',
    answer: { body: summary({ incidents: [{ ...INCIDENT, id: 'x'.repeat(2_000) }, INCIDENT] }) },
    events: [incidentEvent],
  },
  {
    fact: 'a byte order mark',
    answer: { body: `\uFEFF${JSON.stringify(withIncident())}` },
    events: [incidentEvent],
  },
];

const HTML = { body: '<!doctype html><title>Sign in</title>', headers: { 'content-type': 'text/html' } };

/** Every answer that is no valid document, with the code it fails by. */
const FAULTS: readonly [fact: string, answer: Answer, code: string][] = [
  ['HTML with 200', HTML, 'not_json'],
  ['an empty body', { body: '' }, 'not_json'],
  ['an empty object', { body: {} }, 'not_a_summary'],
  ['null', { body: 'null' }, 'not_a_summary'],
  ["another vendor's document", { body: { page_title: 'Acme', ongoing_incidents: [] } }, 'not_a_summary'],
  ['a summary without its incidents', { body: { ...SUMMARY, components: [COMPONENT] } }, 'not_a_summary'],
  ['incidents and nothing else', { body: { incidents: [] } }, 'not_a_summary'],
  ['an item without an id', { body: summary({ incidents: [{ name: 'x' }] }) }, 'item_without_id'],
  ['a document that is nested without end', { body: `${'['.repeat(9_000)}` }, 'too_deep'],
  ['a redirect to a login', redirectTo('/login'), 'not_json'],
  ['401', { status: 401, ...HTML }, 'http_4xx'],
  ['500 with a valid document', { status: 500, body: withIncident() }, 'http_5xx'],
];

let server: PageServer;

beforeAll(async () => {
  server = await PageServer.start();
  server.serve('/login', HTML);
});

afterAll(async () => {
  await stopServices();
  await server.close();
});

describe('a page with', () => {
  let pulled: Pulled;
  let events: readonly ShownEvent[];

  beforeAll(async () => {
    TRAPS.forEach(({ answer }, index) => server.serveSummary(`trap${index}`, answer));
    const service = await startWithPages(
      server,
      [...TRAPS.keys()].map((index) => `trap${index}`),
    );
    pulled = (await pull(service)).body;
    events = await eventsOf(service);
  });

  it.each(TRAPS.map((trap, index) => ({ ...trap, name: `trap${index}` })))('$fact', ({ name, ...trap }) => {
    expect(events.filter(({ service }) => service === name)).toMatchObject(trap.events);
    expect(events.filter(({ service }) => service === name)).toHaveLength(trap.events.length);
    expect(pulled.fetched[name]).toBe(trap.events.length);
  });
});

/** Promise 5 of the design: cannot tell is not recovered. */
describe('promise 5: nothing but its own health changes for a page that answers with', () => {
  let service: RunningService;
  let before: readonly ShownEvent[];
  let pulled: Pulled;

  beforeAll(async () => {
    const open = summary({
      incidents: [INCIDENT],
      components: [{ ...COMPONENT, status: 'major_outage' }],
      scheduled_maintenances: [{ ...MAINTENANCE, status: 'in_progress' }],
    });
    FAULTS.forEach(([, answer], index) => server.serveSummary(`fault${index}`, { body: open }, answer));
    service = await startWithPages(
      server,
      [...FAULTS.keys()].map((index) => `fault${index}`),
    );
    await pull(service);
    before = await eventsOf(service);
    expect(before).toHaveLength(3 * FAULTS.length);
    await pull(service);
    pulled = (await pull(service)).body;
  });

  it.each(FAULTS.map(([fact, , code], index) => ({ fact, code, name: `fault${index}` })))(
    '$fact',
    async ({ name, code }) => {
      expect(pulled.errors?.filter(({ page }) => page === name)).toMatchObject([
        { source: `${name}_status`, code },
      ]);
      expect(statesOf(await eventsOf(service), name)).toEqual(statesOf(before, name));
    },
  );
});

/** What a service's events are, apart from how their delivery is getting on. */
function statesOf(events: readonly ShownEvent[], service: string): object[] {
  return events.filter((event) => event.service === service).map(({ delivered_to: _, ...state }) => state);
}
