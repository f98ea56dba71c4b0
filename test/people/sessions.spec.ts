import fc from 'fast-check';
import { IsNull } from 'typeorm';
import { SessionEntity } from '../../src/accounts/session.entity';
import { Database } from '../../src/database/database';
import { RefreshTokenEntity } from '../../src/people/refresh-token.entity';
import { GRACE_MS } from '../../src/people/refresh-decision';
import { IDLE_MS, SESSION_MS, Sessions } from '../../src/people/sessions';
import { repetitions } from '../harness/repetitions';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { startWithPeople, tokensOf, type PeopleService, type Tokens } from './people-service';

const EMAIL = 'ada@acme.example';

let people: PeopleService;
let first: Tokens;
beforeEach(async () => {
  people = await startWithPeople();
  first = await people.join('acme', EMAIL, 'viewer');
});
afterEach(stopServices);

const database = (): Database => people.service.app.get(Database);

/** As if everything had happened so long ago. */
async function letPass(ms: number): Promise<void> {
  await database().write(async (tx) => {
    await tx.query(`UPDATE refresh_tokens SET expires_at = expires_at - ${ms}, used_at = used_at - ${ms}`);
    await tx.query(
      `UPDATE sessions SET expires_at = expires_at - ${ms}, last_used_at = last_used_at - ${ms}, ended_at = ended_at - ${ms}`,
    );
  });
}

const OVER = { status: 401, body: { code: 'session_over', message: 'This session is over: log in again.' } };

/** The newest entries of the account's audit log. */
async function audited(count: number): Promise<unknown> {
  return (await people.admin.get(`/audit?account_id=acme&limit=${count}`)).body['entries'];
}

describe('a refresh token', () => {
  it('is exchanged for a new one, again and again', async () => {
    let token = first.refresh_token;
    for (let count = 0; count < 4; count++) {
      const next = tokensOf(await people.refresh(token));
      expect(next.refresh_token).not.toBe(token);
      expect((await people.asPerson(next).get('/auth/me')).status).toBe(200);
      token = next.refresh_token;
      await letPass(GRACE_MS + 1);
    }
  });

  it('gives the same successor to all who come with it within the grace, at once or one by one', async () => {
    const together = await Promise.all(Array.from({ length: 8 }, () => people.refresh(first.refresh_token)));
    await letPass(GRACE_MS - 5_000);
    const late = await people.refresh(first.refresh_token);
    const successors = new Set([...together, late].map((answer) => tokensOf(answer).refresh_token));
    expect(successors.size).toBe(1);
    expect((await people.refresh([...successors][0]!)).status).toBe(200);
  });

  it('that is used later than that ends its session, and the audit log says so', async () => {
    const second = tokensOf(await people.refresh(first.refresh_token));
    await letPass(GRACE_MS + 1);
    expect(await people.refresh(first.refresh_token)).toMatchObject(OVER);
    expect(await people.refresh(second.refresh_token)).toMatchObject(OVER);
    for (const tokens of [first, second])
      expect((await people.asPerson(tokens).get('/auth/me')).status).toBe(401);
    expect(await audited(1)).toMatchObject([{ action: 'session.ended_by_reuse', by: { kind: 'system' } }]);
    expect(people.service.log).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'a refresh token was used twice: its session is ended' }),
    );
  });

  it('that is used later ends no other session of its person', async () => {
    const other = tokensOf(await people.login(EMAIL));
    await people.refresh(first.refresh_token);
    await letPass(GRACE_MS + 1);
    await people.refresh(first.refresh_token);
    expect((await people.refresh(other.refresh_token)).status).toBe(200);
  });

  it('that nobody was given ends nothing', async () => {
    for (const token of [
      '',
      'sbr_',
      `sbr_${'a'.repeat(43)}`,
      first.access_token.slice(0, 90),
      first.person.id,
    ]) {
      expect(await people.refresh(token)).toMatchObject(OVER);
    }
    expect((await people.refresh(first.refresh_token)).status).toBe(200);
  });

  it('expires where nobody uses it, and its session however much it is used', async () => {
    await letPass(IDLE_MS - 60_000);
    const second = tokensOf(await people.refresh(first.refresh_token));
    await letPass(IDLE_MS + 1);
    expect(await people.refresh(second.refresh_token)).toMatchObject(OVER);
    let { refresh_token } = tokensOf(await people.login(EMAIL));
    for (let passed = 0; passed + IDLE_MS / 2 < SESSION_MS; passed += IDLE_MS / 2) {
      refresh_token = tokensOf(await people.refresh(refresh_token)).refresh_token;
      await letPass(IDLE_MS / 2);
    }
    await letPass(IDLE_MS / 2);
    expect(await people.refresh(refresh_token)).toMatchObject(OVER);
  });

  it('is kept as its digest alone', async () => {
    const { refresh_token } = tokensOf(await people.refresh(first.refresh_token));
    const rows = JSON.stringify(await database().read.find(RefreshTokenEntity));
    for (const token of [first.refresh_token, refresh_token]) expect(rows).not.toContain(token.slice(4));
  });
});

describe('whatever is done with the refresh tokens of a session', () => {
  /** Which of the tokens that were handed out is shown, and how long after the step before. */
  const steps = fc.array(
    fc.record({
      token: fc.nat(),
      isNewest: fc.boolean(),
      afterMs: fc.constantFrom(0, 1_000, GRACE_MS - 5_000, GRACE_MS + 1, IDLE_MS / 2, IDLE_MS),
      times: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  );

  it('there is one family at most: one unused token, and none once one was used late', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const { refresh_token, person } = tokensOf(await people.login(EMAIL));
        const id = person.id;
        const [session] = await database().read.find(SessionEntity, {
          where: { person_id: id },
          order: { id: 'DESC' },
          take: 1,
        });
        const session_id = session!.id;
        const handedOut = [refresh_token];
        const usedAt = new Map<string, number>();
        let now = 0;
        let hasEnded = false;
        for (const { token, isNewest, afterMs, times } of sequence) {
          await letPass(afterMs);
          now += afterMs;
          const shown = isNewest ? handedOut.at(-1)! : handedOut[token % handedOut.length]!;
          const isLate = usedAt.has(shown) && now - usedAt.get(shown)! > GRACE_MS;
          const answers = await Promise.all(Array.from({ length: times }, () => people.refresh(shown)));
          const given = new Set(
            answers.filter(({ status }) => status === 200).map((answer) => tokensOf(answer).refresh_token),
          );
          expect(given.size).toBeLessThanOrEqual(1);
          if (isLate || hasEnded) expect(given.size).toBe(0);
          hasEnded ||= isLate;
          for (const next of given) {
            if (!usedAt.has(shown)) usedAt.set(shown, now);
            if (!handedOut.includes(next)) handedOut.push(next);
          }
          const unused = await database().read.countBy(RefreshTokenEntity, { session_id, used_at: IsNull() });
          expect(unused).toBe(1);
        }
        const open = await database().read.countBy(SessionEntity, { id: session_id, ended_at: IsNull() });
        if (hasEnded) expect(open).toBe(0);
      }),
      { numRuns: repetitions({ short: 12, long: 150 }) },
    );
  });
});

describe('logging out', () => {
  it('ends the session at once, its access token too, and no other', async () => {
    const other = tokensOf(await people.login(EMAIL));
    const answer = await people.nobody.post('/auth/logout', { refresh_token: first.refresh_token });
    expect([answer.status, answer.body]).toEqual([204, '']);
    expect((await people.asPerson(first).get('/auth/me')).status).toBe(401);
    expect(await people.refresh(first.refresh_token)).toMatchObject(OVER);
    expect((await people.asPerson(other).get('/auth/me')).status).toBe(200);
    expect(await audited(1)).toMatchObject([{ action: 'session.ended', by: { name: EMAIL } }]);
  });

  it('ends all sessions of the person, and nobody else’s', async () => {
    const other = tokensOf(await people.login(EMAIL));
    const bob = await people.join('acme', 'bob@acme.example', 'viewer');
    const body = { refresh_token: first.refresh_token, everywhere: true };
    expect((await people.nobody.post('/auth/logout', body)).status).toBe(204);
    for (const tokens of [first, other]) {
      expect((await people.asPerson(tokens).get('/auth/me')).status).toBe(401);
      expect(await people.refresh(tokens.refresh_token)).toMatchObject(OVER);
    }
    expect((await people.asPerson(bob).get('/auth/me')).status).toBe(200);
  });

  it('with what is no token, or nothing, is done already', async () => {
    for (const body of [{ refresh_token: 'sbr_nothing' }, {}, undefined]) {
      expect((await people.nobody.post('/auth/logout', body)).status).toBe(204);
    }
  });
});

describe('a browser', () => {
  const COOKIE =
    /^signalbox_refresh=(sbr_[\w-]{43}); Path=\/auth; Max-Age=604800; HttpOnly; SameSite=Strict$/;
  const cookieOf = ({ headers }: Answer): string =>
    COOKIE.exec(headers.get('set-cookie') ?? '')?.[1] ?? 'none';
  const withCookie = (path: string, value: string, more: Record<string, string> = {}): Promise<Answer> =>
    people.nobody.call('POST', path, { headers: { cookie: `a=b; signalbox_refresh=${value}`, ...more } });

  it('keeps the refresh token where no script can read it', async () => {
    const login = await people.login(EMAIL, undefined, { cookie: true });
    expect(login.body).toMatchObject({ refresh_token: null, expires_in: 600 });
    const refreshed = await withCookie('/auth/refresh', cookieOf(login));
    expect(refreshed).toMatchObject({ status: 200, body: { refresh_token: null } });
    expect(cookieOf(refreshed)).not.toBe(cookieOf(login));
    const out = await withCookie('/auth/logout', cookieOf(refreshed));
    expect(out.headers.get('set-cookie')).toBe(
      'signalbox_refresh=; Path=/auth; Max-Age=0; HttpOnly; SameSite=Strict',
    );
    expect(await withCookie('/auth/refresh', cookieOf(refreshed))).toMatchObject(OVER);
  });

  it('sends it over TLS alone, where there is any', async () => {
    people = await startWithPeople({ TRUST_PROXY: 'true' });
    await people.join('acme', EMAIL, 'viewer');
    const secure = await people.nobody.call('POST', '/auth/login', {
      body: { email: EMAIL, password: 'a quite long sentence of mine', cookie: true },
      headers: { 'x-forwarded-proto': 'https' },
    });
    expect(secure.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('that shows a page of another origin refreshes and ends nothing by it', async () => {
    const token = cookieOf(await people.login(EMAIL, undefined, { cookie: true }));
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://elsewhere.example' },
    ];
    for (const more of foreign) {
      for (const path of ['/auth/refresh', '/auth/logout', '/auth/login']) {
        expect(await withCookie(path, token, more)).toMatchObject({
          status: 403,
          body: { code: 'forbidden' },
        });
      }
    }
    expect((await withCookie('/auth/refresh', token, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('opens nothing by the cookie but the way to the next one', async () => {
    const token = cookieOf(await people.login(EMAIL, undefined, { cookie: true }));
    for (const path of ['/auth/me', '/events', '/accounts/acme']) {
      const answer = await people.nobody.call('GET', path, {
        headers: { cookie: `signalbox_refresh=${token}` },
      });
      expect(answer.status).toBe(401);
    }
    expect((await people.as(token).get('/auth/me')).status).toBe(401);
  });

  it('that brings two of them brings none', async () => {
    const token = cookieOf(await people.login(EMAIL, undefined, { cookie: true }));
    expect(await withCookie('/auth/refresh', `${token}; signalbox_refresh=${token}`)).toMatchObject(OVER);
  });
});

it('sessions that are over for a day are removed, with their tokens, and no others', async () => {
  await people.nobody.post('/auth/logout', { refresh_token: first.refresh_token });
  await letPass(86_400_000 + 60_000);
  const { refresh_token } = tokensOf(await people.login(EMAIL));
  await people.service.app.get(Sessions).removeOver(Date.now());
  expect(await database().read.find(SessionEntity)).toHaveLength(1);
  expect(await database().read.find(RefreshTokenEntity)).toHaveLength(1);
  expect((await people.refresh(refresh_token)).status).toBe(200);
});
