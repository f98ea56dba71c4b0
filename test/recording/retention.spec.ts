import { Database } from '../../src/database/database';
import { Statement } from '../../src/database/statement';
import { Retention } from '../../src/events/retention';
import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { Recorder } from '../../src/recording/recorder';
import { answer, FakeDestination } from '../harness/fake-destination';
import { eventually } from '../harness/eventually';
import { startService, stopServices } from '../harness/service';

const LONG_AGO = Date.UTC(2020, 0, 1);

function event(event_id: string, changes: Partial<NormalizedEvent> = {}): NormalizedEvent {
  return {
    account_id: 'default',
    event_id,
    source: 'app',
    kind: 'activity',
    severity: 'info',
    service: 'shop',
    type: 'note',
    user_id: null,
    summary: 'Something',
    description: null,
    started_at: LONG_AGO,
    resolved_at: null,
    updated_at: LONG_AGO,
    raw: '{}',
    ...changes,
  };
}

describe('retention', () => {
  afterEach(stopServices);

  it('removes what is old and over, with all that hangs on it, and nothing else', async () => {
    const destination = await FakeDestination.start(answer(503));
    const service = await startService({ PAGERDUTY_EVENTS_URL: destination.url, BREAKER_RESET_MS: '60000' });
    const recorder = service.app.get(Recorder);
    const database = service.app.get(Database);
    const many = Array.from({ length: 1_200 }, (_, n) => event(`old-${n}`));
    await recorder.record([
      ...many,
      event('open', { kind: 'incident' }),
      event('over', { kind: 'incident', resolved_at: LONG_AGO + 1 }),
      event('waiting', { severity: 'critical' }),
    ]);
    await recorder.record([event('changed-since', { kind: 'incident' })]);
    await database.write(async (tx) => {
      await new Statement(() => 'UPDATE events SET received_at = ?').run(tx, [LONG_AGO]);
      await new Statement(() => 'UPDATE event_revisions SET recorded_at = ?').run(tx, [LONG_AGO]);
    });
    await recorder.record([
      event('new'),
      event('changed-since', { kind: 'incident', resolved_at: LONG_AGO + 1, updated_at: LONG_AGO + 1 }),
    ]);

    expect(await service.app.get(Retention).removeOlderThan(Date.now() - 1_000)).toBe(1_201);

    const left = (await service.client.events()).map(({ event_id }) => event_id);
    expect(left.sort()).toEqual(['changed-since', 'new', 'open', 'waiting']);
    const [{ n }] = await database.read.query<[{ n: number }]>('SELECT count(*) AS n FROM event_revisions');
    expect(n).toBe(5);
    await destination.stop();
  });

  it('removes the deliveries and attempts of what it removes', async () => {
    const service = await startService();
    await service.app.get(Recorder).record([event('paged', { severity: 'critical' })]);
    await eventually(async () =>
      expect(await service.client.deliveries('?status=delivered')).toHaveLength(1),
    );
    expect(await service.app.get(Retention).removeOlderThan(Date.now() + 1_000)).toBe(1);
    const database = service.app.get(Database);
    for (const table of ['events', 'event_revisions', 'deliveries', 'delivery_attempts']) {
      expect(await database.read.query(`SELECT count(*) AS n FROM ${table}`)).toEqual([{ n: 0 }]);
    }
  });
});
