import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import { COMPONENT, INCIDENT, MAINTENANCE, summary, withComponent, withIncident } from './documents';
import { PageServer, withEtag } from './page-server';
import { eventsOf, pull, startAgain, startWithPages } from './polled-service';

let server: PageServer;
let pagerDuty: FakeDestination;
let service: RunningService;

beforeEach(async () => {
  server = await PageServer.start();
  pagerDuty = await FakeDestination.start();
  service = await startWithPages(server, ['acme'], {
    PAGERDUTY_EVENTS_URL: pagerDuty.url,
    PAGERDUTY_ROUTING_KEY: 'k'.repeat(32),
  });
});

afterEach(async () => {
  await stopServices();
  await pagerDuty.stop();
  await server.close();
});

const time = (clock: string): string => `2031-03-01T${clock}:00.000Z`;

/** The one event's state, as far as a day moves it. */
async function state(): Promise<object[]> {
  const events = await eventsOf(service);
  return events.map(({ revision, severity, resolved_at, updated_at }) => ({
    revision,
    severity,
    resolved_at,
    updated_at,
  }));
}

const KEY = 'default/acme_status:inc1';

describe('the life of an incident over a day of polls', () => {
  it('is one event, pages once for each time it breaks out, and ends closed at PagerDuty', async () => {
    const quiet = { stored: 0, routed: 0, updated: 0, resolved: 0 };

    server.serveSummary('acme', { body: summary() });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 0 } });

    server.serveSummary('acme', { body: withIncident() });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 1 }, stored: 1, routed: 1 });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 1 } });

    server.serveSummary('acme', { body: withIncident({ impact: 'minor', updated_at: time('09:30') }) });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 1 }, updated: 1 });
    expect(await state()).toEqual([
      { revision: 2, severity: 'warning', resolved_at: null, updated_at: time('09:30') },
    ]);

    const monitoring = { status: 'monitoring', impact: 'minor', updated_at: time('10:00') };
    server.serveSummary('acme', { body: withIncident(monitoring) });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 1 } });
    const back = { status: 'investigating', impact: 'critical', updated_at: time('10:10') };
    server.serveSummary('acme', { body: withIncident(back) });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 1 }, updated: 1 });

    const over = { ...INCIDENT, status: 'resolved', resolved_at: time('11:00'), updated_at: time('11:01') };
    server.serveSummary('acme', { body: summary() });
    server.serveIncidents('acme', { body: { incidents: [{ ...INCIDENT, id: 'older' }, over] } });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 1 }, resolved: 1 });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 0 } });
    await eventually(() => expect(pagerDuty.calls).toEqual([`trigger ${KEY}`, `resolve ${KEY}`]));

    const again = { updated_at: time('12:00'), impact: 'critical' };
    server.serveSummary('acme', { body: withIncident(again) });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 1 }, routed: 1, updated: 1 });
    server.serveSummary('acme', {
      body: withIncident({ ...again, status: 'resolved', updated_at: time('13:00') }),
    });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 1 }, resolved: 1 });
    const postmortem = {
      status: 'postmortem',
      name: 'Card payments were slow',
      updated_at: '2031-03-04T00:00:00.000Z',
    };
    server.serveSummary('acme', {
      body: withIncident({ ...again, ...postmortem, resolved_at: time('13:00') }),
    });
    expect((await pull(service)).body).toEqual({ ...quiet, fetched: { acme: 1 }, updated: 1 });

    expect(await state()).toMatchObject([
      { resolved_at: time('13:00'), updated_at: '2031-03-04T00:00:00.000Z' },
    ]);
    await eventually(() => {
      expect(pagerDuty.calls).toEqual([
        `trigger ${KEY}`,
        `resolve ${KEY}`,
        `trigger ${KEY}`,
        `resolve ${KEY}`,
      ]);
    });
    expect(server.incidentsRequests('acme')).toHaveLength(1);
  });

  it('ends after two valid summaries without it where incidents.json cannot be read, and can come back', async () => {
    server.serveSummary('acme', { body: withIncident() }, { body: summary() });
    await pull(service);
    expect((await pull(service)).body).toMatchObject({ fetched: { acme: 0 }, resolved: 0 });
    expect(await eventsOf(service, '&open=true')).toHaveLength(1);
    expect((await pull(service)).body).toMatchObject({ fetched: { acme: 0 }, resolved: 1 });
    expect(await eventsOf(service, '&open=true')).toEqual([]);
    expect(await state()).toMatchObject([{ updated_at: INCIDENT.updated_at }]);

    server.serveSummary('acme', { body: withIncident() });
    expect((await pull(service)).body).toMatchObject({ routed: 1, updated: 1 });
    await eventually(() => expect(pagerDuty.calls).toHaveLength(3));
  });

  it('does not end where the absences have a failure between them and no valid summary', async () => {
    server.serveSummary(
      'acme',
      { body: withIncident() },
      { body: summary() },
      { body: {} },
      { body: withIncident() },
    );
    for (let n = 0; n < 4; n++) await pull(service);
    expect(await state()).toMatchObject([{ revision: 1, resolved_at: null }]);
  });

  it('goes on across a restart in the middle of it', async () => {
    server.serveSummary('acme', { body: withIncident() }, { body: summary() });
    await pull(service);
    await pull(service);
    await service.stop();
    service = await startAgain(service);
    expect((await pull(service)).body).toMatchObject({ resolved: 1 });
    await eventually(() => expect(pagerDuty.calls).toEqual([`trigger ${KEY}`, `resolve ${KEY}`]));
  });

  it('is told by a page that answers 304, before and after a restart', async () => {
    server.serveSummary('acme', withEtag(withIncident(), '"1"'));
    await pull(service);
    expect((await pull(service)).body).toMatchObject({ fetched: { acme: 1 }, stored: 0 });
    await service.stop();
    service = await startAgain(service);
    expect((await pull(service)).body).toMatchObject({ fetched: { acme: 1 }, stored: 0 });
    const conditions = server.summaryRequests('acme').map(({ headers }) => headers['if-none-match']);
    expect(conditions).toEqual([undefined, '"1"', '"1"']);

    server.serveSummary('acme', withEtag(summary(), '"2"'));
    await pull(service);
    expect(await eventsOf(service, '&open=true')).toHaveLength(1);
    expect((await pull(service)).body).toMatchObject({ fetched: { acme: 0 }, resolved: 1 });
  });

  it('is read anew after a failure, with the validators of the last valid summary', async () => {
    server.serveSummary('acme', withEtag(withIncident(), '"1"'), {
      body: '<html>',
      headers: { etag: '"html"' },
    });
    await pull(service);
    await pull(service);
    await pull(service);
    expect(server.summaryRequests('acme').map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      '"1"',
      '"1"',
    ]);
  });

  it('is not judged by the validators of another URL', async () => {
    server.serveSummary('acme', withEtag(withIncident(), '"1"'));
    server.serve('/moved/summary.json', withEtag(withIncident(), '"1"'));
    await pull(service);
    await service.stop();
    service = await startAgain(service, { STATUS_PAGES: `acme=${server.origin}/moved/summary.json` });
    expect((await pull(service)).body).toMatchObject({ fetched: { acme: 1 } });
    expect(server.requestsFor('/moved/summary.json')[0]?.headers).not.toHaveProperty('if-none-match');
  });

  it('stays resolved by hand while the page repeats what it said before', async () => {
    server.serveSummary('acme', { body: withIncident({ updated_at: '2021-03-01T09:00:00Z' }) });
    await pull(service);
    await service.client.post(`/events/${encodeURIComponent('acme_status:inc1')}/resolve`, {});
    expect((await pull(service)).body).toMatchObject({ fetched: { acme: 1 }, updated: 0, routed: 0 });
    expect(await eventsOf(service, '&open=true')).toEqual([]);
  });
});

describe('the life of a component', () => {
  it('is one event per episode, each closed at PagerDuty', async () => {
    const moments: [clock: string, status: string][] = [
      ['09:00', 'major_outage'],
      ['09:10', 'partial_outage'],
      ['09:20', 'operational'],
      ['09:30', 'major_outage'],
      ['09:40', 'operational'],
    ];
    for (const [clock, status] of moments) {
      server.serveSummary('acme', { body: withComponent({ status, updated_at: time(clock) }) });
      await pull(service);
    }
    expect(await eventsOf(service)).toMatchObject([
      { event_id: `acme_status:cmp1:${time('09:00')}`, resolved_at: time('09:20'), revision: 3 },
      { event_id: `acme_status:cmp1:${time('09:30')}`, resolved_at: time('09:40'), revision: 2 },
    ]);
    await eventually(() =>
      expect(pagerDuty.calls.filter((call) => call.startsWith('resolve'))).toHaveLength(2),
    );
  });

  it('is left alone while the page names no components', async () => {
    server.serveSummary(
      'acme',
      { body: withComponent({ status: 'major_outage' }) },
      { body: summary({ components: [] }) },
      { body: summary({ components: undefined }) },
    );
    for (let n = 0; n < 4; n++) await pull(service);
    expect(await state()).toMatchObject([{ revision: 1, resolved_at: null }]);
  });

  it('ends when two summaries in a row name others only', async () => {
    server.serveSummary(
      'acme',
      { body: withComponent({ status: 'major_outage' }) },
      { body: summary({ components: [{ ...COMPONENT, id: 'other' }] }) },
    );
    await pull(service);
    expect((await pull(service)).body.resolved).toBe(0);
    expect((await pull(service)).body.resolved).toBe(1);
  });
});

describe('the life of a maintenance', () => {
  it('is an event from its beginning to its end, and pages nobody', async () => {
    const statuses = ['scheduled', 'in_progress', 'verifying', 'completed'];
    const counts: [stored: number, resolved: number][] = [];
    for (const [index, status] of statuses.entries()) {
      const maintenance = { ...MAINTENANCE, status, updated_at: time(`0${index + 1}:00`) };
      server.serveSummary('acme', { body: summary({ scheduled_maintenances: [maintenance] }) });
      const { body } = await pull(service);
      counts.push([body.stored, body.resolved]);
    }
    expect(counts).toEqual([
      [0, 0],
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
    expect(await state()).toMatchObject([{ severity: 'info', resolved_at: time('04:00') }]);
    expect(pagerDuty.calls).toEqual([]);
  });
});
