import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { Recorder } from '../../src/recording/recorder';
import { startService, stopServices, type RunningService } from '../harness/service';

const T0 = Date.UTC(2026, 0, 1, 12);

function incident(changes: Partial<NormalizedEvent> = {}): NormalizedEvent {
  return {
    account_id: 'default',
    event_id: 'acme_status:inc_1',
    source: 'acme_status',
    kind: 'incident',
    severity: 'warning',
    service: 'acme',
    type: 'incident',
    user_id: null,
    summary: 'Slow answers',
    description: 'Looking into it',
    started_at: T0,
    resolved_at: null,
    updated_at: T0,
    raw: '{"n":1}',
    ...changes,
  };
}

describe('the one rule for repeats', () => {
  let service: RunningService;
  let recorder: Recorder;

  beforeEach(async () => {
    service = await startService();
    recorder = service.app.get(Recorder);
  });
  afterEach(stopServices);

  async function outcomesOf(...events: NormalizedEvent[]): Promise<string[]> {
    return (await recorder.record(events)).map(({ outcome }) => outcome);
  }

  it('takes an unchanged state for a duplicate, whatever else differs', async () => {
    await outcomesOf(incident());
    const repeat = incident({ updated_at: T0 + 5_000, raw: '{"n":2}', started_at: T0 + 1 });
    expect(await outcomesOf(repeat)).toEqual(['duplicate']);
    const event = await service.client.event('acme_status:inc_1');
    expect(event).toMatchObject({ revision: 1, raw: { n: 1 } });
    expect(event.revisions).toHaveLength(1);
  });

  it.each<[string, Partial<NormalizedEvent>]>([
    ['severity', { severity: 'critical' }],
    ['summary', { summary: 'No answers' }],
    ['description', { description: null }],
    ['resolved_at', { resolved_at: T0 + 9_000 }],
  ])('makes a revision of a change in %s', async (_field, change) => {
    await outcomesOf(incident());
    const changed = incident({ ...change, updated_at: T0 + 10_000, raw: '{"n":2}' });
    expect(await outcomesOf(changed)).toEqual(['changed']);
    const event = await service.client.event('acme_status:inc_1');
    expect(event).toMatchObject({
      revision: 2,
      raw: { n: 2 },
      updated_at: new Date(T0 + 10_000).toISOString(),
    });
    expect(event.revisions.map(({ revision, raw }) => [revision, raw])).toEqual([
      [1, { n: 1 }],
      [2, { n: 2 }],
    ]);
  });

  it('counts an equal updated_at as not older', async () => {
    await outcomesOf(incident());
    expect(await outcomesOf(incident({ severity: 'critical' }))).toEqual(['changed']);
  });

  it('ignores a changed state that is older', async () => {
    await outcomesOf(incident({ updated_at: T0 + 10 }));
    expect(await outcomesOf(incident({ severity: 'critical', updated_at: T0 + 9 }))).toEqual(['stale']);
    expect(await service.client.event('acme_status:inc_1')).toMatchObject({
      revision: 1,
      severity: 'warning',
    });
  });

  it.each(['payment', 'activity'] as const)('never changes an event of kind %s', async (kind) => {
    await outcomesOf(incident({ kind }));
    const other = incident({ kind, severity: 'critical', summary: 'Other', updated_at: T0 + 1 });
    expect(await outcomesOf(other)).toEqual(['duplicate']);
    expect(await service.client.event('acme_status:inc_1')).toMatchObject({
      revision: 1,
      severity: 'warning',
    });
  });

  it('keeps the same id in two accounts apart', async () => {
    expect(await outcomesOf(incident(), incident({ account_id: 'other' }))).toEqual(['stored', 'stored']);
  });

  it('reopens what was resolved', async () => {
    await outcomesOf(incident());
    await outcomesOf(incident({ resolved_at: T0 + 1, updated_at: T0 + 1 }));
    expect(await outcomesOf(incident({ updated_at: T0 + 2 }))).toEqual(['changed']);
    expect(await service.client.event('acme_status:inc_1')).toMatchObject({ revision: 3, resolved_at: null });
  });

  it('applies several states of one event in one call in their order', async () => {
    const states = [
      incident(),
      incident({ severity: 'critical', updated_at: T0 + 1 }),
      incident({ severity: 'critical', updated_at: T0 + 1 }),
      incident({ updated_at: T0 + 2 }),
      incident({ severity: 'critical', updated_at: T0 + 1 }),
    ];
    expect(await outcomesOf(...states)).toEqual(['stored', 'changed', 'duplicate', 'changed', 'stale']);
    expect(await service.client.event('acme_status:inc_1')).toMatchObject({
      revision: 3,
      severity: 'warning',
    });
  });

  it('stores one that arrives already resolved, and sends nothing about it', async () => {
    await outcomesOf(incident({ severity: 'critical', resolved_at: T0 + 1 }));
    expect(await service.client.event('acme_status:inc_1')).toMatchObject({ routed: false, deliveries: [] });
  });

  it('stores what a hostile sender writes without harm', async () => {
    const event_id = `'"\\%_\u202e😀${'x'.repeat(900)}`;
    expect(await outcomesOf(incident({ event_id, summary: `'); DROP TABLE events; --` }))).toEqual([
      'stored',
    ]);
    expect(await service.client.event(event_id)).toMatchObject({ summary: `'); DROP TABLE events; --` });
  });
});
