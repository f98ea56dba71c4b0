import { eventually } from '../harness/eventually';
import { startService, stopServices, type RunningService } from '../harness/service';
import { INCIDENT, summary, withComponent, withIncident } from './documents';
import { gzipped, PageServer, redirectTo } from './page-server';
import { eventsOf, NEVER, pull, startWithPages } from './polled-service';

let server: PageServer;

beforeEach(async () => {
  server = await PageServer.start();
});

afterEach(async () => {
  await stopServices();
  await server.close();
});

const NOTHING = { stored: 0, routed: 0, updated: 0, resolved: 0 };

describe('POST /ingest/pull-status', () => {
  it('reads the fixtures where no page has a URL, and the second time finds nothing new', async () => {
    const service = await startService();
    const first = await pull(service);
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      fetched: { spreedly: 1, braze: 1 },
      stored: 2,
      routed: 1,
      updated: 0,
      resolved: 0,
    });
    expect((await pull(service)).body).toEqual({ fetched: { spreedly: 1, braze: 1 }, ...NOTHING });
    expect(await eventsOf(service)).toMatchObject([
      {
        event_id: 'braze_status:comp_dashboard:2024-01-15T11:00:00.000Z',
        severity: 'warning',
        routed: false,
      },
      { event_id: 'spreedly_status:inc_spreedly_1', severity: 'critical', routed: true },
    ]);
  });

  it('reads nothing in production where no page has a URL, and says so', async () => {
    const service = await startService({ NODE_ENV: 'production' });
    const { status, body } = await pull(service);
    expect(status).toBe(200);
    expect(body).toEqual({
      fetched: {},
      ...NOTHING,
      warning: expect.stringContaining('STATUS_PAGES') as string,
    });
  });

  it('reads every configured page, each under its own name', async () => {
    server.serveSummary('spreedly', { body: withIncident() });
    server.serveSummary('braze', { body: withComponent({ status: 'degraded_performance' }) });
    server.serveSummary('acme', gzipped(withIncident({ impact: 'none' })));
    const service = await startWithPages(server, ['acme'], {
      SPREEDLY_STATUS_SUMMARY_URL: server.summaryUrl('spreedly'),
      BRAZE_STATUS_SUMMARY_URL: server.summaryUrl('braze'),
    });
    const { body } = await pull(service);
    expect(body).toEqual({ ...NOTHING, fetched: { spreedly: 1, braze: 1, acme: 1 }, stored: 3, routed: 1 });
    expect(await eventsOf(service)).toMatchObject([
      { event_id: 'acme_status:inc1', source: 'acme_status', service: 'acme', severity: 'info' },
      { event_id: 'braze_status:cmp1:2031-03-01T08:00:00.000Z', source: 'braze_status', service: 'braze' },
      { event_id: 'spreedly_status:inc1', source: 'spreedly_status', service: 'spreedly' },
    ]);
  });

  it('keeps the item and not the page as the signal, and the request that brought it', async () => {
    server.serveSummary('acme', { body: withIncident() });
    const service = await startWithPages(server, ['acme']);
    await service.client.post('/ingest/pull-status', undefined, { 'x-request-id': 'pull-7' });
    expect(await eventsOf(service)).toMatchObject([{ raw: INCIDENT, request_id: 'pull-7' }]);
  });

  it('names the page that fails beside those that were read', async () => {
    server.serveSummary('acme', { body: '<html>', headers: { 'content-type': 'text/html' } });
    server.serveSummary('good', { body: withIncident() });
    const service = await startWithPages(server, ['acme', 'good']);
    const { status, body } = await pull(service);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...NOTHING,
      fetched: { good: 1 },
      stored: 1,
      routed: 1,
      errors: [
        {
          page: 'acme',
          source: 'acme_status',
          code: 'not_json',
          message: expect.stringContaining('text/html') as string,
        },
      ],
    });
  });

  it('answers 502 in the shape of all errors where every page fails', async () => {
    server.serveSummary('acme', { body: {} });
    server.serveSummary('other', { status: 404 });
    const service = await startWithPages(server, ['acme', 'other']);
    const { status, body } = await service.client.post('/ingest/pull-status', undefined, {
      'x-request-id': 'r1',
    });
    expect(status).toBe(502);
    expect(body).toEqual({
      statusCode: 502,
      error: 'Bad Gateway',
      message: 'No status page could be read.',
      code: 'all_pages_failed',
      requestId: 'r1',
      errors: [
        { page: 'acme', source: 'acme_status', code: 'not_a_summary', message: expect.any(String) as string },
        { page: 'other', source: 'other_status', code: 'http_4xx', message: expect.any(String) as string },
      ],
    });
    expect(await eventsOf(service)).toEqual([]);
  });

  it('lets concurrent calls share one poll', async () => {
    server.serveSummary('acme', { body: withIncident(), delayMs: 100 });
    const service = await startWithPages(server, ['acme']);
    const answers = await Promise.all(Array.from({ length: 20 }, () => pull(service)));
    expect(server.summaryRequests('acme')).toHaveLength(1);
    for (const { body } of answers)
      expect(body).toMatchObject({ fetched: { acme: 1 }, stored: 1, routed: 1 });
    expect(await eventsOf(service)).toHaveLength(1);
  });

  it('lets a late call share a poll of which only one page is still missing', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    server.serveSummary('fast', { body: withIncident() });
    server.serveSummary('slow', { body: withIncident(), after: released });
    const service = await startWithPages(server, ['fast', 'slow']);
    const first = pull(service);
    await eventually(async () => expect(await eventsOf(service)).toHaveLength(1));
    const second = pull(service);
    // Once this is answered, the call that was made before it has been taken up.
    await service.client.get('/healthz');
    release();
    expect((await first).body).toEqual((await second).body);
    expect(server.requests).toHaveLength(2);
  });

  it('reads a healthy page although another hangs', async () => {
    server.serveSummary('slow', { instead: 'hang' });
    server.serveSummary('good', { body: withIncident() });
    const service = await startWithPages(server, ['slow', 'good'], { PAGE_TIMEOUT_MS: '2000' });
    const { body } = await pull(service);
    expect(body).toMatchObject({
      fetched: { good: 1 },
      stored: 1,
      errors: [{ page: 'slow', code: 'timeout' }],
    });
  });

  it('asks a failing page again, follows a moved one, and does not read one that is too large', async () => {
    server.serveSummary('flaky', { status: 502 }, { instead: 'reset' }, { body: withIncident() });
    server.serveSummary('moved', redirectTo('/new/api/v2/summary.json', 301));
    server.serveSummary('new', { body: withIncident() });
    server.serveSummary('large', { body: withIncident({ padding: 'x'.repeat(20_000) }) });
    server.serveSummary('round', redirectTo('/round/api/v2/summary.json'));
    const service = await startWithPages(server, ['flaky', 'moved', 'large', 'round'], {
      PAGE_MAX_BYTES: '10000',
    });
    const { body } = await pull(service);
    expect(body).toMatchObject({
      fetched: { flaky: 1, moved: 1 },
      errors: [
        { page: 'large', code: 'too_large' },
        { page: 'round', code: 'too_many_redirects' },
      ],
    });
    expect(server.summaryRequests('flaky')).toHaveLength(3);
    expect(server.summaryRequests('round')).toHaveLength(4);
  });

  it('does not ask a page again before the time it named, even after a restart', async () => {
    server.serveSummary(
      'acme',
      { status: 503, headers: { 'retry-after': '3600' } },
      { body: withIncident() },
    );
    const service = await startWithPages(server, ['acme']);
    expect((await pull(service)).body.errors).toMatchObject([{ code: 'http_5xx' }]);
    expect((await pull(service)).body.errors).toMatchObject([{ code: 'retry_later' }]);
    await service.stop();
    const again = await startService(service.environment);
    expect((await pull(again)).body.errors).toMatchObject([{ code: 'retry_later' }]);
    expect(server.summaryRequests('acme')).toHaveLength(1);
  });

  it('leaves a page alone that keeps failing, and shows its breaker', async () => {
    server.serveSummary('acme', { status: 500 });
    const service = await startWithPages(server, ['acme'], { BREAKER_RESET_MS: '60000' });
    for (let n = 0; n < 3; n++)
      expect((await pull(service)).body.errors).toMatchObject([{ code: 'http_5xx' }]);
    const asked = server.requests.length;
    expect((await pull(service)).body.errors).toMatchObject([{ code: 'breaker_open' }]);
    expect(server.requests).toHaveLength(asked);
    const ready = await service.client.get('/readyz');
    expect(JSON.stringify(ready.body)).toContain('"name":"page:acme","state":"open"');
    expect(ready.status).toBe(200);
  });

  it('gives up what it is fetching when the service stops', async () => {
    server.serveSummary('acme', { instead: 'hang' });
    const service: RunningService = await startWithPages(server, ['acme'], { PAGE_TIMEOUT_MS: '60000' });
    const pulled = pull(service);
    while (server.requests.length === 0) await new Promise(setImmediate);
    await service.stop();
    expect((await pulled).body.errors).toMatchObject([{ code: 'aborted' }]);
    server.serveSummary('acme', { body: summary() });
    const again = await startService(service.environment);
    const { body } = await again.client.get<{ details: { sources: { pages: object[] } } }>('/readyz');
    expect(body.details.sources.pages).toMatchObject([{ page: 'acme', failing_since: null }]);
  });

  it('needs no body, and takes no other method', async () => {
    const service = await startService({ STATUS_POLL_CRON: NEVER });
    expect((await service.client.get('/ingest/pull-status')).status).toBe(404);
    expect((await service.client.post('/ingest/pull-status', {})).status).toBe(200);
  });
});
