import fc from 'fast-check';
import { Database } from '../../src/database/database';
import { EventUsersEntity } from '../../src/events/summary/event-users.entity';
import { SummaryReader } from '../../src/events/summary/summary-reader';
import type { UserLists } from '../../src/events/summary/top-users';
import { UserRollup } from '../../src/events/summary/user-rollup';
import { UserTallyEntity } from '../../src/events/summary/user-tally.entity';
import { eventually } from '../harness/eventually';
import { repetitions } from '../harness/repetitions';
import { startService, stopServices, type RunningService } from '../harness/service';
import { event, TimedRecorder } from './recorded-at';

const T0 = Date.UTC(2026, 0, 10, 21, 40);

describe('the users of an hour or day', () => {
  let service: RunningService;
  let database: Database;
  let recorder: TimedRecorder;
  let users: UserRollup;

  beforeAll(async () => {
    service = await startService();
    database = service.app.get(Database);
    recorder = new TimedRecorder(service);
    users = service.app.get(UserRollup);
  });
  afterAll(stopServices);

  const rowsOf = (account_id: string): Promise<EventUsersEntity[]> =>
    database.read.getRepository(EventUsersEntity).findBy({ account_id });
  const countNotes = (): Promise<number> => database.read.getRepository(UserTallyEntity).count();

  it('are added up within seconds, by themselves', async () => {
    await recorder.record(T0, event('a', { account_id: 'idle', user_id: 'ann' }));
    await eventually(async () => expect(await rowsOf('idle')).toHaveLength(2));
    expect(await countNotes()).toBe(0);
  });

  it('are one hour and one day for each account, whatever many batches brought', async () => {
    for (let n = 0; n < 5; n++) {
      await recorder.record(
        T0 + n,
        event(`a-${n}`, { account_id: 'a', user_id: 'ann' }),
        event(`b-${n}`, { account_id: 'b', user_id: `user-${n % 2}` }),
      );
    }
    await users.addUp();
    expect(await countNotes()).toBe(0);
    const hourAt = Date.UTC(2026, 0, 10, 21);
    const dayAt = Date.UTC(2026, 0, 10);
    for (const [account_id, lists] of [
      ['a', [['ann'], [5]]],
      [
        'b',
        [
          ['user-0', 'user-1'],
          [3, 2],
        ],
      ],
    ] as const) {
      const text = JSON.stringify(lists);
      expect((await rowsOf(account_id)).sort((one, other) => one.span_ms - other.span_ms)).toEqual([
        { span_ms: 3_600_000, bucket_at: hourAt, account_id, users: text, cut: 0 },
        { span_ms: 86_400_000, bucket_at: dayAt, account_id, users: text, cut: 0 },
      ]);
    }
  });

  it('are added up once where that is interrupted and begun again', async () => {
    await recorder.record(T0, event('once', { account_id: 'once', user_id: 'ann' }));
    const interrupted = database.write(async (tx) => {
      await tx.query('SELECT 1');
      await (users as unknown as { addUpSome(manager: unknown): Promise<boolean> }).addUpSome(tx);
      throw new Error('killed on purpose');
    });
    await expect(interrupted).rejects.toThrow('killed on purpose');
    await Promise.all([users.addUp(), users.addUp()]);
    await users.addUp();
    expect((await rowsOf('once')).map((row) => row.users)).toEqual(Array(2).fill('[["ann"],[1]]'));
  });

  it('are at most 100, and their counts too low by a hundredth of all events at most', async () => {
    let run = 0;
    // The lower a number, the more likely it is: some users are far more active than others.
    const user = fc.tuple(fc.nat(249), fc.nat(249)).map(([a, b]) => `user-${Math.min(a, b)}`);
    const batches = fc.array(fc.array(user, { minLength: 50, maxLength: 200 }), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        const account_id = `many-${++run}`;
        const truth = new Map<string, number>();
        for (const [index, batch] of all.entries()) {
          const events = batch.map((user_id, n) => event(`${index}-${n}`, { account_id, user_id }));
          await recorder.record(T0, ...events);
          for (const user_id of batch) truth.set(user_id, (truth.get(user_id) ?? 0) + 1);
          await users.addUp();
        }
        const total = all.flat().length;
        for (const row of await rowsOf(account_id)) {
          const [userIds, counts] = JSON.parse(row.users) as UserLists;
          expect(userIds.length).toBeLessThanOrEqual(100);
          expect(row.cut).toBeLessThanOrEqual(total / 101);
          const kept = new Map(userIds.map((user_id, place) => [user_id, counts[place]!]));
          for (const [user_id, count] of truth) {
            expect(kept.get(user_id) ?? 0).toBeLessThanOrEqual(count);
            expect(kept.get(user_id) ?? 0).toBeGreaterThanOrEqual(count - row.cut);
          }
        }
        const { approximate } = await service.app.get(SummaryReader).readAt(account_id, '24h', T0);
        expect(approximate).toBe((await rowsOf(account_id)).some(({ cut }) => cut > 0));
      }),
      { numRuns: repetitions({ short: 15, long: 200 }) },
    );
  });

  it('may have any names', async () => {
    const names = ['__proto__', 'constructor', '["acme",', '"', '\\', 'ü 💥', '%', ' ', 'x'.repeat(1_000)];
    const events = names.map((user_id, n) => event(`named-${n}`, { account_id: 'names', user_id }));
    await recorder.record(T0, ...events);
    const reader = service.app.get(SummaryReader);
    const noted = await reader.readAt('names', '24h', T0);
    expect(noted.top_users).toEqual([...names].sort().map((user_id) => ({ user_id, count: 1 })));
    await users.addUp();
    expect(await reader.readAt('names', '24h', T0)).toEqual(noted);
  });

  it('are not mixed up with those of accounts whose names are alike', async () => {
    const accounts = ['a_c', 'abc', 'ABC', 'a.c', 'abcd', 'xabc'];
    const events = accounts.map((account_id) => event('any', { account_id, user_id: `of ${account_id}` }));
    await recorder.record(T0, ...events);
    const reader = service.app.get(SummaryReader);
    for (const isAddedUp of [false, true]) {
      if (isAddedUp) await users.addUp();
      for (const account_id of accounts) {
        const { top_users } = await reader.readAt(account_id, '7d', T0);
        expect(top_users).toEqual([{ user_id: `of ${account_id}`, count: 1 }]);
      }
    }
  });
});
