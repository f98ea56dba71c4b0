import fc from 'fast-check';
import { Database } from '../../src/database/database';
import { Statement } from '../../src/database/statement';
import type { Summary } from '../../src/events/summary/summary-answer';
import { SummaryReader } from '../../src/events/summary/summary-reader';
import { bucketsOf, WINDOWS, type SummaryWindow } from '../../src/events/summary/summary-window';
import { UserRollup } from '../../src/events/summary/user-rollup';
import { SEVERITIES } from '../../src/normalization/normalized-event';
import { repetitions } from '../harness/repetitions';
import { startService, stopServices, type RunningService } from '../harness/service';
import { event, TimedRecorder } from './recorded-at';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const T0 = Date.UTC(2026, 0, 10, 21, 40);

const ACCOUNTS = ['one', 'two'];

/** The severity is that of the first state: later ones do not count. */
const STORED = new Statement<{ type: string; severity: string; source: string; user_id: string | null }>(
  () => `
  SELECT e.type, r.severity, e.source, e.user_id FROM events e JOIN event_revisions r ON r.seq = e.first_seq
  WHERE e.account_id = ? AND e.received_at >= ?`,
);

const OPEN = new Statement<{ n: number }>(
  () => `
  SELECT count(*) AS n FROM events WHERE account_id = ? AND resolved_at IS NULL AND kind IN ('incident', 'status')`,
);

let service: RunningService;
let database: Database;

beforeAll(async () => {
  service = await startService();
  database = service.app.get(Database);
});
afterAll(stopServices);

function countBy(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
}

/** What a summary must say, from the events themselves. Few enough of them that nothing is left out. */
async function recount(account: string, window: SummaryWindow, now: number): Promise<Partial<Summary>> {
  const { startAt, users } = bucketsOf(window, now);
  const stored = await STORED.run(database.read, [account, startAt]);
  const ofUsers = await STORED.run(database.read, [account, users[0]!.bucket_at]);
  const [open] = await OPEN.run(database.read, [account]);
  const bySeverity = new Map(countBy(stored.map(({ severity }) => severity)));
  return {
    account_id: account,
    window,
    window_start: new Date(startAt).toISOString(),
    total: stored.length,
    by_type: countBy(stored.map(({ type }) => type)).map(([type, count]) => ({ type, count })),
    by_severity: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, bySeverity.get(severity) ?? 0]),
    ) as unknown as Summary['by_severity'],
    by_source: Object.fromEntries(countBy(stored.map(({ source }) => source))),
    open_incidents: Number(open!.n),
    top_users: countBy(ofUsers.flatMap(({ user_id }) => user_id ?? [])).map(([user_id, count]) => ({
      user_id,
      count,
    })),
    approximate: ofUsers.length > stored.length,
    generated_at: new Date(now).toISOString(),
  };
}

const someEvent = fc.record({
  account: fc.constantFrom(...ACCOUNTS),
  id: fc.integer({ min: 0, max: 30 }),
  isIncident: fc.boolean(),
  isOver: fc.boolean(),
  type: fc.constantFrom('login', 'order', 'page'),
  source: fc.constantFrom('app', 'stripe'),
  severity: fc.constantFrom(...SEVERITIES),
  user_id: fc.constantFrom(null, 'ann', 'bob', 'cy'),
  updated_at: fc.integer({ min: 0, max: 5 }),
});

const someBatch = fc.record({
  /** Within a minute, an hour, a day, or much later. */
  pauseMs: fc.oneof(
    fc.integer({ min: 0, max: 2 * MINUTE_MS }),
    fc.integer({ min: 0, max: 90 * MINUTE_MS }),
    fc.integer({ min: 0, max: 3 * DAY_MS }),
    fc.integer({ min: 0, max: 20 * DAY_MS }),
  ),
  process: fc.integer({ min: 0, max: 1 }),
  addsUp: fc.boolean(),
  events: fc.array(someEvent, { minLength: 1, maxLength: 12 }),
});

describe('the roll-ups', () => {
  it('say what the events themselves say, for every window, whatever came when', async () => {
    const processes = [new TimedRecorder(service), new TimedRecorder(service)];
    const reader = service.app.get(SummaryReader);
    const users = service.app.get(UserRollup);
    let run = 0;
    const batches = fc.array(someBatch, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 0, max: 2 * DAY_MS }), async (all, lookAfterMs) => {
        run++;
        let now = T0;
        for (const { pauseMs, process, addsUp, events } of all) {
          now += pauseMs;
          const batch = events.map(({ account, id, isIncident, isOver, ...rest }) => {
            const kind = isIncident ? 'incident' : 'activity';
            const resolved_at = isOver ? 1 : null;
            return event(`${kind}-${id}`, { account_id: `${account}-${run}`, kind, resolved_at, ...rest });
          });
          await processes[process]!.record(now, ...batch);
          if (addsUp) await users.addUp();
        }
        for (const at of [now, now + lookAfterMs]) {
          for (const account of ACCOUNTS.map((name) => `${name}-${run}`)) {
            for (const window of WINDOWS) {
              expect(await reader.readAt(account, window, at)).toEqual(await recount(account, window, at));
            }
          }
        }
      }),
      { numRuns: repetitions({ short: 25, long: 500 }) },
    );
  });

  it('hold an event received in the last millisecond of a bucket there, and the next one in the next', async () => {
    const recorder = new TimedRecorder(service);
    const reader = service.app.get(SummaryReader);
    const midnight = Date.UTC(2026, 2, 1);
    await recorder.record(midnight - 1, event('last', { account_id: 'edge', type: 'last' }));
    await recorder.record(midnight, event('first', { account_id: 'edge', type: 'first' }));
    const typesAt = async (window: SummaryWindow, now: number): Promise<string[]> => {
      return (await reader.readAt('edge', window, now)).by_type.map(({ type }) => type);
    };
    expect(await typesAt('1h', midnight + 3_600_000 - 1)).toEqual(['first', 'last']);
    expect(await typesAt('1h', midnight + 3_600_000)).toEqual(['first']);
    expect(await typesAt('24h', midnight + DAY_MS - 1)).toEqual(['first', 'last']);
    expect(await typesAt('24h', midnight + DAY_MS)).toEqual(['first']);
    for (const [window, days] of [
      ['7d', 7],
      ['30d', 30],
    ] as const) {
      expect(await typesAt(window, midnight + days * DAY_MS - 1)).toEqual(['first', 'last']);
      expect(await typesAt(window, midnight + days * DAY_MS)).toEqual(['first']);
    }
  });

  it('lose nothing where several processes count the same at once', async () => {
    const processes = Array.from({ length: 4 }, () => new TimedRecorder(service));
    const reader = service.app.get(SummaryReader);
    const users = service.app.get(UserRollup);
    await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        await processes[n % 4]!.record(T0, event(`e-${n}`, { account_id: 'busy', user_id: `user-${n % 3}` }));
        if (n % 5 === 0) await users.addUp();
      }),
    );
    const before = await reader.readAt('busy', '24h', T0);
    expect(before).toMatchObject({
      total: 40,
      by_type: [{ type: 'order.created', count: 40 }],
      top_users: [
        { user_id: 'user-0', count: 14 },
        { user_id: 'user-1', count: 13 },
        { user_id: 'user-2', count: 13 },
      ],
    });
    await users.addUp();
    expect(await reader.readAt('busy', '24h', T0)).toEqual(before);
  });
});
