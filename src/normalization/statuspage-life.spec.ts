import type { NormalizedEvent } from './normalized-event';
import { normalizePage } from './statuspage';
import { readIncidents, readSummary } from './statuspage-document';
import { EMPTY_MEMORY, needsIncidents, type PageMemory } from './statuspage-memory';

const day = (time: string): number => Date.parse(`2031-03-01T${time}:00Z`);
const iso = (time: string): string => `2031-03-01T${time}:00.000Z`;

/** A page that is polled again and again; its memory goes through JSON in between, as it does in the database. */
class PolledPage {
  memory: PageMemory = EMPTY_MEMORY;

  /** One poll. `incidents`: what incidents.json lists, should it be needed; without it, it cannot be read. */
  poll(time: string, summary: object | 'unchanged', incidents?: object[]): PollResult {
    const read =
      summary === 'unchanged'
        ? summary
        : readSummary(JSON.stringify({ incidents: [], page: { id: 'p' }, ...summary }));
    const isNeeded = needsIncidents(read, this.memory);
    const document =
      isNeeded && incidents !== undefined ? readIncidents(JSON.stringify({ incidents })) : null;
    const { events, signals, memory } = normalizePage({
      page: { name: 'acme', source: 'acme_status' },
      summary: read,
      incidents: document,
      memory: this.memory,
      now: day(time),
    });
    this.memory = JSON.parse(JSON.stringify(memory)) as PageMemory;
    return { isNeeded, signals, events };
  }

  get open(): string[] {
    return this.memory.known
      .filter(({ event }) => event.resolved_at === null)
      .map(({ event }) => event.event_id);
  }
}

interface PollResult {
  readonly isNeeded: boolean;
  readonly signals: number;
  readonly events: readonly NormalizedEvent[];
}

const incident = (time: string, changes: object = {}): object => ({
  id: 'inc1',
  name: 'Slow payments',
  status: 'investigating',
  impact: 'major',
  created_at: iso('09:00'),
  updated_at: iso(time),
  resolved_at: null,
  ...changes,
});
const component = (time: string, status: string, id = 'cmp1'): object => ({
  id,
  name: 'API',
  status,
  updated_at: iso(time),
});
const maintenance = (time: string, status: string): object => ({
  id: 'mnt1',
  name: 'Upgrade',
  status,
  impact: 'maintenance',
  created_at: iso('01:00'),
  updated_at: iso(time),
});

describe('the life of an incident', () => {
  it('is one event over a day, with everything a page does to it', () => {
    const page = new PolledPage();
    const seen = (result: PollResult): unknown[] => [
      result.isNeeded,
      result.signals,
      result.events.map(({ event_id, severity, resolved_at }) => ({ event_id, severity, resolved_at })),
    ];
    const event_id = 'acme_status:inc1';
    const critical = { event_id, severity: 'critical', resolved_at: null };

    expect(seen(page.poll('08:59', {}))).toEqual([false, 0, []]);
    expect(seen(page.poll('09:01', { incidents: [incident('09:00')] }))).toEqual([false, 1, [critical]]);
    expect(seen(page.poll('09:02', 'unchanged'))).toEqual([false, 1, []]);
    const minor = { incidents: [incident('09:30', { impact: 'minor' })] };
    expect(seen(page.poll('09:31', minor))).toEqual([false, 1, [{ ...critical, severity: 'warning' }]]);
    const monitoring = { incidents: [incident('10:00', { status: 'monitoring' })] };
    expect(seen(page.poll('10:01', monitoring))).toEqual([false, 1, [critical]]);
    const worseAgain = { incidents: [incident('10:30', { status: 'investigating', impact: 'critical' })] };
    expect(seen(page.poll('10:31', worseAgain))).toEqual([false, 1, [critical]]);
    const resolved = incident('11:00', { status: 'resolved', resolved_at: iso('10:59') });
    expect(seen(page.poll('11:01', {}, [resolved]))).toEqual([
      true,
      1,
      [{ ...critical, resolved_at: day('10:59') }],
    ]);
    expect(page.open).toEqual([]);
    expect(seen(page.poll('11:02', {}, [resolved]))).toEqual([false, 0, []]);
    const reopened = { incidents: [incident('12:00', { status: 'investigating' })] };
    expect(seen(page.poll('12:01', reopened))).toEqual([false, 1, [critical]]);
    expect(page.open).toEqual([event_id]);
    expect(seen(page.poll('13:00', {}))).toEqual([true, 0, []]);
    expect(seen(page.poll('13:01', {}))).toEqual([true, 0, [{ ...critical, resolved_at: day('13:01') }]]);
    expect(seen(page.poll('13:02', {}))).toEqual([false, 0, []]);
  });

  it("keeps the page's own time when it ends by absence, so that it can come back", () => {
    const page = new PolledPage();
    page.poll('09:01', { incidents: [incident('09:00')] });
    page.poll('09:02', {});
    const [over] = page.poll('09:03', {}).events;
    expect(over).toMatchObject({ updated_at: day('09:00'), resolved_at: day('09:03') });
    const [back] = page.poll('09:04', { incidents: [incident('09:00')] }).events;
    expect(back).toMatchObject({ event_id: over?.event_id, updated_at: day('09:00'), resolved_at: null });
  });

  it('goes on while incidents.json lists it as unresolved', () => {
    const page = new PolledPage();
    page.poll('09:01', { incidents: [incident('09:00')] });
    for (const time of ['09:02', '09:03', '09:04']) {
      const listed = [incident('09:02', { status: 'identified' })];
      expect(page.poll(time, {}, listed)).toMatchObject({ isNeeded: true, signals: 1 });
    }
    expect(page.open).toEqual(['acme_status:inc1']);
  });

  it('is asked for again after a 304 that follows such a poll', () => {
    const page = new PolledPage();
    page.poll('09:01', { incidents: [incident('09:00')] });
    page.poll('09:02', {}, [incident('09:00')]);
    const resolved = incident('09:03', { status: 'resolved' });
    const { isNeeded, events } = page.poll('09:04', 'unchanged', [resolved]);
    expect(isNeeded).toBe(true);
    expect(events).toMatchObject([{ resolved_at: day('09:03') }]);
    expect(page.open).toEqual([]);
  });

  it('ends after two absences from both documents, a 304 counting as a repeat of the summary', () => {
    const page = new PolledPage();
    page.poll('09:01', { incidents: [incident('09:00')] });
    expect(page.poll('09:02', {}, []).events).toEqual([]);
    expect(page.poll('09:03', 'unchanged', []).events).toMatchObject([{ resolved_at: day('09:03') }]);
  });

  it('does not end after two absences with a sight of it between them', () => {
    const page = new PolledPage();
    const listed = { incidents: [incident('09:00')] };
    page.poll('09:01', listed);
    page.poll('09:02', {});
    page.poll('09:03', listed);
    expect(page.poll('09:04', {}).events).toEqual([]);
    expect(page.open).toEqual(['acme_status:inc1']);
  });

  it('outlives any number of 304s', () => {
    const page = new PolledPage();
    page.poll('09:01', { incidents: [incident('09:00')] });
    for (let n = 0; n < 5; n++)
      expect(page.poll('09:02', 'unchanged')).toMatchObject({ signals: 1, events: [] });
    expect(page.open).toHaveLength(1);
  });

  it('ends at once where the summary itself says resolved, and is not asked for afterwards', () => {
    const page = new PolledPage();
    page.poll('09:01', { incidents: [incident('09:00')] });
    const resolved = { incidents: [incident('09:10', { status: 'resolved' })] };
    expect(page.poll('09:11', resolved).events).toMatchObject([{ resolved_at: day('09:10') }]);
    expect(page.poll('09:12', {}).isNeeded).toBe(false);
  });

  it('has one end although a resolved incident without times stays listed', () => {
    const page = new PolledPage();
    const undated = { status: 'resolved', updated_at: null, created_at: null };
    const ends = ['09:01', '09:02', '09:03'].map(
      (time) => page.poll(time, { incidents: [incident('09:00', undated)] }).events[0]?.resolved_at,
    );
    expect(ends).toEqual([day('09:01'), day('09:01'), day('09:01')]);
  });

  it('is not moved by a later edit of a resolved incident without resolved_at', () => {
    const page = new PolledPage();
    page.poll('09:01', { incidents: [incident('09:00', { status: 'resolved' })] });
    const [edited] = page.poll('11:00', { incidents: [incident('10:59', { status: 'postmortem' })] }).events;
    expect(edited).toMatchObject({ resolved_at: day('09:00'), updated_at: day('10:59') });
  });

  it('is not changed by an old copy out of a cache', () => {
    const page = new PolledPage();
    page.poll('10:01', { incidents: [incident('10:00')] });
    const old = incident('09:30', { status: 'resolved' });
    expect(page.poll('10:02', { incidents: [old] })).toMatchObject({ signals: 0, events: [] });
    expect(page.poll('10:03', {}, [old])).toMatchObject({ signals: 0, events: [] });
    expect(page.open).toEqual(['acme_status:inc1']);
    expect(page.poll('10:04', {}, [old]).events).toMatchObject([{ resolved_at: day('10:04') }]);
  });

  it('takes an equally old copy for the newer one', () => {
    const page = new PolledPage();
    page.poll('10:01', { incidents: [incident('10:00')] });
    const [event] = page.poll('10:02', { incidents: [incident('10:00', { impact: 'minor' })] }).events;
    expect(event?.severity).toBe('warning');
  });
});

describe('the life of a component', () => {
  it('is one event per episode, from the first trouble until it is operational', () => {
    const page = new PolledPage();
    const poll = (time: string, status: string): unknown =>
      page
        .poll(time, { components: [component(time, status)] })
        .events.map(({ event_id, summary, severity, started_at, resolved_at }) => [
          event_id,
          summary,
          severity,
          started_at,
          resolved_at,
        ]);
    const first = 'acme_status:cmp1:2031-03-01T09:00:00.000Z';
    const second = 'acme_status:cmp1:2031-03-01T13:00:00.000Z';
    expect(poll('08:00', 'operational')).toEqual([]);
    expect(poll('09:00', 'degraded_performance')).toEqual([
      [first, 'API: degraded_performance', 'warning', day('09:00'), null],
    ]);
    expect(poll('10:00', 'major_outage')).toEqual([
      [first, 'API: major_outage', 'critical', day('09:00'), null],
    ]);
    expect(poll('11:00', 'under_maintenance')).toEqual([
      [first, 'API: under_maintenance', 'info', day('09:00'), null],
    ]);
    expect(poll('12:00', 'operational')).toEqual([
      [first, 'API: operational', 'info', day('09:00'), day('12:00')],
    ]);
    expect(poll('12:30', 'operational')).toEqual([]);
    expect(poll('13:00', 'partial_outage')).toEqual([
      [second, 'API: partial_outage', 'critical', day('13:00'), null],
    ]);
  });

  it.each<[fact: string, components: unknown]>([
    ['absent', undefined],
    ['null', null],
    ['empty', []],
    ['headings only', [{ id: 'g', group: true, status: 'operational' }]],
  ])('is left alone while the components are %s', (_fact, components) => {
    const page = new PolledPage();
    page.poll('09:01', { components: [component('09:00', 'major_outage')] });
    for (const time of ['09:02', '09:03', '09:04'])
      expect(page.poll(time, { components }).events).toEqual([]);
    expect(page.poll('09:05', 'unchanged').events).toEqual([]);
    expect(page.open).toHaveLength(1);
  });

  it('ends after two summaries in a row that list others only', () => {
    const page = new PolledPage();
    const others = { components: [component('09:00', 'operational', 'other')] };
    page.poll('09:01', { components: [component('09:00', 'major_outage')] });
    expect(page.poll('09:02', others)).toMatchObject({ isNeeded: false, events: [] });
    page.poll('09:03', { components: [] });
    expect(page.poll('09:04', others).events).toEqual([]);
    expect(page.poll('09:05', 'unchanged').events).toMatchObject([
      { resolved_at: day('09:05'), updated_at: day('09:00') },
    ]);
  });

  it('goes on while its status cannot be told', () => {
    const page = new PolledPage();
    page.poll('09:01', { components: [component('09:00', 'major_outage')] });
    for (const time of ['09:02', '09:03', '09:04']) {
      expect(page.poll(time, { components: [{ id: 'cmp1', status: null }] }).events).toEqual([]);
    }
    expect(page.open).toHaveLength(1);
  });

  it('is not begun again by an old copy of an episode that is over', () => {
    const page = new PolledPage();
    page.poll('09:01', { components: [component('09:00', 'degraded_performance')] });
    page.poll('09:31', { components: [component('09:30', 'operational')] });
    const old = { components: [component('09:10', 'major_outage')] };
    expect(page.poll('09:32', old)).toMatchObject({ signals: 0, events: [] });
    expect(page.open).toEqual([]);
  });

  it('comes back as the same event where the page never moves the time of a component', () => {
    const page = new PolledPage();
    const ids = ['major_outage', 'operational', 'major_outage'].map(
      (status) => page.poll('10:00', { components: [component('09:00', status)] }).events[0]?.event_id,
    );
    expect(new Set(ids).size).toBe(1);
    expect(page.open).toHaveLength(1);
  });
});

describe('the life of a maintenance', () => {
  it('is an event from its beginning to its completion', () => {
    const page = new PolledPage();
    const poll = (time: string, status: string): unknown =>
      page
        .poll(time, { scheduled_maintenances: [maintenance(time, status)] })
        .events.map(({ event_id, resolved_at }) => [event_id, resolved_at]);
    expect(poll('01:00', 'scheduled')).toEqual([]);
    expect(poll('02:00', 'in_progress')).toEqual([['acme_status:mnt1', null]]);
    expect(poll('03:00', 'verifying')).toEqual([['acme_status:mnt1', null]]);
    expect(poll('04:00', 'completed')).toEqual([['acme_status:mnt1', day('04:00')]]);
    expect(page.poll('04:01', {}).events).toEqual([]);
    expect(page.open).toEqual([]);
  });

  it('ends where it is put off again', () => {
    const page = new PolledPage();
    page.poll('02:00', { scheduled_maintenances: [maintenance('02:00', 'in_progress')] });
    const { events } = page.poll('03:00', { scheduled_maintenances: [maintenance('03:00', 'scheduled')] });
    expect(events).toMatchObject([{ resolved_at: day('03:00') }]);
  });

  it('ends after two absences, without a look at incidents.json', () => {
    const page = new PolledPage();
    page.poll('02:00', { scheduled_maintenances: [maintenance('02:00', 'in_progress')] });
    expect(page.poll('03:00', {})).toMatchObject({ isNeeded: false, events: [] });
    expect(page.poll('03:01', {})).toMatchObject({
      isNeeded: false,
      events: [{ resolved_at: day('03:01') }],
    });
  });
});
