import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../../src/config/version';
import { Draining } from '../../src/health/draining';
import { eventually } from '../harness/eventually';
import { answer as answerWith, FakeDestination } from '../harness/fake-destination';
import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed, type Answer } from '../harness/service-client';
import { temporaryFolder } from '../harness/temporary-folder';
import { LocalProvider } from '../people/local-provider';
import {
  differences,
  gaps,
  operationsOf,
  type ApiDocument,
  type Content,
  type Operation,
} from './api-document';
import { monitorCalls } from './monitor-calls';
import type { Calls } from './operation-calls';
import { publicPageCalls } from './public-page-calls';
import { request, sendRaw } from './raw-http';
import { routeCalls } from './route-calls';
import { sloCalls } from './slo-calls';

const ACME_SECRET = 'whsec_of_acme_alone';
const SIGNING_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const NOWHERE = 'http://127.0.0.1:9/api/v2/summary.json';

let service: RunningService;
/** Its destination refuses everything, so that there are dead deliveries. */
let refused: RunningService;
/** It is configured for a real PagerDuty and has pages that cannot be read. */
let configured: RunningService;
/** It has an OpenID provider. */
let provided: RunningService;
let provider: LocalProvider;
let destination: FakeDestination;
let acmeKeyId: string;
let deadDeliveryId: number;
let destinationId: string;
let document: ApiDocument;
let operations: ReadonlyMap<string, Operation>;

beforeAll(async () => {
  destination = await FakeDestination.start(answerWith(400));
  const file = join(temporaryFolder(), 'monitors.yaml');
  writeFileSync(file, 'monitors: []');
  service = await startService({ MONITORS_FILE: file, ALLOW_PRIVATE_TARGETS: 'true' });
  refused = await startService({ PAGERDUTY_EVENTS_URL: destination.url });
  configured = await startService({
    PAGERDUTY_ROUTING_KEY: 'R0123456789abcdefghijklmnopqrstu',
    PAGERDUTY_EVENTS_URL: destination.url,
    SPREEDLY_STATUS_SUMMARY_URL: NOWHERE,
    BRAZE_STATUS_SUMMARY_URL: NOWHERE,
    PAGE_TIMEOUT_MS: '200',
    UPSTREAM_API_URL: NOWHERE,
  });
  configured.app.get(Draining).start();
  provider = await LocalProvider.start({
    accounts: { ada: { email: 'ada@acme.example', email_verified: true } },
  });
  provided = await startService(provider.environment);
  document = (await service.client.get('/docs-json')).body as unknown as ApiDocument;
  operations = operationsOf(document);
  await service.client.stripe(payoutFailed('evt_shown'));
  await service.client.post('/accounts', { id: 'acme', name: 'Acme', stripe_webhook_secrets: [ACME_SECRET] });
  await service.client.post('/accounts', { id: 'gone', name: 'Gone' });
  acmeKeyId = String((await service.client.post('/accounts/acme/keys', { scopes: ['read'] })).body['id']);
  destinationId = String((await service.client.post('/destinations', webhook('first'))).body['id']);
  for (const id of ['evt_dead_1', 'evt_dead_2', 'evt_dead_3']) await refused.client.stripe(payoutFailed(id));
  await eventually(async () => {
    expect(await refused.client.deliveries('?status=dead')).toHaveLength(3);
  });
  deadDeliveryId = (await refused.client.deliveries('?status=dead'))[1]!.id;
});
afterAll(async () => {
  await stopServices();
  await provider.stop();
  await destination.stop();
});

const webhook = (name: string): Record<string, unknown> => {
  return { name, type: 'webhook', settings: { url: destination.url, secret: SIGNING_SECRET } };
};

const message = { routing_key: 'R'.repeat(32), event_action: 'resolve', dedup_key: 'default/evt_1' };

const tenantEvent = {
  account_id: 'acme',
  user_id: 'user-17',
  type: 'login',
  timestamp: '2026-01-15T10:40:00.000Z',
};

const PASSWORD = 'a quite long sentence of mine';

/** Invites somebody new to the account `acme`; gives what the invitation's answer says. */
async function invite(client = service.client): Promise<Record<string, unknown>> {
  const email = `person-${randomUUID()}@acme.example`;
  return { email, ...(await client.post('/accounts/acme/invitations', { email, role: 'viewer' })).body };
}

/** Somebody new of the account `acme`, who has logged in. */
async function person(): Promise<{
  id: string;
  email: string;
  refresh_token: string;
  authorization: string;
}> {
  const { email, token } = await invite();
  const { body } = await service.client.post('/auth/accept', { token, password: PASSWORD });
  const { id } = body['person'] as { id: string };
  const authorization = `Bearer ${String(body['access_token'])}`;
  return { id, email: String(email), refresh_token: String(body['refresh_token']), authorization };
}

/** Comes back from the OpenID provider, invited. */
async function comeBack(): Promise<Answer> {
  const { client } = provided;
  await client.post('/accounts', { id: 'acme', name: 'Acme' });
  await client.post('/accounts/acme/invitations', { email: 'ada@acme.example', role: 'viewer' });
  const begun = await client.get('/auth/oidc', { redirect: 'manual' });
  const { search } = await provider.visit(begun.headers.get('location') ?? '', 'ada');
  const cookie = begun.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return client.get(`/auth/oidc/callback${search}`, { headers: { cookie } });
}

const NOBODY = '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11';

/** One call of every operation that succeeds, and one that fails. */
const CALLS: Readonly<Record<string, Calls>> = {
  'POST /ingest/stripe': {
    success: () => service.client.stripe(payoutFailed('evt_success')),
    failure: () => service.client.stripe(payoutFailed('evt_failure'), { secret: 'whsec_of_somebody_else' }),
  },
  'POST /ingest/stripe/{account_id}': {
    success: () => service.client.stripe(payoutFailed('evt_acme'), { account: 'acme', secret: ACME_SECRET }),
    failure: () =>
      service.client.stripe(payoutFailed('evt_nobody'), { account: 'nobody', secret: ACME_SECRET }),
  },
  'POST /accounts': {
    success: () => service.client.post('/accounts', { id: 'new', name: 'New', limits: { burst: 10 } }),
    failure: () => service.client.post('/accounts', { id: 'acme', name: 'Acme' }),
  },
  'GET /accounts': {
    success: () => service.client.get('/accounts?limit=1'),
    failure: () => service.client.get('/accounts?limit=0'),
  },
  'GET /accounts/{id}': {
    success: () => service.client.get('/accounts/acme'),
    failure: () => service.client.get('/accounts/nobody'),
  },
  'GET /accounts/{id}/summary': {
    success: () => service.client.get('/accounts/acme/summary?window=7d'),
    failure: () => service.client.get('/accounts/acme/summary?window=1y'),
  },
  'PATCH /accounts/{id}': {
    success: () => service.client.post('/accounts/acme', { name: 'Acme 2' }, {}, 'PATCH'),
    failure: () => service.client.post('/accounts/nobody', { name: 'Nobody' }, {}, 'PATCH'),
  },
  'DELETE /accounts/{id}': {
    success: () => service.client.get('/accounts/gone', { method: 'DELETE' }),
    failure: () => service.client.get('/accounts/nobody', { method: 'DELETE' }),
  },
  'POST /accounts/{id}/keys': {
    success: () => service.client.post('/accounts/acme/keys', { scopes: ['read'] }),
    failure: () => service.client.post('/accounts/nobody/keys', { scopes: ['read'] }),
  },
  'GET /accounts/{id}/keys': {
    success: () => service.client.get('/accounts/acme/keys?limit=1'),
    failure: () => service.client.get('/accounts/nobody/keys'),
  },
  'DELETE /accounts/{id}/keys/{key_id}': {
    success: () => service.client.get(`/accounts/acme/keys/${acmeKeyId}`, { method: 'DELETE' }),
    failure: () =>
      service.client.get('/accounts/nobody/keys/0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11', { method: 'DELETE' }),
  },
  'POST /accounts/{id}/invitations': {
    success: () =>
      service.client.post('/accounts/acme/invitations', { email: 'b@acme.example', role: 'viewer' }),
    failure: () => service.client.post('/accounts/acme/invitations', { email: 'b', role: 'viewer' }),
  },
  'GET /accounts/{id}/invitations': {
    success: async () => {
      await invite();
      return service.client.get('/accounts/acme/invitations?limit=1');
    },
    failure: () => service.client.get('/accounts/nobody/invitations'),
  },
  'DELETE /accounts/{id}/invitations/{invitation_id}': {
    success: async () =>
      service.client.get(`/accounts/acme/invitations/${String((await invite())['id'])}`, {
        method: 'DELETE',
      }),
    failure: () => service.client.get(`/accounts/acme/invitations/${NOBODY}`, { method: 'DELETE' }),
  },
  'GET /accounts/{id}/people': {
    success: async () => {
      await person();
      return service.client.get('/accounts/acme/people?limit=1');
    },
    failure: () => service.client.get('/accounts/nobody/people'),
  },
  'PATCH /accounts/{id}/people/{person_id}': {
    success: async () => {
      return service.client.post(
        `/accounts/acme/people/${(await person()).id}`,
        { role: 'admin' },
        {},
        'PATCH',
      );
    },
    failure: () => service.client.post(`/accounts/acme/people/${NOBODY}`, { role: 'admin' }, {}, 'PATCH'),
  },
  'DELETE /accounts/{id}/people/{person_id}': {
    success: async () =>
      service.client.get(`/accounts/acme/people/${(await person()).id}`, { method: 'DELETE' }),
    failure: () => service.client.get(`/accounts/acme/people/${NOBODY}`, { method: 'DELETE' }),
  },
  'POST /auth/login': {
    success: async () =>
      service.client.post('/auth/login', { email: (await person()).email, password: PASSWORD }),
    failure: () => service.client.post('/auth/login', { email: 'nobody@acme.example', password: PASSWORD }),
  },
  'POST /auth/accept': {
    success: async () => {
      return service.client.post('/auth/accept', { token: (await invite())['token'], password: PASSWORD });
    },
    failure: async () => {
      return service.client.post('/auth/accept', { token: (await invite())['token'], password: 'short' });
    },
  },
  'POST /auth/refresh': {
    success: async () => {
      return service.client.post('/auth/refresh', { refresh_token: (await person()).refresh_token });
    },
    failure: () => service.client.post('/auth/refresh', { refresh_token: 'sbr_of_nobody' }),
  },
  'POST /auth/logout': {
    success: async () => {
      return service.client.post('/auth/logout', { refresh_token: (await person()).refresh_token });
    },
    failure: () => service.client.post('/auth/logout', { refresh_token: 1 }),
  },
  'GET /auth/me': {
    success: async () => {
      const { authorization } = await person();
      return service.client.get('/auth/me', { headers: { authorization } });
    },
    failure: () => sendRaw(service.url, request('GET', '/auth/me', ['A header without its colon'])) as never,
  },
  'POST /auth/password': {
    success: async () => {
      const body = { current_password: PASSWORD, new_password: 'another quite long sentence' };
      const { authorization } = await person();
      return service.client.post('/auth/password', body, { authorization });
    },
    failure: () => {
      return service.client.post('/auth/password', { current_password: PASSWORD, new_password: PASSWORD });
    },
  },
  'GET /auth/oidc': {
    success: () => provided.client.get('/auth/oidc', { redirect: 'manual' }),
    failure: () => service.client.get('/auth/oidc'),
  },
  'GET /auth/oidc/callback': {
    success: () => comeBack(),
    failure: () => service.client.get('/auth/oidc/callback?code=a&state=b'),
  },
  'GET /audit': {
    success: () => service.client.get('/audit?account_id=acme&limit=1'),
    failure: () => service.client.get('/audit?limit=0'),
  },
  'POST /ingest/pull-status': {
    success: () => service.client.post('/ingest/pull-status'),
    failure: () => configured.client.post('/ingest/pull-status'),
  },
  'POST /events': {
    success: () => service.client.post('/events', [tenantEvent]),
    failure: () => service.client.post('/events', [tenantEvent, { ...tenantEvent, severity: 'fatal' }]),
  },
  'GET /events': {
    success: () => service.client.get('/events?limit=1&severity=critical'),
    failure: () => service.client.get('/events?limit=0'),
  },
  'GET /events/stream': {
    success: () => beginningOf('/events/stream'),
    failure: () => service.client.get('/events/stream', { headers: { 'last-event-id': 'the last' } }),
  },
  'GET /services': {
    success: () => service.client.get('/services'),
    failure: () => service.client.get('/services?account_id=-'),
  },
  'GET /sources': {
    success: () => service.client.get('/sources'),
    failure: () => service.client.get('/sources?account_id=-'),
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
  'POST /destinations': {
    success: () => service.client.post('/destinations', webhook('second')),
    failure: () => service.client.post('/destinations', webhook('first')),
  },
  'GET /destinations': {
    success: () => service.client.get('/destinations?account_id=default&limit=1'),
    failure: () => service.client.get('/destinations?limit=0'),
  },
  'GET /destinations/{id}': {
    success: () => service.client.get(`/destinations/${destinationId}`),
    failure: () => service.client.get('/destinations/webhook-of-nobody'),
  },
  'PATCH /destinations/{id}': {
    success: () => service.client.post(`/destinations/${destinationId}`, { enabled: false }, {}, 'PATCH'),
    failure: () =>
      service.client.post(`/destinations/${destinationId}`, { settings: { secret: 'weak' } }, {}, 'PATCH'),
  },
  'POST /destinations/{id}/test': {
    success: () => service.client.post(`/destinations/${destinationId}/test`),
    failure: () => service.client.post('/destinations/webhook-of-nobody/test'),
  },
  'DELETE /destinations/{id}': {
    success: async () => {
      const { body } = await service.client.post('/destinations', webhook('third'));
      return service.client.get(`/destinations/${String(body['id'])}`, { method: 'DELETE' });
    },
    failure: () => service.client.get('/destinations/webhook-of-nobody', { method: 'DELETE' }),
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
  'GET /metrics': {
    success: () => service.client.get('/metrics'),
    failure: () => sendRaw(service.url, request('GET', '/metrics', ['A header without its colon'])) as never,
  },
  'GET /dead-letters': {
    success: () => refused.client.get('/dead-letters?queue=deliveries&limit=1'),
    failure: () => refused.client.get('/dead-letters?queue=others'),
  },
  'POST /dead-letters/{id}/replay': {
    success: () => refused.client.post(`/dead-letters/deliveries-${deadDeliveryId}/replay`),
    failure: () => refused.client.post('/dead-letters/events-1/replay'),
  },
  'POST /dead-letters/replay': {
    success: () => service.client.post('/dead-letters/replay', { queue: 'events' }),
    failure: () => service.client.post('/dead-letters/replay', { queue: 'others' }),
  },
  'GET /api/getUsers': {
    success: () => service.client.get('/api/getUsers'),
    failure: () => configured.client.get('/api/getUsers'),
  },
  'GET /api/getEvents': {
    success: () => service.client.get('/api/getEvents'),
    failure: () => configured.client.get('/api/getEvents'),
  },
  'GET /api/getEventsByUserId/{id}': {
    success: () => service.client.get('/api/getEventsByUserId/u-grace'),
    failure: () => service.client.get('/api/getEventsByUserId/nobody'),
  },
  'POST /api/addEvent': {
    success: () => service.client.post('/api/addEvent', { name: 'Order placed', userId: 'u-ada' }),
    failure: () => configured.client.post('/api/addEvent', { name: 'Order placed', userId: 'u-ada' }),
  },
  'GET /readyz': {
    success: () => service.client.get('/readyz'),
    failure: () => configured.client.get('/readyz'),
  },
  ...monitorCalls(
    () => service,
    () => refused,
  ),
  ...routeCalls(() => service),
  ...sloCalls(() => service),
  ...publicPageCalls(() => service),
};

/** The beginning of an answer that has no end. */
async function beginningOf(path: string): Promise<Answer> {
  const ended = new AbortController();
  const response = await fetch(`${service.url}${path}`, { signal: ended.signal });
  const [piece] = await response
    .body!.values()
    .next()
    .then(({ value }) => [value as Uint8Array]);
  ended.abort();
  const body = Buffer.from(piece!).toString() as unknown as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

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
    const ofApi = served.filter((route) => !/^GET \/(?:console.*)?$/.test(route));
    expect(ofApi.length).toBeGreaterThan(10);
    expect(new Set(ofApi)).toEqual(new Set(operations.keys()));
  });

  it('has a successful and a failed call in this test for every operation', () => {
    expect(Object.keys(CALLS).sort()).toEqual([...operations.keys()].sort());
  });
});

/** What an answer is described by: as JSON, or as what else it comes in. */
function mediaOf(content: Content = {}): Content[string] | undefined {
  return content['application/json'] ?? Object.values(content)[0];
}

describe.each(Object.entries(CALLS))('%s', (name, { success, failure }) => {
  const operation = (): Operation => operations.get(name)!;

  it('is described in full', () => {
    const { summary, operationId, tags, responses, requestBody } = operation();
    expect([summary, operationId, tags?.[0]]).toEqual(Array(3).fill(expect.stringMatching(/\S/)));
    const statuses = Object.keys(responses);
    expect(statuses.filter((status) => /^[23]/.test(status))).toHaveLength(1);
    expect(statuses.filter((status) => /^[45]/.test(status)).length).toBeGreaterThan(0);
    for (const [status, { description, content }] of Object.entries(responses)) {
      expect([status, description]).toEqual([status, expect.stringMatching(/\S/)]);
      if (status === '204' || status === '302') {
        expect(content).toBeUndefined();
        continue;
      }
      const { schema, example, examples } = mediaOf(content) ?? {};
      expect([status, schema]).toEqual([status, expect.any(Object)]);
      const values = examples === undefined ? [example] : Object.values(examples).map(({ value }) => value);
      expect(values.length).toBeGreaterThan(0);
      // What only some of the answers have, one of the examples has to show.
      const shown = values.length === 1 ? values[0] : (Object.assign({}, ...values) as unknown);
      expect([status, gaps(shown, schema!, document)]).toEqual([status, []]);
      for (const value of values) {
        expect([status, differences(value, schema!, document)]).toEqual([status, []]);
      }
    }
    for (const { example, examples } of Object.values(requestBody?.content ?? {})) {
      expect(example ?? examples).toEqual(expect.any(Object));
    }
  });

  it('succeeds as described', async () => {
    const { status, body } = await success();
    const described = mediaOf(operation().responses[status]?.content)?.schema;
    if (status === 204 || status === 302) {
      expect([body, described]).toEqual(['', undefined]);
      return;
    }
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
