import { setTimeout as sleep } from 'node:timers/promises';
import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { Recorder } from '../../src/recording/recorder';
import { startService, stopServices, type RunningService } from '../harness/service';
import type { ShownEvent } from '../harness/service-client';

const T0 = Date.UTC(2026, 0, 1);

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
    summary: event_id,
    description: null,
    started_at: T0,
    resolved_at: null,
    updated_at: T0,
    raw: '{}',
    ...changes,
  };
}

describe('GET /events', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService();
    const batches = [
      // One batch has one received_at, so these also show that ties keep their order over pages.
      Array.from({ length: 120 }, (_, n) => event(`bulk-${String(n).padStart(3, '0')}`)),
      [event('incident-open', { kind: 'incident', source: 'acme_status', service: 'acme' })],
      [event('incident-over', { kind: 'incident', resolved_at: T0 })],
      [event('critical', { severity: 'critical' })],
      [event('foreign', { account_id: 'other' })],
    ];
    for (const batch of batches) {
      await service.app.get(Recorder).record(batch);
      // Each batch in a millisecond of its own: within one, lists go by id.
      await sleep(2);
    }
  });
  afterAll(stopServices);

  const ids = async (query: string): Promise<string[]> => {
    return (await service.client.events(query)).map(({ event_id }) => event_id);
  };

  it('shows the newest first, 50 unless told otherwise', async () => {
    const shown = await ids('');
    expect(shown).toHaveLength(50);
    expect(shown.slice(0, 4)).toEqual(['foreign', 'critical', 'incident-over', 'incident-open']);
  });

  it.each([
    ['?open=true', ['incident-open']],
    ['?kind=incident', ['incident-over', 'incident-open']],
    ['?severity=critical', ['critical']],
    ['?source=acme_status', ['incident-open']],
    ['?service=acme', ['incident-open']],
    ['?account_id=other', ['foreign']],
    ['?source=nobody', []],
    ['?kind=incident&open=false', ['incident-over']],
  ])('filters by %s', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  it('goes through all pages without a gap or a repeat, also where many came at once', async () => {
    const seen: string[] = [];
    let query = '?limit=7';
    for (;;) {
      const page = await service.client.get<{ events: ShownEvent[]; next_cursor: string | null }>(
        `/events${query}`,
      );
      seen.push(...page.body.events.map(({ event_id }) => event_id));
      if (page.body.next_cursor === null) break;
      query = `?limit=7&cursor=${page.body.next_cursor}`;
    }
    expect(seen).toHaveLength(124);
    expect(new Set(seen).size).toBe(124);
    expect(seen).toEqual(await ids('?limit=500'));
  });

  it('keeps the place of an event that changes', async () => {
    const before = await ids('?limit=500');
    await service.app.get(Recorder).record([
      event('incident-open', {
        kind: 'incident',
        source: 'acme_status',
        service: 'acme',
        summary: 'Worse',
        updated_at: T0 + 1,
      }),
    ]);
    expect(await ids('?limit=500')).toEqual(before);
  });

  it('includes `since` and excludes `until`, by the time of arrival', async () => {
    const { received_at } = (await service.client.event('critical')) as unknown as { received_at: string };
    const next = new Date(Date.parse(received_at) + 1).toISOString();
    expect(await ids(`?severity=critical&since=${received_at}&until=${next}`)).toEqual(['critical']);
    expect(await ids(`?severity=critical&until=${received_at}`)).toEqual([]);
    expect(await ids(`?severity=critical&since=${next}`)).toEqual([]);
  });

  it.each(['2026-13-01', '2026-02-30', '20260101', '2026-W05-1', '2026-01-01T25:00', 'yesterday', '1', ''])(
    'refuses %p as an instant',
    async (since) => {
      const answer = await service.client.get(`/events?since=${since}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    },
  );

  const cursor = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

  it.each([
    'source=%00',
    'service=a%00b',
    `cursor=${cursor(T0, 'default\0', 'critical')}`,
    `cursor=${cursor(T0, 'default', '\0')}`,
  ])('refuses NUL, which no text holds, in ?%s', async (query) => {
    expect(await service.client.get(`/events?${query}`)).toMatchObject({ status: 400 });
  });

  it('knows no event of an id with NUL in it', async () => {
    const unknown = { status: 404, body: { code: 'event_not_found' } };
    expect(await service.client.get('/events/critical%00')).toMatchObject(unknown);
    expect(await service.client.post('/events/critical%00/resolve')).toMatchObject(unknown);
  });

  it('takes a day, a time without a zone as UTC, and a time with one', async () => {
    for (const since of ['2100-01-01', '2100-01-01T10:00', '2100-01-01T10:00:00.123%2B02:00']) {
      expect(await ids(`?since=${since}`)).toEqual([]);
      expect((await ids(`?until=${since}`)).length).toBeGreaterThan(0);
    }
  });

  it('ends a page early at 8 MB, and goes on from there', async () => {
    const raw = `"${'x'.repeat(3_000_000)}"`;
    const big = ['big-1', 'big-2', 'big-3'].map((id) => event(id, { account_id: 'big', raw }));
    await service.app.get(Recorder).record(big);
    const first = await service.client.get<{ events: ShownEvent[]; next_cursor: string }>(
      '/events?account_id=big',
    );
    expect(first.body.events.map(({ event_id }) => event_id)).toEqual(['big-3', 'big-2']);
    expect(await ids(`?account_id=big&cursor=${first.body.next_cursor}`)).toEqual(['big-1']);
  });

  it('shows the newest states of an event that has had too many for one answer', async () => {
    const raw = (n: number): string => `{"n":${n},"padding":"${'x'.repeat(900_000)}"}`;
    const recorder = service.app.get(Recorder);
    for (let n = 1; n <= 12; n++) {
      await recorder.record([
        event('edited', {
          kind: 'incident',
          account_id: 'edited',
          summary: `edit ${n}`,
          updated_at: T0 + n,
          raw: raw(n),
        }),
      ]);
    }
    const { body } = await service.client.get<{ revisions: { revision: number }[] }>(
      '/events/edited?account_id=edited',
    );
    expect(body.revisions.map(({ revision }) => revision)).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('shows a signal as it came, digit for digit', async () => {
    const raw = '{"n":12345678901234567890.10,"n":2,"__proto__":{"x":1}}';
    await service.app.get(Recorder).record([event('exact', { account_id: 'exact', raw })]);
    const text = await (await fetch(`${service.url}/events/exact?account_id=exact`)).text();
    expect(text).toContain(`"raw":${raw}`);
  });
});
