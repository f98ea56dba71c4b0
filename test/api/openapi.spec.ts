import { VERSION } from '../../src/config/version';
import { Draining } from '../../src/health/draining';
import { eventually } from '../harness/eventually';
import { answer as answerWith, FakeDestination } from '../harness/fake-destination';
import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed, type Answer } from '../harness/service-client';
import { differences, gaps, operationsOf, type ApiDocument, type Operation } from './api-document';
import { request, sendRaw } from './raw-http';

const NOWHERE = 'http://127.0.0.1:9/api/v2/summary.json';

let service: RunningService;
/** Its destination refuses everything, so that there are dead deliveries. */
let refused: RunningService;
/** It is configured for a real PagerDuty and has pages that cannot be read. */
let configured: RunningService;
let destination: FakeDestination;
let document: ApiDocument;
let operations: ReadonlyMap<string, Operation>;

beforeAll(async () => {
  destination = await FakeDestination.start(answerWith(400));
  service = await startService();
  refused = await startService({ PAGERDUTY_EVENTS_URL: destination.url });
  configured = await startService({
    PAGERDUTY_ROUTING_KEY: 'R0123456789abcdefghijklmnopqrstu',
    PAGERDUTY_EVENTS_URL: destination.url,
    SPREEDLY_STATUS_SUMMARY_URL: NOWHERE,
    BRAZE_STATUS_SUMMARY_URL: NOWHERE,
    PAGE_TIMEOUT_MS: '200',
  });
  configured.app.get(Draining).start();
  document = (await service.client.get('/docs-json')).body as unknown as ApiDocument;
  operations = operationsOf(document);
  await service.client.stripe(payoutFailed('evt_shown'));
  for (const id of ['evt_dead_1', 'evt_dead_2', 'evt_dead_3']) await refused.client.stripe(payoutFailed(id));
  await eventually(async () => {
    expect(await refused.client.deliveries('?status=dead')).toHaveLength(3);
  });
});
afterAll(async () => {
  await stopServices();
  await destination.stop();
});

interface Calls {
  readonly success: () => Promise<Answer>;
  readonly failure: () => Promise<Pick<Answer, 'status' | 'body'>>;
}

const message = { routing_key: 'R'.repeat(32), event_action: 'resolve', dedup_key: 'default/evt_1' };

/** One call of every operation that succeeds, and one that fails. */
const CALLS: Readonly<Record<string, Calls>> = {
  'POST /ingest/stripe': {
    success: () => service.client.stripe(payoutFailed('evt_success')),
    failure: () => service.client.stripe(payoutFailed('evt_failure'), { secret: 'whsec_of_somebody_else' }),
  },
  'POST /ingest/pull-status': {
    success: () => service.client.post('/ingest/pull-status'),
    failure: () => configured.client.post('/ingest/pull-status'),
  },
  'GET /events': {
    success: () => service.client.get('/events?limit=1&severity=critical'),
    failure: () => service.client.get('/events?limit=0'),
  },
  'GET /events/{event_id}': {
    success: () => service.client.get('/events/evt_shown'),
    failure: () => service.client.get('/events/evt_of_nobody'),
  },
  'POST /events/{event_id}/resolve': {
    success: () => service.client.post('/events/evt_shown/resolve', { note: 'mended' }),
    failure: () => service.client.post('/events/evt_of_nobody/resolve', {}),
  },
  'GET /deliveries': {
    success: () => refused.client.get('/deliveries?status=dead'),
    failure: () => refused.client.get('/deliveries?status=lost'),
  },
  'POST /deliveries/{id}/replay': {
    success: () => refused.client.post('/deliveries/1/replay'),
    failure: () => refused.client.post('/deliveries/999/replay'),
  },
  'POST /deliveries/replay': {
    success: () => refused.client.post('/deliveries/replay', { status: 'dead', destination: 'pagerduty' }),
    failure: () => refused.client.post('/deliveries/replay', { status: 'delivered' }),
  },
  'POST /destinations/pagerduty': {
    success: () => service.client.post('/destinations/pagerduty', message),
    failure: () => service.client.post('/destinations/pagerduty', {}),
  },
  'POST /destinations/pagerduty/v2/enqueue': {
    success: () => service.client.post('/destinations/pagerduty/v2/enqueue', message),
    failure: () => configured.client.post('/destinations/pagerduty/v2/enqueue', message),
  },
  'GET /destinations/pagerduty': {
    success: () => service.client.get('/destinations/pagerduty'),
    failure: () => configured.client.get('/destinations/pagerduty'),
  },
  'POST /ai/summarize': {
    success: () => service.client.post('/ai/summarize', { text: 'Payments fail' }),
    failure: () => service.client.post('/ai/summarize', { text: ' ' }),
  },
  'GET /healthz': {
    success: () => configured.client.get('/healthz'),
    failure: () => sendRaw(service.url, request('GET', '/healthz', ['A header without its colon'])) as never,
  },
  'GET /readyz': {
    success: () => service.client.get('/readyz'),
    failure: () => configured.client.get('/readyz'),
  },
};

describe('the OpenAPI document', () => {
  it('is there as JSON, and as a page whose parts are there too', async () => {
    expect(document.openapi).toMatch(/^3\./);
    expect(document.info.version).toBe(VERSION);
    const page = await service.client.get<string>('/docs');
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('swagger-ui') as unknown });
    const parts = [...page.body.matchAll(/(?:src|href)="(\.\/docs\/[^"]+)"/g)].map(([, path]) =>
      path!.slice(1),
    );
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(await service.client.get(part)).toMatchObject({ status: 200 });
  });

  it('describes every route that is served, but its own', () => {
    const served = service.log.flatMap(({ msg }) => {
      const route = /^Mapped \{(\S+), (\w+)\} route$/.exec(msg ?? '');
      return route === null ? [] : [`${route[2]} ${route[1]!.replace(/:(\w+)/g, '{$1}')}`];
    });
    expect(served.length).toBeGreaterThan(10);
    expect(new Set(served)).toEqual(new Set(operations.keys()));
  });

  it('has a successful and a failed call in this test for every operation', () => {
    expect(Object.keys(CALLS).sort()).toEqual([...operations.keys()].sort());
  });
});

describe.each(Object.entries(CALLS))('%s', (name, { success, failure }) => {
  const operation = (): Operation => operations.get(name)!;

  it('is described in full', () => {
    const { summary, operationId, tags, responses, requestBody } = operation();
    expect([summary, operationId, tags?.[0]]).toEqual(Array(3).fill(expect.stringMatching(/\S/)));
    const statuses = Object.keys(responses);
    expect(statuses.filter((status) => status.startsWith('2'))).toHaveLength(1);
    expect(statuses.filter((status) => /^[45]/.test(status)).length).toBeGreaterThan(0);
    for (const [status, { description, content }] of Object.entries(responses)) {
      expect([status, description]).toEqual([status, expect.stringMatching(/\S/)]);
      const { schema, example, examples } = content?.['application/json'] ?? {};
      expect([status, schema]).toEqual([status, expect.any(Object)]);
      const values = examples === undefined ? [example] : Object.values(examples).map(({ value }) => value);
      expect(values.length).toBeGreaterThan(0);
      for (const value of values) {
        expect([status, gaps(value, schema!, document)]).toEqual([status, []]);
        expect([status, differences(value, schema!, document)]).toEqual([status, []]);
      }
    }
    for (const { example, examples } of Object.values(requestBody?.content ?? {})) {
      expect(example ?? examples).toEqual(expect.any(Object));
    }
  });

  it('succeeds as described', async () => {
    const { status, body } = await success();
    const described = operation().responses[status]?.content?.['application/json']?.schema;
    expect([status, described]).toEqual([expect.any(Number), expect.any(Object)]);
    expect(differences(body, described!, document)).toEqual([]);
  });

  it('fails as described', async () => {
    const { status, body } = await failure();
    expect(status).toBeGreaterThanOrEqual(400);
    const media = operation().responses[status]?.content?.['application/json'];
    expect(media).toBeDefined();
    expect(differences(body, media!.schema!, document)).toEqual([]);
    const examples = media!.examples ?? { only: { value: media!.example } };
    const codes = Object.values(examples).map(({ value }) => (value as { code?: string }).code);
    expect(codes).toContain(body['code']);
  });
});
