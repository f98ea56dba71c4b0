import { eventually } from '../harness/eventually';
import { stopServices } from '../harness/service';
import { withIncident } from './documents';
import { PageServer } from './page-server';
import { eventsOf, pull, startAgain, startWithPages } from './polled-service';

/** The shortest that the settings take. */
const STALE_MS = '1000';

let server: PageServer;

beforeEach(async () => {
  server = await PageServer.start();
});

afterEach(async () => {
  await stopServices();
  await server.close();
});

/** Promise 5 of the design. */
describe('promise 5: a page that stays unreadable', () => {
  it('becomes one warning event, which ends when the page is read again, and counts as no signal', async () => {
    server.serveSummary('acme', { body: withIncident() }, { body: '<html>' });
    server.serveSummary('well', { body: withIncident() });
    let service = await startWithPages(server, ['acme', 'well'], { SOURCE_STALE_MS: STALE_MS });
    await pull(service);
    await pull(service);
    expect(await eventsOf(service, '&severity=warning')).toEqual([]);

    const [stale] = await eventually(async () => {
      expect((await pull(service)).body).toMatchObject({ stored: 0, routed: 0 });
      const events = await eventsOf(service, '&severity=warning');
      expect(events).toHaveLength(1);
      return events;
    });
    expect(stale).toMatchObject({
      event_id: `acme_status:unreadable:${stale?.started_at}`,
      source: 'acme_status',
      service: 'acme',
      kind: 'status',
      type: 'source_unreadable',
      severity: 'warning',
      summary: 'The status page of acme cannot be read',
      resolved_at: null,
      routed: false,
    });
    await pull(service);
    await service.stop();
    service = await startAgain(service);
    server.serveSummary('acme', { status: 500 });
    await pull(service);
    expect(await eventsOf(service, '&severity=warning')).toEqual([stale]);
    const incident = await eventsOf(service, '&source=acme_status&kind=incident');
    expect(incident).toMatchObject([{ revision: 1, resolved_at: null }]);
    const { body } = await service.client.get('/readyz');
    expect(JSON.stringify(body)).toContain('"last_error_code":"http_5xx","is_stale":true');

    server.serveSummary('acme', { body: withIncident() });
    expect((await pull(service)).body).toMatchObject({
      fetched: { acme: 1, well: 1 },
      updated: 0,
      resolved: 0,
    });
    const [over] = await eventsOf(service, '&severity=warning');
    expect(over).toMatchObject({
      event_id: stale?.event_id,
      revision: 2,
      resolved_at: expect.any(String) as string,
    });
    expect(Date.parse(over?.resolved_at ?? '')).toBeGreaterThan(Date.parse(over?.started_at ?? ''));
    await pull(service);
    expect(await eventsOf(service, '&severity=warning')).toEqual([over]);
  });

  it('is not unreadable for as long as failures have successes between them', async () => {
    const valid = { body: withIncident() };
    const service = await startWithPages(server, ['acme'], { SOURCE_STALE_MS: STALE_MS });
    const endAt = Date.now() + 1_500;
    while (Date.now() < endAt) {
      server.serveSummary('acme', { body: '<html>' }, valid);
      await pull(service);
      await pull(service);
    }
    expect(await eventsOf(service, '&severity=warning')).toEqual([]);
  });
});
