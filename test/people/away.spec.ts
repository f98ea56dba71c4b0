import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MembershipEntity } from '../../src/accounts/membership.entity';
import { SessionEntity } from '../../src/accounts/session.entity';
import { Database } from '../../src/database/database';
import { eventually } from '../harness/eventually';
import { stopServices } from '../harness/service';
import { startWithPeople, tokensOf, type PeopleService, type Tokens } from './people-service';

const EMAIL = 'ada@acme.example';

let people: PeopleService;
let tokens: Tokens;
let aheadMs: number;

beforeEach(async () => {
  aheadMs = 0;
  const now = Date.now;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs);
  people = await startWithPeople();
  tokens = await people.join('acme', EMAIL, 'operator');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await stopServices();
});

const database = (): Database => people.service.app.get(Database);

/** Asks for something that needs the role `viewer`, and nothing that is stored. */
async function ask(): Promise<number> {
  return (await people.asPerson(tokens).post('/ai/summarize', { text: 'Payments fail' })).status;
}

describe('while the database is away', () => {
  it('people who are logged in go on, and nobody logs in', async () => {
    expect(await ask()).toBe(200);
    await database().close();
    for (aheadMs of [0, 11_000, 25_000, 300_000]) expect(await ask()).toBe(200);
    for (const answer of [await people.login(EMAIL), await people.refresh(tokens.refresh_token)]) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } });
    }
  });

  it('a session that this process has not seen is neither right nor wrong', async () => {
    await database().close();
    expect(await ask()).toBe(503);
  });
});

describe('what another process changes', () => {
  it.each<[string, () => Promise<unknown>]>([
    [
      'a role that is taken away',
      () => database().write((tx) => tx.delete(MembershipEntity, { account_id: 'acme' })),
    ],
    [
      'a session that ends',
      () =>
        database().write((tx, now) =>
          tx.update(SessionEntity, { person_id: tokens.person.id }, { ended_at: now }),
        ),
    ],
  ])('%s holds here within twenty seconds, and within ten where it is in use', async (_, change) => {
    expect(await ask()).toBe(200);
    await change();
    expect(await ask()).toBe(200);
    aheadMs = 10_000;
    await ask();
    await eventually(async () => {
      expect(await ask()).toBe(401);
    });
  });
});

describe('the secret of the embedded profile', () => {
  const isEmbedded = globalThis.PROFILE === 'embedded';
  const pathOf = (): string => join(dirname(people.service.databasePath), 'auth-secret');

  (isEmbedded ? it : it.skip)('is made once, for its owner alone, and outlives the process', async () => {
    expect(statSync(pathOf()).mode & 0o777).toBe(0o600);
    const secret = readFileSync(pathOf(), 'utf8');
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(people.service.log)).not.toContain(secret);
    const { environment } = people.service;
    await people.service.stop();
    people = await startWithPeople(environment);
    expect(await ask()).toBe(200);
    expect(readFileSync(pathOf(), 'utf8')).toBe(secret);
  });

  (isEmbedded ? it : it.skip)(
    'may be another one: then access tokens are void, and sessions go on',
    async () => {
      const { environment } = people.service;
      await people.service.stop();
      writeFileSync(pathOf(), 'another-secret-of-32-characters-or-more');
      people = await startWithPeople(environment);
      expect(await ask()).toBe(401);
      tokens = tokensOf(await people.refresh(tokens.refresh_token));
      expect(await ask()).toBe(200);
    },
  );
});
