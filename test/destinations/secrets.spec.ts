import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Database } from '../../src/database/database';
import { change, incident, inShort, over, record, restart, settled } from '../delivery/paging-service';
import { stopServices, type RunningService } from '../harness/service';
import { ENCRYPTION_KEY } from '../harness/store';
import { payoutFailed } from '../harness/service-client';
import { add, everythingShown, SECRETS, settingsAt, startSending, telltale } from './own-destinations';
import { Receiver, reply, type Reaction } from './receiver';

const STRIPE_SECRET = 'whsec_of_acme_that_nobody_may_see';
const NEXT_KEY = Buffer.alloc(32, 'the next one').toString('base64');
const MONITORS_TOKEN = 'Bearer of-nobody-elses-business';
const ALL = [...SECRETS, STRIPE_SECRET, MONITORS_TOKEN];

let receiver: Receiver;
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  await stopServices();
  await receiver.stop();
});

/** A service that knows all of the secrets, has used them and was told them back. */
async function startWithSecrets(): Promise<RunningService> {
  const service = await startSending(receiver);
  const settings = settingsAt(receiver);
  for (const type of ['slack', 'webhook', 'pagerduty'] as const) await add(service, type, settings[type]);
  await service.client.post('/accounts', {
    id: 'acme',
    name: 'Acme',
    stripe_webhook_secrets: [STRIPE_SECRET],
  });
  await service.client.post('/monitors', {
    name: 'API',
    url: receiver.url,
    paused: true,
    headers: { authorization: MONITORS_TOKEN },
  });
  const tell: Reaction = (received, response) => reply(500, {}, telltale(received))(received, response);
  receiver.next(tell, tell, tell, tell);
  await record(service, incident('inc'));
  await settled(service, 'inc');
  return service;
}

/** Every byte that is stored, as far as text can be found in it. */
async function stored({ app, databasePath }: RunningService): Promise<string> {
  if (globalThis.PROFILE === 'embedded') {
    const folder = dirname(databasePath);
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join();
  }
  const { read } = app.get(Database);
  const tables = await read.query<{ name: string }[]>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`,
  );
  const rows = await Promise.all(tables.map(({ name }) => read.query<object[]>(`SELECT * FROM "${name}"`)));
  return JSON.stringify(rows);
}

/** Those of the secrets that can be found in a text. */
const foundIn = (text: string): string[] => ALL.filter((secret) => text.includes(secret));

async function takesStripe({ client }: RunningService, id: string): Promise<number> {
  return (await client.stripe(payoutFailed(id), { account: 'acme', secret: STRIPE_SECRET })).status;
}

describe('a secret', () => {
  it('is in no file and no table, no log and no answer', async () => {
    const service = await startWithSecrets();
    expect(foundIn(await everythingShown(service))).toEqual([]);
    const kept = await stored(service);
    expect(foundIn(kept)).toEqual([]);
    // That much was looked at: what is no secret can be found.
    for (const text of ['sealed:1:', 'Payments fail', '[redacted]']) expect(kept).toContain(text);
  });

  it('is read with the key before it, and sealed with the current one, at the next start', async () => {
    const first = await startWithSecrets();
    const second = await restart(first, {
      ENCRYPTION_KEY: NEXT_KEY,
      ENCRYPTION_KEY_PREVIOUS: ENCRYPTION_KEY,
    });
    expect(second.log.filter(({ msg }) => msg === 'secrets sealed with the current key')).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ table: 'destination_credentials', resealed: 4, unreadable: 0 }),
        expect.objectContaining({ table: 'accounts', resealed: 1, unreadable: 0 }),
        expect.objectContaining({ table: 'monitors', resealed: 1, unreadable: 0 }),
      ]) as object,
    );
    const third = await restart(second, { ENCRYPTION_KEY_PREVIOUS: undefined });
    expect(third.log.some(({ context }) => context === 'Secrets')).toBe(false);
    await record(third, over('inc'));
    for (const { status } of await settled(third, 'inc')) expect(status).toBe('delivered');
    expect(await takesStripe(third, 'evt_1')).toBe(200);
  });

  it('that no key opens is told of at the start, hurts nothing else, and can be set anew', async () => {
    const first = await startWithSecrets();
    const service = await restart(first, { ENCRYPTION_KEY: NEXT_KEY });
    expect(service.log).toContainEqual(
      expect.objectContaining({ level: 'error', table: 'destination_credentials', unreadable: 4 }),
    );
    await change(service, `DELETE FROM destination_credentials WHERE destination = 'pagerduty'`);
    await record(service, incident('other'));
    const deliveries = await settled(service, 'other');
    for (const { destination, status, reason } of deliveries) {
      expect([destination, status, reason]).toEqual(
        destination === 'pagerduty'
          ? [destination, 'delivered', null]
          : [destination, 'dead', 'internal_error'],
      );
    }
    const { body } = await service.client.get('/destinations');
    const shown = body['destinations'] as {
      id: string;
      type: 'slack' | 'webhook' | 'pagerduty';
      settings: unknown;
    }[];
    expect(shown.map(({ settings }) => settings)).toEqual([null, null, null]);
    for (const { id, type } of shown) {
      expect(await service.client.post(`/destinations/${id}/test`)).toMatchObject({
        status: 503,
        body: { code: 'settings_unreadable' },
      });
      const settings = settingsAt(receiver)[type];
      await service.client.post(`/destinations/${id}`, { settings }, {}, 'PATCH');
      expect((await service.client.post(`/destinations/${id}/test`)).body).toMatchObject({ delivered: true });
    }
  });

  it('of the time before there was a key is sealed at the next start', async () => {
    const service = await startSending(receiver);
    await service.client.post('/accounts', { id: 'acme', name: 'Acme' });
    await record(service, incident('inc'));
    await settled(service, 'inc');
    await change(service, `UPDATE destination_credentials SET secret = 'OperatorsRoutingKey0000000000000'`);
    await change(service, `UPDATE accounts SET stripe_secrets = '["${STRIPE_SECRET}"]'`);
    const next = await restart(service);
    const { read } = next.app.get(Database);
    const rows = await read.query<object[]>(
      'SELECT secret AS text FROM destination_credentials UNION SELECT stripe_secrets FROM accounts',
    );
    expect(rows).toEqual(Array(2).fill({ text: expect.stringMatching(/^sealed:1:/) as unknown }));
    await record(next, over('inc'));
    expect(inShort(await settled(next, 'inc'))).toEqual(['trigger delivered', 'resolve delivered']);
    expect(await takesStripe(next, 'evt_1')).toBe(200);
  });
});

describe('without ENCRYPTION_KEY', () => {
  const withoutKey = (): Promise<RunningService> => startSending(receiver, { ENCRYPTION_KEY: undefined });

  if (globalThis.PROFILE === 'embedded') {
    it('a key is made beside the database, for its owner alone, and used from then on', async () => {
      const service = await withoutKey();
      const path = join(dirname(service.databasePath), 'encryption-key');
      const key = readFileSync(path, 'utf8').trim();
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(Buffer.from(key, 'base64')).toHaveLength(32);
      await add(service, 'webhook', settingsAt(receiver).webhook);
      const next = await restart(service);
      expect(readFileSync(path, 'utf8').trim()).toBe(key);
      await record(next, incident('inc'));
      expect(inShort(await settled(next, 'inc'))).toEqual(['trigger delivered', 'trigger delivered']);
      // What it has sealed can be read, and is sealed anew, once the operator sets a key.
      const own = await restart(next, { ENCRYPTION_KEY });
      rmSync(path);
      const last = await restart(own);
      await record(last, over('inc'));
      for (const { status } of await settled(last, 'inc')) expect(status).toBe('delivered');
    });
  } else {
    it('no secret is taken, and everything else works', async () => {
      const service = await withoutKey();
      const refusal = { status: 503, body: { code: 'encryption_not_configured' } };
      const webhook = { name: 'a', type: 'webhook', settings: settingsAt(receiver).webhook };
      expect(await service.client.post('/destinations', webhook)).toMatchObject(refusal);
      const acme = { id: 'acme', name: 'Acme' };
      const withSecret = { ...acme, stripe_webhook_secrets: [STRIPE_SECRET] };
      expect(await service.client.post('/accounts', withSecret)).toMatchObject(refusal);
      expect(await service.client.post('/accounts', acme)).toMatchObject({ status: 201 });
      expect(
        await service.client.post('/accounts/acme', { stripe_webhook_secrets: [STRIPE_SECRET] }, {}, 'PATCH'),
      ).toMatchObject(refusal);
      await record(service, incident('inc'));
      expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered']);
      expect(JSON.stringify(service.log)).not.toContain(STRIPE_SECRET);
    });
  }
});
