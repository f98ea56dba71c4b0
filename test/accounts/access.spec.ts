import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { guardPages } from '../../src/accounts/guarded-pages';
import { ownToken } from '../../src/accounts/own-token';
import { AppModule } from '../../src/app.module';
import { Settings } from '../../src/config/settings';
import { createHttpAdapter } from '../../src/http/http-adapter';
import { describeApi } from '../../src/http/openapi';
import { loggingOptions } from '../../src/telemetry/logging';
import { eventually } from '../harness/eventually';
import { startService, stopServices } from '../harness/service';
import {
  payoutFailed,
  ServiceClient,
  STRIPE_SECRET,
  type Answer,
  type ShownDelivery,
  type ShownEvent,
} from '../harness/service-client';
import { signatureHeader } from '../../src/ingest/stripe-signature';
import { ADMIN_TOKEN, startGuarded, type GuardedClient, type GuardedService } from './guarded-service';

const METRICS_TOKEN = 'only-for-numbers';
const ACME_SECRET = 'whsec_of_acme_alone';

afterEach(stopServices);

/** Posts a critical event to the own Stripe endpoint of an account that has one. */
async function pageFor({ admin, nobody }: GuardedService, account: string, eventId: string): Promise<void> {
  const event = payoutFailed(eventId);
  const signature = signatureHeader(JSON.stringify(event), ACME_SECRET, Date.now());
  await admin.post('/accounts', { id: account, name: account, stripe_webhook_secrets: [ACME_SECRET] });
  const answer = await nobody.call('POST', `/ingest/stripe/${account}`, {
    body: event,
    headers: { 'stripe-signature': signature },
  });
  expect(answer.status).toBe(200);
}

describe('without ADMIN_TOKEN', () => {
  it('everything is open, whatever credential comes along', async () => {
    const { client } = await startService({ METRICS_TOKEN });
    await client.post('/accounts', { id: 'acme', name: 'Acme' });
    const { key } = (await client.post('/accounts/acme/keys', { scopes: ['ingest'] })).body;
    for (const token of [null, 'anything', METRICS_TOKEN, String(key)]) {
      const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
      for (const path of ['/events?account_id=other', '/deliveries', '/docs', '/docs-json', '/accounts']) {
        expect((await client.get(path, { headers })).status).toBe(200);
      }
    }
  });
});

describe('ADMIN_TOKEN', () => {
  it.each(['Bearer', 'bearer', 'BEARER'])('is taken behind %s', async (scheme) => {
    const { nobody } = await startGuarded();
    const headers = { authorization: `${scheme} ${ADMIN_TOKEN}` };
    expect((await nobody.call('GET', '/accounts', { headers })).status).toBe(200);
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    ADMIN_TOKEN,
    `Basic ${Buffer.from(`admin:${ADMIN_TOKEN}`).toString('base64')}`,
    `Bearer ${ADMIN_TOKEN} more`,
    `Bearer ${ADMIN_TOKEN}x`,
    `Bearer ${ADMIN_TOKEN.slice(0, -1)}`,
    `Bearer ${ADMIN_TOKEN.toUpperCase()}`,
    `Bearer x, Bearer ${ADMIN_TOKEN}`,
  ])('is not taken from %j', async (authorization) => {
    const { nobody } = await startGuarded();
    const answer = await nobody.call('GET', '/accounts', { headers: { authorization } });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });
});

describe('a route that does not say what it needs', () => {
  @Controller('undeclared')
  class UndeclaredController {
    @Get()
    show(): { readonly isOpen: boolean } {
      return { isOpen: true };
    }
  }

  let app: NestFastifyApplication | undefined;
  afterEach(() => app?.close());

  it('is for operators only, and the documentation says so', async () => {
    const { service, makeKey } = await startGuarded();
    const weak = await makeKey('acme', ['ingest', 'read']);
    const { environment } = service;
    await service.stop();

    const settings = Settings.load(environment);
    @Module({
      imports: [AppModule.with(settings, loggingOptions(settings))],
      controllers: [UndeclaredController],
    })
    class WithUndeclaredRoute {}
    app = await NestFactory.create<NestFastifyApplication>(WithUndeclaredRoute, createHttpAdapter(settings), {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    });
    guardPages(app);
    describeApi(app);
    await app.listen(0, '127.0.0.1');
    const client = new ServiceClient(await app.getUrl());
    const ask = (path: string, token: string | null): Promise<Answer> =>
      client.get(path, { headers: token === null ? {} : { authorization: `Bearer ${token}` } });
    expect((await ask('/undeclared', null)).status).toBe(401);
    expect((await ask('/undeclared', weak.key)).status).toBe(403);
    expect(await ask('/undeclared', ADMIN_TOKEN)).toMatchObject({ status: 200, body: { isOpen: true } });
    expect((await ask('/docs-json', ADMIN_TOKEN)).body).toMatchObject({
      paths: { '/undeclared': { get: { 'x-scope': 'admin', security: [{ bearer: [] }] } } },
    });
  });
});

describe('what the Swagger module serves', () => {
  const PAGES = [
    '/docs',
    '/docs/',
    '/docs-json',
    '/docs-yaml',
    '/docs/swagger-ui-init.js',
    '/docs/swagger-ui.css',
    '/docs/index.html',
    '/docs/./swagger-ui.css',
    '/%64ocs-json',
  ];

  it.each(PAGES)(
    '%s opens with ADMIN_TOKEN, METRICS_TOKEN or a read key, and with nothing less',
    async (path) => {
      const { as, nobody, makeKey } = await startGuarded({ METRICS_TOKEN });
      for (const method of ['GET', 'HEAD']) {
        const statusFor = async (client: GuardedClient): Promise<number> =>
          (await client.call(method, path)).status;
        expect(await statusFor(nobody)).toBe(401);
        expect(await statusFor(as('open-sesame'))).toBe(401);
        expect(await statusFor(as((await makeKey('acme', ['ingest'])).key))).toBe(403);
        for (const token of [ADMIN_TOKEN, METRICS_TOKEN, (await makeKey('acme', ['read'])).key]) {
          expect(await statusFor(as(token))).toBe(200);
        }
      }
    },
  );

  it('counts for the throttle, once', async () => {
    const { client } = await startService({ THROTTLE_LIMIT: '3' });
    const statuses: number[] = [];
    for (const path of ['/docs-json', '/docs/swagger-ui.css', '/docs', '/docs']) {
      statuses.push((await client.get(path)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });
});

describe('METRICS_TOKEN', () => {
  it('and ADMIN_TOKEN open the metrics, and no key of an account does', async () => {
    const { as, nobody, makeKey } = await startGuarded({ METRICS_TOKEN });
    for (const token of [METRICS_TOKEN, ADMIN_TOKEN]) {
      expect((await as(token).get('/metrics')).status).toBe(200);
    }
    const { key } = await makeKey('acme', ['ingest', 'read']);
    expect((await as(key).get('/metrics')).status).toBe(403);
    expect((await nobody.get('/metrics')).status).toBe(401);
  });

  it('opens nothing of the API', async () => {
    const { as } = await startGuarded({ METRICS_TOKEN });
    for (const path of ['/events', '/deliveries', '/accounts', '/destinations/pagerduty']) {
      expect((await as(METRICS_TOKEN).get(path)).status).toBe(403);
    }
  });
});

describe('a read key', () => {
  const ids = (events: unknown): string[] => (events as ShownEvent[]).map(({ event_id }) => event_id);

  it('shows events and deliveries of its own account alone, also where none is named', async () => {
    const guarded = await startGuarded();
    const { admin, as, makeKey } = guarded;
    await pageFor(guarded, 'acme', 'evt_acme');
    await pageFor(guarded, 'other', 'evt_other');
    const acme = as((await makeKey('acme', ['read'])).key);
    expect(ids((await admin.get('/events')).body['events'])).toEqual(['evt_other', 'evt_acme']);
    for (const query of ['', '?account_id=acme']) {
      expect(ids((await acme.get(`/events${query}`)).body['events'])).toEqual(['evt_acme']);
      expect((await acme.get(`/events/evt_acme${query}`)).body).toMatchObject({ account_id: 'acme' });
      await eventually(async () => {
        const { body } = await acme.get(`/deliveries${query}`);
        expect(ids(body['deliveries'] as ShownDelivery[])).toEqual(['evt_acme']);
      });
    }
    expect((await acme.get('/events/evt_other')).status).toBe(404);
    expect((await admin.get('/events/evt_acme')).status).toBe(404);
    expect((await admin.get('/events/evt_acme?account_id=acme')).status).toBe(200);
    const filtered = (await admin.get('/deliveries?account_id=other')).body['deliveries'];
    expect(ids(filtered)).toEqual(['evt_other']);
  });

  it('learns nothing of whether another account exists', async () => {
    const guarded = await startGuarded();
    const { admin, as, makeKey } = guarded;
    await pageFor(guarded, 'there', 'evt_there');
    await makeKey('deleted', ['read']);
    await admin.delete('/accounts/deleted');
    const acme = as((await makeKey('acme', ['read', 'ingest'])).key);
    for (const [method, path] of [
      ['GET', '/events?account_id='],
      ['GET', '/events/evt_there?account_id='],
      ['POST', '/events/evt_there/resolve?account_id='],
      ['GET', '/deliveries?account_id='],
      ['GET', '/accounts/'],
    ] as const) {
      const answers = await Promise.all(
        ['there', 'deleted', 'never'].map(async (account) => {
          const { status, body } = await acme.call(method, path + account);
          return { status, ...body, requestId: null };
        }),
      );
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]).toMatchObject({ status: 403, code: 'forbidden' });
    }
  });
});

describe('an ingest key', () => {
  it('resolves an event of its own account, and of no other', async () => {
    const guarded = await startGuarded();
    await pageFor(guarded, 'acme', 'evt_1');
    const { as, makeKey } = guarded;
    const other = as((await makeKey('other', ['ingest'])).key);
    expect((await other.post('/events/evt_1/resolve', {})).status).toBe(404);
    expect((await other.post('/events/evt_1/resolve?account_id=acme', {})).status).toBe(403);
    const acme = as((await makeKey('acme', ['ingest'])).key);
    expect((await acme.post('/events/evt_1/resolve', {})).body).toMatchObject({ changed: true });
  });

  it('posts events of its own account alone, and none of a deleted one', async () => {
    const { admin, as, makeKey } = await startGuarded();
    const event = (account_id: string): object => ({
      account_id,
      user_id: 'u1',
      type: 'signup',
      timestamp: new Date().toISOString(),
    });
    const { key } = await makeKey('acme', ['ingest']);
    expect((await as(key).post('/events', event('acme'))).status).toBe(202);
    const foreign = await as(key).post('/events', [event('acme'), event('other')]);
    expect(foreign).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await admin.post('/events', event('other'))).status).toBe(202);
    await admin.delete('/accounts/acme');
    expect((await as(key).post('/events', event('acme'))).status).toBe(401);
    const gone = await admin.post('/events', event('acme'));
    expect(gone).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('an admin key', () => {
  it('administers the whole service, whosever it is, and implies the other scopes', async () => {
    const guarded = await startGuarded();
    await pageFor(guarded, 'other', 'evt_other');
    const admin = guarded.as((await guarded.makeKey('acme', ['admin'])).key);
    expect((await admin.get('/events?account_id=other')).body).toMatchObject({
      events: [{ event_id: 'evt_other' }],
    });
    expect((await admin.post('/events/evt_other/resolve?account_id=other', {})).status).toBe(200);
    expect((await admin.post('/accounts', { id: 'third', name: 'Third' })).status).toBe(201);
  });
});

describe('the built-in mock of PagerDuty', () => {
  const message = { routing_key: 'R'.repeat(32), event_action: 'resolve', dedup_key: 'default/evt_1' };

  it('takes what the service itself sends, and shows it to operators', async () => {
    const guarded = await startGuarded();
    await pageFor(guarded, 'acme', 'evt_1');
    await eventually(async () => {
      const { body } = await guarded.admin.get('/destinations/pagerduty');
      expect(body).toMatchObject({ incidents: [{ dedup_key: 'acme/evt_1', state: 'triggered' }] });
    });
    await eventually(async () => {
      const { body } = await guarded.admin.get('/deliveries');
      expect(body).toMatchObject({ deliveries: [{ status: 'delivered' }] });
    });
  });

  it('takes nothing from tenants, and the service’s own token opens nothing else', async () => {
    const { service, as, makeKey } = await startGuarded();
    const tenant = as((await makeKey('acme', ['ingest', 'read'])).key);
    expect((await tenant.post('/destinations/pagerduty', message)).status).toBe(403);
    expect((await tenant.get('/destinations/pagerduty')).status).toBe(403);
    const own = as(String(ownToken(Settings.load(service.environment))));
    expect((await own.post('/destinations/pagerduty/v2/enqueue', message)).status).toBe(202);
    for (const path of ['/destinations/pagerduty', '/events', '/accounts', '/docs']) {
      expect((await own.get(path)).status).toBe(403);
    }
  });
});

describe('secrets', () => {
  it('are in no line of the log', async () => {
    const guarded = await startGuarded({ METRICS_TOKEN });
    await pageFor(guarded, 'acme', 'evt_1');
    const { key } = await guarded.makeKey('acme', ['read']);
    await guarded.as(key).get('/events');
    await guarded.as(`${key.slice(0, -1)}_`).get('/events');
    await guarded.as(METRICS_TOKEN).get('/docs-json');
    await guarded.admin.patch('/accounts/acme', { stripe_webhook_secrets: ['whsec_another_one'] });
    const log = JSON.stringify(guarded.service.log);
    for (const secret of [
      ADMIN_TOKEN,
      METRICS_TOKEN,
      ACME_SECRET,
      STRIPE_SECRET,
      'whsec_another_one',
      key.slice(13, -1),
    ]) {
      expect(log).not.toContain(secret);
    }
  });
});
