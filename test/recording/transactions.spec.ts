import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import { Database } from '../../src/database/database';
import { Statement } from '../../src/database/statement';
import { StorageUnavailableError } from '../../src/database/storage-error';
import { normalizeStripe } from '../../src/normalization/stripe';
import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { Recorder } from '../../src/recording/recorder';
import { repetitions } from '../harness/repetitions';
import { chargeSucceeded, payoutFailed } from '../harness/service-client';
import { startService, stopServices, type RunningService } from '../harness/service';

function event(id: string): NormalizedEvent {
  return normalizeStripe({
    account_id: 'default',
    body: JSON.stringify(chargeSucceeded(id)),
    receivedAt: Date.now(),
  });
}

const MARK = new Statement(() => 'INSERT INTO marks VALUES (?)');

/** What makes a connection refuse to write, and what mends it. PostgreSQL is like that after a failover. */
const READ_ONLY = {
  sqlite: { on: 'PRAGMA query_only = ON', off: 'PRAGMA query_only = OFF' },
  postgres: {
    on: 'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
    off: 'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE',
  },
} as const;

describe('recording', () => {
  let service: RunningService;
  let recorder: Recorder;
  let database: Database;

  beforeEach(async () => {
    service = await startService();
    recorder = service.app.get(Recorder);
    database = service.app.get(Database);
    await database.write((tx) => tx.query('CREATE TABLE marks (name TEXT PRIMARY KEY)'));
  });
  afterEach(stopServices);

  const mark = (name: string) => async (tx: EntityManager) => {
    await MARK.run(tx, [name]);
  };

  async function marks(): Promise<string[]> {
    const rows = await database.read.query<{ name: string }[]>('SELECT name FROM marks ORDER BY name');
    return rows.map(({ name }) => name);
  }

  async function storedIds(): Promise<string[]> {
    return (await service.client.events('?limit=500')).map(({ event_id }) => event_id).sort();
  }

  it("writes a source's own state in the transaction of its events", async () => {
    await recorder.record([event('evt_a')], { alongside: mark('a') });
    expect(await marks()).toEqual(['a']);
    expect(await storedIds()).toEqual(['evt_a']);
  });

  it("fails only the caller whose own state cannot be written, and stores none of that caller's events", async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('no state today'));
    const calls = [
      recorder.record([event('evt_a')], { alongside: mark('a') }),
      recorder.record([event('evt_b')], { alongside: fail }),
      recorder.record([event('evt_c')], { alongside: mark('c') }),
    ];
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await storedIds()).toEqual(['evt_a', 'evt_c']);
    expect(await marks()).toEqual(['a', 'c']);
  });

  it('fails every caller of a batch where the database is at fault, with 503, and recovers', async () => {
    // On PostgreSQL too with one connection that writes, for the test to spoil and to mend.
    const { app, client } = await startService({ DATABASE_POOL_MAX: '2' });
    const { on, off } = READ_ONLY[database.dialect];
    await app.get(Database).write((tx) => tx.query(on));
    const calls = ['evt_a', 'evt_b', 'evt_c'].map((id) => app.get(Recorder).record([event(id)]));
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: expect.any(StorageUnavailableError) as unknown,
      });
    }
    const refused = await client.stripe(chargeSucceeded('evt_d'));
    expect(refused).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    await app.get(Database).write((tx) => tx.query(off));
    const taken = await client.stripe(chargeSucceeded('evt_d'));
    expect(taken).toMatchObject({ status: 200, body: { received: true } });
    expect(await client.events()).toMatchObject([{ event_id: 'evt_d' }]);
  });

  it('shows nobody what is not committed', async () => {
    let seen: unknown;
    await recorder.record([event('evt_a')], {
      alongside: async () => {
        seen = await storedIds();
      },
    });
    expect(seen).toEqual([]);
    expect(await storedIds()).toEqual(['evt_a']);
  });

  it('keeps overlapping writes apart, those of other processes too: what was acknowledged is there, what failed is not', async () => {
    let round = 0;
    const isShared = globalThis.PROFILE === 'scaled';
    const services = [service, isShared ? await startService(service.environment) : service] as const;
    const step = fc.record({
      place: fc.constantFrom(0 as const, 1 as const),
      fails: fc.boolean(),
      pauses: fc.integer({ min: 0, max: 3 }),
      isPlain: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        round++;
        const names = steps.map((_, index) => `${round}-${index}`);
        const results = await Promise.allSettled(
          steps.map(({ place, fails, pauses, isPlain }, index) => {
            const { app } = services[place];
            const work = async (tx: EntityManager): Promise<void> => {
              await mark(names[index]!)(tx);
              for (let pause = 0; pause < pauses; pause++) await new Promise(setImmediate);
              if (fails) throw new Error('rolled back on purpose');
            };
            return isPlain
              ? app.get(Database).write(work)
              : app.get(Recorder).record([event(`evt_${names[index]}`)], { alongside: work });
          }),
        );
        const acknowledged = names.filter((_, index) => results[index]!.status === 'fulfilled');
        expect(acknowledged).toEqual(names.filter((_, index) => !steps[index]!.fails));
        const kept = (await marks()).filter((name) => name.startsWith(`${round}-`));
        expect(kept.sort()).toEqual([...acknowledged].sort());
        const events = (await storedIds()).filter((id) => id.startsWith(`evt_${round}-`));
        const wanted = acknowledged
          .filter((name) => !steps[names.indexOf(name)]!.isPlain)
          .map((name) => `evt_${name}`);
        expect(events).toEqual(wanted.sort());
      }),
      { numRuns: repetitions({ short: 30, long: 500 }) },
    );
  });

  it('refuses writes after it was closed, and closes after those that were asked for', async () => {
    const last = recorder.record([event('evt_a')]);
    await new Promise(setImmediate);
    await database.close();
    await expect(last).resolves.toMatchObject([{ outcome: 'stored' }]);
    await expect(database.write(() => Promise.resolve())).rejects.toThrow(StorageUnavailableError);
  });

  it('stores an event and its deliveries together', async () => {
    await recorder.record([
      normalizeStripe({
        account_id: 'default',
        body: JSON.stringify(payoutFailed('evt_p')),
        receivedAt: Date.now(),
      }),
    ]);
    const stored = await service.client.event('evt_p');
    expect(stored).toMatchObject({ routed: true, deliveries: [{ action: 'trigger' }] });
  });
});
