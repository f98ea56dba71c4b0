import { startGuarded, type GuardedService } from '../accounts/guarded-service';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { add, OLD_SECRET, ROUTING_KEY, SECRET, startSending } from './own-destinations';
import { Receiver, reply } from './receiver';

const PUBLIC_URL = 'https://hooks.example.com/signalbox?key=a-key-in-a-query';
const WEBHOOK = { name: 'on-call', type: 'webhook', settings: { url: PUBLIC_URL, secret: SECRET } };

afterEach(stopServices);

describe('a destination', () => {
  let guarded: GuardedService;
  beforeEach(async () => {
    guarded = await startGuarded();
  });

  const create = (changes: object = {}): Promise<Answer> =>
    guarded.admin.post('/destinations', { ...WEBHOOK, ...changes });

  it('is added, shown without its secrets, changed, listed and deleted', async () => {
    const { admin } = guarded;
    const added = await create({ account_id: 'acme' });
    expect(added).toMatchObject({ status: 201 });
    const { id } = added.body as { id: string };
    expect(added.body).toEqual({
      id: expect.stringMatching(/^webhook-[0-9a-f]{12}$/) as unknown,
      account_id: 'acme',
      name: 'on-call',
      type: 'webhook',
      settings: {
        url: 'https://hooks.example.com/signalbox?[redacted]',
        secret: '[redacted]',
        previous_secrets: [],
      },
      enabled: true,
      origin: 'api',
      created_at: expect.any(String) as unknown,
      updated_at: expect.any(String) as unknown,
    });
    expect((await admin.get(`/destinations/${id}`)).body).toEqual(added.body);
    const changed = await admin.patch(`/destinations/${id}`, {
      enabled: false,
      settings: { previous_secrets: [OLD_SECRET] },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { enabled: false, settings: { secret: '[redacted]', previous_secrets: ['[redacted]'] } },
    });
    const { updated_at } = changed.body;
    expect((await admin.get('/destinations?account_id=acme')).body).toEqual({
      destinations: [{ ...added.body, enabled: false, updated_at, settings: changed.body['settings'] }],
      next_cursor: null,
    });
    expect((await admin.delete(`/destinations/${id}`)).status).toBe(204);
    for (const answer of await Promise.all([
      admin.get(`/destinations/${id}`),
      admin.patch(`/destinations/${id}`, {}),
      admin.delete(`/destinations/${id}`),
      admin.post(`/destinations/${id}/test`),
    ])) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'destination_not_found' } });
    }
    expect((await admin.get('/destinations')).body).toEqual({ destinations: [], next_cursor: null });
  });

  it('is listed page by page', async () => {
    for (let n = 0; n < 5; n++) await create({ name: `d-${n}` });
    const names: unknown[] = [];
    for (let query: string | null = ''; query !== null;) {
      const { body } = await guarded.admin.get(`/destinations?limit=2${query}`);
      const page = body as { destinations: { name: string }[]; next_cursor: string | null };
      names.push(...page.destinations.map(({ name }) => name));
      query = page.next_cursor === null ? null : `&cursor=${page.next_cursor}`;
    }
    expect(names.sort()).toEqual(['d-0', 'd-1', 'd-2', 'd-3', 'd-4']);
  });

  it('has a name of its own in its account, which is free again once it is deleted', async () => {
    const { body } = await create();
    expect(await create()).toMatchObject({ status: 409, body: { code: 'destination_exists' } });
    expect((await create({ account_id: 'acme' })).status).toBe(201);
    await guarded.admin.delete(`/destinations/${String(body['id'])}`);
    expect((await create()).status).toBe(201);
  });

  it('is one of two only once, when two are added at once', async () => {
    const answers = await Promise.all([create(), create(), create()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('is one of at most 50 of an account', async () => {
    for (let n = 0; n < 50; n++) expect((await create({ name: `d-${n}` })).status).toBe(201);
    expect(await create()).toMatchObject({ status: 409, body: { code: 'too_many_destinations' } });
    expect((await create({ account_id: 'acme' })).status).toBe(201);
  });

  it('is shown to its account, and to nobody else’s', async () => {
    const { body } = await create({ account_id: 'acme' });
    const path = `/destinations/${String(body['id'])}`;
    const acme = guarded.as((await guarded.makeKey('acme', ['read'])).key);
    const other = guarded.as((await guarded.makeKey('other', ['read'])).key);
    expect((await acme.get(path)).body).toEqual(body);
    expect((await acme.get('/destinations')).body['destinations']).toEqual([body]);
    expect(await other.get(path)).toMatchObject({ status: 404 });
    expect((await other.get('/destinations')).body['destinations']).toEqual([]);
    expect((await other.get('/destinations?account_id=acme')).status).toBe(403);
    for (const answer of [
      await acme.patch(path, {}),
      await acme.delete(path),
      await acme.post(`${path}/test`),
    ]) {
      expect(answer.status).toBe(403);
    }
  });

  const URL_FAULT = 'settings.url must be an http or https URL without user name and password';
  const TO_FAULT = 'settings.to must be a list of 1 to 20 e-mail addresses';

  it.each<[fault: string, changes: Record<string, unknown>]>([
    ['name must be 1 to 64', { name: ' ' }],
    ['account_id is not an account id', { account_id: '-' }],
    ['type must be one of pagerduty, slack, webhook, email', { type: 'pigeon' }],
    ['settings must be an object', { settings: [] }],
    ['enabled must be true or false', { enabled: 'yes' }],
    ['settings.url is missing; settings.secret is missing', { settings: {} }],
    ['settings.colour should not exist', { settings: { ...WEBHOOK.settings, colour: 'red' } }],
    [URL_FAULT, { settings: { ...WEBHOOK.settings, url: 'ftp://example.com/' } }],
    [URL_FAULT, { settings: { ...WEBHOOK.settings, url: 'https://me:secret@example.com/' } }],
    [URL_FAULT, { settings: { ...WEBHOOK.settings, url: `https://example.com/${'x'.repeat(3_000)}` } }],
    [
      'must lead to a public address (this one: loopback',
      { settings: { ...WEBHOOK.settings, url: 'http://127.0.0.1/' } },
    ],
    [
      'must lead to a public address (this one: link-local',
      { settings: { ...WEBHOOK.settings, url: 'http://169.254.169.254/' } },
    ],
    [
      'must lead to a public address (this one: loopback',
      { type: 'slack', settings: { url: 'http://[::1]/' } },
    ],
    ['settings.secret must be whsec_', { settings: { ...WEBHOOK.settings, secret: 'weak' } }],
    ['settings.secret holds [redacted]', { settings: { ...WEBHOOK.settings, secret: '[redacted]' } }],
    [
      'settings.previous_secrets must be whsec_',
      { settings: { ...WEBHOOK.settings, previous_secrets: [7] } },
    ],
    [
      'settings.previous_secrets must be a list',
      { settings: { ...WEBHOOK.settings, previous_secrets: Array(5).fill(SECRET) } },
    ],
    ['settings.routing_key must be 32', { type: 'pagerduty', settings: { routing_key: 'R' } }],
    [
      'settings.region must be us or eu',
      { type: 'pagerduty', settings: { routing_key: ROUTING_KEY, region: 'mars' } },
    ],
  ])('is refused: %s', async (fault, changes) => {
    const answer = await create(changes);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(answer.body['message']).toContain(fault);
    expect(JSON.stringify(answer.body)).not.toContain(SECRET);
  });

  it.each([
    [[]],
    [['nobody']],
    [['a@example.com\r\nRCPT TO:<x@example.com>']],
    [Array(21).fill('a@example.com')],
    ['a@example.com'],
  ])('is refused as e-mail to %j', async (to) => {
    await stopServices();
    guarded = await startGuarded({ SMTP_URL: 'smtp://127.0.0.1:9', SMTP_FROM: 'a@example.org' });
    const answer = await create({ type: 'email', settings: { to } });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body['message']).toBe(TO_FAULT);
  });

  it('does not lead into the operator’s network by a name either, nor by what a name becomes', async () => {
    const { body } = await create({ settings: { url: 'http://localhost:9/hook', secret: SECRET } });
    const tested = await guarded.admin.post(`/destinations/${String(body['id'])}/test`);
    expect(tested.body).toMatchObject({
      delivered: false,
      messages: [
        { outcome: 'unreachable', error: expect.stringContaining('address refused (loopback') as unknown },
      ],
    });
  });
});

describe('a test of a destination', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await Receiver.start();
  });
  afterEach(() => receiver.stop());

  it('sends a real message and its end, stores nothing, and tells what came of it', async () => {
    const service = await startSending(receiver);
    const { id } = await add(service, 'webhook', { url: `${receiver.url}/hook`, secret: SECRET });
    receiver.next(reply(201, {}, `thanks, ${SECRET}`));
    const { status, body } = await service.client.post(`/destinations/${id}/test`);
    const duration_ms = expect.any(Number) as unknown;
    expect(status).toBe(200);
    expect(body).toEqual({
      delivered: true,
      messages: [
        {
          action: 'trigger',
          outcome: 'delivered',
          http_status: 201,
          error: null,
          response: 'thanks, whsec_[redacted]',
          duration_ms,
        },
        {
          action: 'resolve',
          outcome: 'delivered',
          http_status: 200,
          error: null,
          response: 'ok',
          duration_ms,
        },
      ],
    });
    expect(receiver.on('/hook').map(({ body: sent }) => JSON.parse(sent) as unknown)).toMatchObject([
      {
        type: 'event.triggered',
        data: { type: 'test', summary: expect.stringContaining('Nothing is broken') as unknown },
      },
      { type: 'event.resolved' },
    ]);
    expect(await service.client.deliveries()).toEqual([]);
    expect(await service.client.events()).toEqual([]);
  });

  it('closes what may have arrived, and nothing that cannot have', async () => {
    const service = await startSending(receiver);
    const { id } = await add(
      service,
      'webhook',
      { url: `${receiver.url}/hook`, secret: SECRET },
      { enabled: false },
    );
    receiver.next(reply(404, {}, 'x'.repeat(5_000)));
    expect((await service.client.post(`/destinations/${id}/test`)).body).toMatchObject({
      delivered: false,
      messages: [
        { outcome: 'rejected', http_status: 404, error: 'answered 404', response: 'x'.repeat(2_000) },
      ],
    });
    receiver.next(reply(500));
    expect((await service.client.post(`/destinations/${id}/test`)).body).toMatchObject({
      delivered: false,
      messages: [{ outcome: 'server_error' }, { action: 'resolve', outcome: 'delivered' }],
    });
  });

  it('answers in time where the destination does not', async () => {
    const service = await startSending(receiver, { REQUEST_TIMEOUT_MS: '2000' });
    const { id } = await add(service, 'webhook', { url: `${receiver.url}/hook`, secret: SECRET });
    receiver.reaction = () => undefined;
    expect(await service.client.post(`/destinations/${id}/test`)).toMatchObject({
      status: 200,
      body: { delivered: false, messages: [{ outcome: 'timeout' }, { outcome: 'timeout' }] },
    });
  });
});
