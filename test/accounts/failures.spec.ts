import type { Environment } from '../../src/config/settings';
import { ThrottlerStorage } from '@nestjs/throttler';
import { eventually } from '../harness/eventually';
import { describeWith } from '../harness/servers';
import { startService, stopServices, type RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { freshScaledStore } from '../harness/store';
import { startGuarded, type GuardedService } from './guarded-service';

/** So many wrong credentials an address may show in a minute. */
const FAILURES = 20;

afterEach(stopServices);

async function fail({ as }: GuardedService, times: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < times; index++) answers.push(await as(`guess-${index}`).get('/events'));
  return answers;
}

const statuses = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status);

describe('wrong credentials', () => {
  it('are refused with 429 beyond twenty a minute, whichever route they are tried on', async () => {
    const guarded = await startGuarded();
    expect(statuses(await fail(guarded, FAILURES))).toEqual(Array(FAILURES).fill(401));
    for (const [method, path] of [
      ['GET', '/events'],
      ['POST', '/events'],
      ['GET', '/docs-json'],
      ['POST', '/destinations/pagerduty'],
    ] as const) {
      const answer = await guarded.as('one-more').call(method, path);
      expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
      const seconds = Number(answer.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  it('lock nobody out who comes from the same address with a right one, or with none', async () => {
    const guarded = await startGuarded();
    const { key } = await guarded.makeKey('acme', ['read']);
    await fail(guarded, FAILURES + 1);
    expect((await guarded.admin.get('/events')).status).toBe(200);
    expect((await guarded.as(key).get('/events')).status).toBe(200);
    expect((await guarded.nobody.get('/events')).status).toBe(401);
    expect((await guarded.nobody.get('/healthz')).status).toBe(200);
  });

  it('count for their own address alone', async () => {
    const guarded = await startGuarded({ TRUST_PROXY: 'true' });
    const from = (address: string): Promise<Answer> =>
      guarded.as('a-guess').call('GET', '/events', { headers: { 'x-forwarded-for': address } });
    for (let index = 0; index <= FAILURES; index++) await from('10.0.0.1');
    expect((await from('10.0.0.1')).status).toBe(429);
    expect((await from('10.0.0.2')).status).toBe(401);
  });

  it('count for the throttle too, on routes as well that it passes over', async () => {
    const guarded = await startGuarded({ THROTTLE_LIMIT: '3' });
    const answers = [
      await guarded.nobody.get('/destinations/pagerduty'),
      await guarded.nobody.post('/destinations/pagerduty', {}),
      await guarded.nobody.get('/events'),
      await guarded.nobody.get('/events'),
    ];
    expect(statuses(answers)).toEqual([401, 401, 401, 429]);
  });
});

describeWith({ postgres: true, redis: true }, 'several processes', () => {
  let store: Environment;
  beforeEach(async () => {
    store = { ...(await freshScaledStore()), DATABASE_POOL_MAX: '4' };
  });

  it('count the requests of an address together, and its wrong credentials too', async () => {
    const start = (environment = {}): Promise<GuardedService> =>
      startGuarded({ ...store, THROTTLE_LIMIT: '50', ...environment });
    const [one, two] = [await start(), await start()];
    await fail(one, FAILURES);
    expect(statuses(await fail(two, 1))).toEqual([429]);
    for (let count = FAILURES + 1; count < 50; count++) {
      expect((await one.nobody.get('/events')).status).toBe(401);
    }
    const refused = await two.admin.get('/events');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('count what comes within a time, block for a time, and then begin anew', async () => {
    const service: RunningService = await startService(store);
    const storage = service.app.get<ThrottlerStorage>(ThrottlerStorage, { strict: false });
    const hit = (): ReturnType<ThrottlerStorage['increment']> =>
      storage.increment('x', 60_000, 2, 1_000, 'test');
    expect(await hit()).toEqual({ totalHits: 1, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 });
    expect(await hit()).toEqual({ totalHits: 2, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 });
    const blocked = { totalHits: 3, timeToExpire: 1, isBlocked: true, timeToBlockExpire: 1 };
    expect([await hit(), await hit()]).toEqual([blocked, blocked]);
    await eventually(async () => expect(await hit()).toMatchObject({ totalHits: 1, isBlocked: false }));
  });
});
