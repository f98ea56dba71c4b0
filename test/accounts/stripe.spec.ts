import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed, type Answer } from '../harness/service-client';

const ACME = 'whsec_of_acme_alone';
const OTHER = 'whsec_of_somebody_else';

let service: RunningService;
beforeEach(async () => {
  service = await startService();
  const { client } = service;
  await client.post('/accounts', { id: 'acme', name: 'Acme', stripe_webhook_secrets: [ACME] });
  await client.post('/accounts', { id: 'other', name: 'Other', stripe_webhook_secrets: [OTHER] });
  await client.post('/accounts', { id: 'without', name: 'Without' });
  await client.post('/accounts', { id: 'gone', name: 'Gone', stripe_webhook_secrets: [ACME] });
  await client.get('/accounts/gone', { method: 'DELETE' });
});
afterEach(stopServices);

const send = (account: string, secret: string, id = 'evt_1'): Promise<Answer> =>
  service.client.stripe(payoutFailed(id), { account, secret });

const change = (secrets: readonly string[]): Promise<Answer> =>
  service.client.post('/accounts/acme', { stripe_webhook_secrets: secrets }, {}, 'PATCH');

describe('the Stripe endpoint of an account', () => {
  it('takes what is signed with its secret, as events of the account', async () => {
    expect(await send('acme', ACME)).toMatchObject({ status: 200, body: { received: true } });
    expect((await send('acme', ACME)).body).toEqual({ received: true, deduped: true });
    expect((await send('other', OTHER)).body).toEqual({ received: true });
    const events = await service.client.events();
    expect(events.map(({ account_id, event_id }) => [account_id, event_id])).toEqual([
      ['other', 'evt_1'],
      ['acme', 'evt_1'],
    ]);
  });

  it('takes nothing that the service’s own endpoint takes, nor the other way round', async () => {
    expect((await service.client.stripe(payoutFailed('evt_1'), { secret: ACME })).status).toBe(400);
    expect((await service.client.stripe(payoutFailed('evt_1'), { account: 'acme' })).status).toBe(400);
    expect((await service.client.stripe(payoutFailed('evt_1'), { account: 'default' })).status).toBe(400);
    expect(await service.client.events()).toEqual([]);
  });

  it('takes both secrets while they rotate, and none that was taken away', async () => {
    await change([ACME, OTHER]);
    expect((await send('acme', ACME, 'evt_old')).status).toBe(200);
    expect((await send('acme', OTHER, 'evt_new')).status).toBe(200);
    await change([OTHER]);
    expect((await send('acme', ACME, 'evt_late')).status).toBe(400);
    await change([]);
    expect((await send('acme', OTHER, 'evt_none')).status).toBe(400);
  });

  it('answers the same whether there is such an account, and whether it has a secret', async () => {
    const accounts = ['acme', 'without', 'gone', 'never', 'default', '-', 'a%20b', 'x'.repeat(200)];
    const answers = await Promise.all(accounts.map((account) => send(account, 'whsec_of_a_stranger')));
    const bodies = answers.map(({ status, body }) => ({ status, ...body, requestId: null }));
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(bodies[0]).toMatchObject({ status: 400, code: 'signature_mismatch' });
  });

  it('is shown as configured or not, and never its secrets', async () => {
    const shown = async (id: string): Promise<unknown> =>
      (await service.client.get(`/accounts/${id}`)).body['stripe_configured'];
    expect([await shown('acme'), await shown('without')]).toEqual([true, false]);
    expect((await change([])).body).toMatchObject({ stripe_configured: false });
    const { body } = await service.client.get('/accounts');
    expect(JSON.stringify([body, service.log])).not.toContain('whsec_of');
  });

  it('counts what is wrongly signed for the throttle, and nothing else', async () => {
    await service.stop();
    service = await startService({ ...service.environment, THROTTLE_LIMIT: '2' });
    for (const id of ['1', '2', '3', '4']) expect((await send('acme', ACME, id)).status).toBe(200);
    const statuses: number[] = [];
    for (let times = 0; times < 3; times++) statuses.push((await send('acme', OTHER)).status);
    expect(statuses).toEqual([400, 400, 429]);
  });
});
