import { Database } from '../../src/database/database';
import { EventCountEntity } from '../../src/events/summary/event-count.entity';
import { EventUsersEntity } from '../../src/events/summary/event-users.entity';
import { RollupRetention } from '../../src/events/summary/rollup-retention';
import { SummaryReader } from '../../src/events/summary/summary-reader';
import { WINDOWS } from '../../src/events/summary/summary-window';
import { UserRollup } from '../../src/events/summary/user-rollup';
import { startService, stopServices, type RunningService } from '../harness/service';
import { event, TimedRecorder } from './recorded-at';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.UTC(2026, 5, 20, 10, 23, 45);

describe('retention of roll-ups', () => {
  let service: RunningService;
  let database: Database;
  let retention: RollupRetention;

  beforeEach(async () => {
    service = await startService();
    database = service.app.get(Database);
    retention = service.app.get(RollupRetention);
  });
  afterEach(stopServices);

  /** How many rows there are of each length of bucket, and how old the oldest is. */
  async function left(
    entity: typeof EventCountEntity | typeof EventUsersEntity,
  ): Promise<Record<number, [number, number]>> {
    const rows = await database.read.getRepository<EventCountEntity | EventUsersEntity>(entity).find();
    const spans = Map.groupBy(rows, ({ span_ms }) => span_ms);
    return Object.fromEntries(
      [...spans].map(([span, ofSpan]) => {
        const oldestAt = Math.min(...ofSpan.map(({ bucket_at }) => bucket_at));
        return [span, [ofSpan.length, Math.floor((NOW - oldestAt) / HOUR_MS)]];
      }),
    );
  }

  it('keeps what the windows need, days as long as events, and nothing else', async () => {
    const recorder = new TimedRecorder(service);
    const reader = service.app.get(SummaryReader);
    // One event every six hours for 50 days, and one every half hour at the end.
    const agesMs = [
      ...Array.from({ length: 200 }, (_, n) => (n + 1) * 6 * HOUR_MS),
      ...Array.from({ length: 12 }, (_, n) => n * (HOUR_MS / 2)),
    ];
    for (const ageMs of agesMs) await recorder.record(NOW - ageMs, event(`old-${ageMs}`, { user_id: 'ann' }));
    await service.app.get(UserRollup).addUp();
    const before = await Promise.all(WINDOWS.map((window) => reader.readAt('acme', window, NOW)));
    expect(before.map(({ total }) => total)).toEqual([3, 16, 40, 132]);

    await retention.removeOld(NOW, 40);

    expect(await Promise.all(WINDOWS.map((window) => reader.readAt('acme', window, NOW)))).toEqual(before);
    // Minutes that began in the last two hours, hours in the last 31 days (744 hours), days in the last 40 (960).
    expect(await left(EventCountEntity)).toEqual({
      60_000: [4, 1],
      [HOUR_MS]: [129, 738],
      [DAY_MS]: [40, 946],
    });
    expect(await left(EventUsersEntity)).toEqual({ [HOUR_MS]: [129, 738], [DAY_MS]: [40, 946] });
  });

  it('never removes days that the longest window needs', async () => {
    const recorder = new TimedRecorder(service);
    await recorder.record(NOW - 29 * DAY_MS, event('a'));
    await retention.removeOld(NOW, 1);
    const { total } = await service.app.get(SummaryReader).readAt('acme', '30d', NOW);
    expect(total).toBe(1);
  });

  it('removes more than one transaction does, also where one account has more rows than that', async () => {
    const recorder = new TimedRecorder(service);
    const old = NOW - 60 * DAY_MS;
    for (let batch = 0; batch < 15; batch++) {
      const events = Array.from({ length: 200 }, (_, n) => {
        return event(`e-${n}`, { account_id: `account-${batch}`, type: `type-${n}`, user_id: `user-${n}` });
      });
      await recorder.record(old, ...events);
    }
    for (const source of Array.from({ length: 12 }, (_, n) => `source-${n}`)) {
      const events = Array.from({ length: 200 }, (_, n) =>
        event(`${source}-${n}`, { source, type: `type-${n}` }),
      );
      await recorder.record(old, ...events);
    }
    await service.app.get(UserRollup).addUp();
    const countRows = (): Promise<number> => database.read.getRepository(EventCountEntity).count();
    expect(await countRows()).toBe(3 * (15 + 12) * 200);
    await recorder.record(NOW, event('new'));
    await retention.removeOld(NOW, 30);
    expect(await countRows()).toBe(3);
    expect(await database.read.getRepository(EventUsersEntity).count()).toBe(0);
  });
});
