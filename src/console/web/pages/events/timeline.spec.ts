import type { EventDetail, ExplainedRoute, Revision } from '../../api/types';
import type { Routing } from './routed-step';
import { differencesOf, timelineOf } from './timeline';

const revision = (fields: Partial<Revision>): Revision => ({
  seq: 1,
  revision: 1,
  origin: 'source',
  note: null,
  severity: 'critical',
  summary: 'Payments fail',
  description: null,
  resolved_at: null,
  updated_at: '2026-01-15T10:00:00.000Z',
  recorded_at: '2026-01-15T10:00:05.000Z',
  request_id: null,
  raw: null,
  ...fields,
});

const delivery = (fields: Partial<EventDetail['deliveries'][number]>): EventDetail['deliveries'][number] => ({
  id: 7,
  account_id: 'default',
  event_id: 'e1',
  revision: 1,
  destination: 'pagerduty',
  action: 'trigger',
  severity: 'critical',
  status: 'delivered',
  reason: null,
  hold: null,
  held_until: null,
  route: 'default',
  created_at: '2026-01-15T10:00:05.000Z',
  next_attempt_at: null,
  finished_at: '2026-01-15T10:00:06.000Z',
  replay_of: null,
  request_id: null,
  attempts: [],
  ...fields,
});

const event = (fields: Partial<EventDetail>): EventDetail => ({
  account_id: 'default',
  event_id: 'e1',
  revision: 1,
  source: 'spreedly_status',
  kind: 'incident',
  severity: 'critical',
  service: 'spreedly',
  type: 'incident',
  user_id: null,
  summary: 'Payments fail',
  description: null,
  started_at: '2026-01-15T10:00:00.000Z',
  resolved_at: null,
  updated_at: '2026-01-15T10:00:00.000Z',
  received_at: '2026-01-15T10:00:05.000Z',
  routed: true,
  delivered_to: [],
  request_id: null,
  raw: {},
  revisions: [revision({})],
  deliveries: [],
  ...fields,
});

const rule = (fields: Partial<ExplainedRoute>): ExplainedRoute => ({
  id: 'default',
  name: 'default',
  verdict: 'matched',
  unmet: [],
  stopped_here: true,
  muted_until: null,
  says: 'Matched: wants it at pagerduty. The walk ends here.',
  ...fields,
});

const told = (...routes: ExplainedRoute[]): Routing => ({
  state: 'told',
  explanation: {
    account_id: 'default',
    event_id: 'e1',
    at: '2026-01-15T10:00:05.000Z',
    draft: false,
    routes,
    destinations: [],
    sent: [
      {
        delivery_id: 8,
        destination: 'webhook-1',
        name: 'on-call',
        action: 'trigger',
        status: 'delivered',
        reason: null,
        created_at: '2026-01-15T10:00:05.000Z',
        says: 'Trigger delivered.',
      },
    ],
  },
});

describe('the time line of an event', () => {
  it('tells from the first evidence to the last, in order', () => {
    const moments = timelineOf(
      event({
        revisions: [
          revision({}),
          revision({
            revision: 2,
            recorded_at: '2026-01-15T10:20:00.000Z',
            resolved_at: '2026-01-15T10:19:00.000Z',
          }),
        ],
        deliveries: [
          delivery({
            attempts: [
              {
                number: 1,
                started_at: '2026-01-15T10:00:05.100Z',
                finished_at: '2026-01-15T10:00:05.350Z',
                outcome: 'server_error',
                http_status: 503,
                error: null,
                response: 'busy',
                retry_at: null,
              },
              {
                number: 2,
                started_at: '2026-01-15T10:00:05.900Z',
                finished_at: '2026-01-15T10:00:06.000Z',
                outcome: 'delivered',
                http_status: 202,
                error: null,
                response: '{"status":"success"}',
                retry_at: null,
              },
            ],
          }),
        ],
      }),
      told(rule({})),
    );
    expect(moments.map(({ title, detail }) => [title, detail])).toEqual([
      ['Began', 'as spreedly_status says; we heard of it 5 s later'],
      ['Stored', null],
      ['Routed to pagerduty', 'The built-in rule: Matched: wants it at pagerduty. The walk ends here.'],
      ['Page for pagerduty decided', null],
      ['Attempt 1 at pagerduty: server_error', 'answered 503 · in 250 ms · busy'],
      ['Page delivered to pagerduty', 'answered 202 · in 100 ms'],
      ['Resolved', null],
    ]);
  });

  it('says why a page was not sent', () => {
    const skipped = delivery({ status: 'skipped', reason: 'resolved_before_sent' });
    expect(timelineOf(event({ deliveries: [skipped] }), told(rule({}))).at(-1)).toMatchObject({
      title: 'Not sent to pagerduty',
      detail: 'it was over before its page was sent',
    });
    const held = delivery({ status: 'pending', hold: 'mute', held_until: '2026-01-15T11:00:00.000Z' });
    expect(timelineOf(event({ deliveries: [held] }), told(rule({}))).at(-1)).toMatchObject({
      detail: 'held until 2026-01-15T11:00:00.000Z: its rule was muted',
    });
  });

  it('says which rule it was, and keeps its place while that is not known', () => {
    const routed = (fields: Partial<EventDetail>, routing: Routing): unknown =>
      timelineOf(event(fields), routing).find(({ key }) => key === 'routed');
    const silent = rule({ id: 'r-1', name: 'Silence', says: 'Matched, and tells nobody.' });
    expect(routed({ routed: false }, told(silent))).toMatchObject({
      title: 'Routed to nobody',
      detail: '“Silence”: Matched, and tells nobody.',
      link: { href: '/console/routes?account=default&explain=e1' },
    });
    expect(routed({ deliveries: [delivery({ route: 'gone' })] }, told(silent))).toMatchObject({
      detail:
        '“Silence”: Matched, and tells nobody.\n' +
        'Something was sent by a rule that is deleted by now: the event or the rules have changed since.',
    });
    const titles = timelineOf(event({ deliveries: [delivery({ destination: 'webhook-1' })] }), told(silent));
    expect(titles.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Routed to on-call', 'Page for on-call decided']),
    );
    expect(routed({}, { state: 'asking' })).toMatchObject({ title: 'Routed' });
    expect(routed({}, { state: 'failed', message: 'No answer.' })).toMatchObject({
      detail: 'Which rule it was cannot be told at the moment: No answer.',
    });
  });

  it('shows what a revision changed', () => {
    const changed = revision({ severity: 'warning', description: 'A fix is under way.' });
    expect(differencesOf(revision({}), changed)).toEqual([
      { field: 'severity', before: 'critical', after: 'warning' },
      { field: 'description', before: null, after: 'A fix is under way.' },
    ]);
  });
});
