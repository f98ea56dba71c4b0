import { setTimeout as sleep } from 'node:timers/promises';
import { AccountLimits } from '../../src/accounts/account-limits';
import { SYSTEM } from '../../src/accounts/actor';
import { ApiKeysRepository } from '../../src/accounts/api-keys.repository';
import { Database } from '../../src/database/database';
import { eventually } from '../harness/eventually';
import { stopServices } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { startGuarded, type GuardedClient, type GuardedService } from './guarded-service';

const ACME_SECRET = 'whsec_of_acme_alone';

let guarded: GuardedService;
let aheadMs: number;

beforeEach(async () => {
  aheadMs = 0;
  const now = Date.now;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs);
  guarded = await startGuarded();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await stopServices();
});

/** What every later statement finds. */
async function loseDatabase(): Promise<void> {
  await guarded.service.app.get(Database).close();
}

/** Asks for something that needs a read key, and nothing that is stored. */
async function ask(client: GuardedClient): Promise<number> {
  return (await client.post('/ai/summarize', { text: 'Payments fail' })).status;
}

describe('while the database is away', () => {
  it('a key that was used opens, however long ago that was, and so do the tokens of the settings', async () => {
    const { admin, as, makeKey } = guarded;
    const { key } = await makeKey('acme', ['read']);
    expect(await ask(as(key))).toBe(200);
    await loseDatabase();
    for (aheadMs of [0, 11_000, 25_000, 86_400_000]) {
      expect(await ask(as(key))).toBe(200);
      expect(await ask(admin)).toBe(200);
    }
    expect((await as(key).get('/events')).status).toBe(503);
  });

  it('a key that nobody has used yet is neither right nor wrong', async () => {
    const { as } = guarded;
    await loseDatabase();
    const answer = await as(`sbx_aaaaaaaa_${'a'.repeat(43)}`).get('/events');
    expect(answer).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await as('no-key-at-all').get('/events')).status).toBe(401);
  });

  it('a wrong key with a known prefix is wrong', async () => {
    const { as, makeKey } = guarded;
    const { key, prefix } = await makeKey('acme', ['read']);
    expect(await ask(as(key))).toBe(200);
    await loseDatabase();
    expect(await ask(as(`${prefix}_${'a'.repeat(43)}`))).toBe(401);
  });

  it('a key expires when its time has come', async () => {
    const { as, makeKey } = guarded;
    const { key } = await makeKey('acme', ['read'], new Date(Date.now() + 60_000).toISOString());
    expect(await ask(as(key))).toBe(200);
    await loseDatabase();
    aheadMs = 59_000;
    expect(await ask(as(key))).toBe(200);
    aheadMs = 60_001;
    expect(await ask(as(key))).toBe(401);
  });

  it('webhooks of accounts are verified, and the limits of accounts hold', async () => {
    const { admin, service } = guarded;
    const limits = { events_per_minute: 1, burst: 2 };
    await admin.post('/accounts', {
      id: 'acme',
      name: 'Acme',
      limits,
      stripe_webhook_secrets: [ACME_SECRET],
    });
    await loseDatabase();
    aheadMs = 86_400_000;
    const at = Date.now();
    const post = (secret: string): Promise<number> =>
      service.client
        .stripe(payoutFailed('evt_1'), { account: 'acme', secret, at })
        .then(({ status }) => status);
    expect([await post(ACME_SECRET), await post('whsec_of_a_stranger')]).toEqual([503, 400]);
    const { app } = service;
    expect(await app.get(AccountLimits).take('acme', 2)).toMatchObject({ isAllowed: true, limit: 2 });
    expect(await app.get(AccountLimits).take('acme', 1)).toMatchObject({ isAllowed: false });
    expect(await app.get(AccountLimits).take('of-nobody', 1)).toMatchObject({ limit: 50_000 });
  });
});

describe('a key that another process revokes', () => {
  it('opens for no more than twenty seconds', async () => {
    const { as, makeKey, service } = guarded;
    const { key, id } = await makeKey('acme', ['read']);
    expect(await ask(as(key))).toBe(200);
    await service.app.get(ApiKeysRepository).revoke(SYSTEM, 'acme', id);
    expect(await ask(as(key))).toBe(200);
    aheadMs = 20_000;
    expect(await ask(as(key))).toBe(401);
  });

  it('opens for ten seconds where it is in use', async () => {
    const { as, makeKey, service } = guarded;
    const { key, id } = await makeKey('acme', ['read']);
    await service.app.get(ApiKeysRepository).revoke(SYSTEM, 'acme', id);
    aheadMs = 10_000;
    await ask(as(key));
    await eventually(async () => {
      expect(await ask(as(key))).toBe(401);
    });
  });
});

describe('the last use of a key', () => {
  it('is written once a minute at most', async () => {
    const { admin, as, makeKey } = guarded;
    const { key } = await makeKey('acme', ['read']);
    const lastUse = async (): Promise<unknown> => {
      const { keys } = (await admin.get('/accounts/acme/keys')).body as { keys: { last_used_at: unknown }[] };
      return keys[0]?.last_used_at;
    };
    await ask(as(key));
    const first = await eventually(async () => {
      const at = await lastUse();
      expect(at).not.toBeNull();
      return at;
    });
    aheadMs = 50_000;
    await ask(as(key));
    await sleep(1_500);
    expect(await lastUse()).toBe(first);
    aheadMs = 70_000;
    await ask(as(key));
    await eventually(async () => {
      expect(await lastUse()).not.toBe(first);
    });
  });
});
