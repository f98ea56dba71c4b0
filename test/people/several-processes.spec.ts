import type { Environment } from '../../src/config/settings';
import { describeWith } from '../harness/servers';
import { stopServices } from '../harness/service';
import { freshScaledStore } from '../harness/store';
import { startWithPeople, tokensOf, type PeopleService } from './people-service';

const EMAIL = 'ada@acme.example';

afterEach(stopServices);

describeWith({ postgres: true, redis: true }, 'two processes', () => {
  let one: PeopleService;
  let two: PeopleService;
  beforeEach(async () => {
    const store: Environment = { ...(await freshScaledStore()), DATABASE_POOL_MAX: '4' };
    [one, two] = [await startWithPeople(store), await startWithPeople(store)];
  });

  it('take each other’s access tokens', async () => {
    const tokens = await one.join('acme', EMAIL, 'viewer');
    expect((await two.asPerson(tokens).get('/accounts/acme')).status).toBe(200);
  });

  it('give one successor to a refresh token that comes to both at once', async () => {
    let { refresh_token } = await one.join('acme', EMAIL, 'viewer');
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(
        [one, two, one, two].map((process) => process.refresh(refresh_token)),
      );
      const successors = new Set(answers.map((answer) => tokensOf(answer).refresh_token));
      expect(successors.size).toBe(1);
      refresh_token = [...successors][0]!;
    }
  });

  it('count failed logins together', async () => {
    await one.join('acme', EMAIL, 'viewer');
    for (const process of [one, two, one, two]) {
      const answer = await process.login(EMAIL, 'a guess of mine');
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([401, null]);
    }
    expect((await one.login(EMAIL, 'a guess of mine')).headers.get('retry-after')).toBe('5');
    expect((await two.login(EMAIL)).status).toBe(401);
  });

  it('make one person of an invitation that is accepted in both at once', async () => {
    const token = await one.invite('acme', EMAIL, 'viewer');
    const body = { token, password: 'a quite long sentence of mine' };
    const answers = await Promise.all([one, two].map(({ nobody }) => nobody.post('/auth/accept', body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });
});
