import { Database } from '../../src/database/database';
import { AccountRules } from '../../src/routing/account-rules';
import { CompiledRoutes } from '../../src/routing/compiled-routes';
import { Preview } from '../../src/routing/preview/preview';
import { simulatedPages } from '../../src/routing/preview/simulated-pages';
import type { StoredLife } from '../../src/routing/preview/stored-life';
import { EventEntity } from '../../src/events/event.entity';
import { RevisionEntity } from '../../src/events/revision.entity';
import { Recorder } from '../../src/recording/recorder';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { startService, stopServices, type RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { blockLongReads } from './blocked-reads';
import { ACME_HOOK, storedEvent } from './routed-service';

const ACCOUNT = 'acme';

let service: RunningService;
let pagerDuty: FakeDestination;

beforeAll(async () => {
  pagerDuty = await FakeDestination.start();
  service = await startService({ PAGERDUTY_EVENTS_URL: pagerDuty.url });
  await service.client.post('/destinations', { ...ACME_HOOK, account_id: ACCOUNT, enabled: false });
});
afterAll(async () => {
  await stopServices();
  await pagerDuty.stop();
});

const setRoutes = (routes: readonly object[]): Promise<Answer> =>
  service.client.post('/routes', { account_id: ACCOUNT, routes }, {}, 'PUT');
const explain = (body: object): Promise<Answer> =>
  service.client.post('/routes/explain', { account_id: ACCOUNT, ...body });
const preview = (body: object, init: RequestInit = {}): Promise<Answer> =>
  service.client.get('/routes/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account_id: ACCOUNT, ...body }),
    ...init,
  });

const record = (event_id: string, changes: object = {}): Promise<unknown> =>
  service.app.get(Recorder).record([storedEvent(event_id, { account_id: ACCOUNT, ...changes })]);

/** Once a stored event's explanation holds that. */
const untilExplained = (event_id: string, expected: object): Promise<void> =>
  eventually(async () => {
    expect((await explain({ event_id })).body).toMatchObject(expected);
  });

describe('an explanation', () => {
  const EVENT = {
    source: 'stripe',
    service: 'payments',
    kind: 'incident',
    severity: 'warning',
    type: 'payout.failed',
  };
  const AT = '2026-01-15T23:30:00.000Z';

  it('goes through the routes in order, and says what would be sent', async () => {
    await setRoutes([
      { name: 'Only critical', match: { severity: 'critical' }, to: ['pagerduty'] },
      { name: 'Off', enabled: false, to: [] },
      {
        name: 'Office hours',
        match: { service: 'pay*', time: { from: '09:00', to: '17:00', timezone: 'Europe/Berlin' } },
        to: ['pagerduty'],
      },
      { name: 'Copy', match: { source: 'stripe' }, to: ['on-call'], continue: true },
      { name: 'Patience', to: ['pagerduty'], min_duration_s: 120, remind_every_s: 600 },
      { name: 'Behind', to: [] },
    ]);
    const { status, body } = await explain({ event: EVENT, at: AT });
    expect(status).toBe(200);
    expect(body).toMatchObject({ account_id: ACCOUNT, event_id: null, at: AT, draft: false, sent: [] });
    expect(body['routes']).toMatchObject([
      {
        name: 'Only critical',
        verdict: 'not_matched',
        unmet: [{ field: 'severity', wanted: 'critical', seen: 'warning' }],
        says: 'Did not match: severity is warning, wanted: critical.',
      },
      { name: 'Off', verdict: 'off', says: 'Switched off.' },
      {
        name: 'Office hours',
        verdict: 'not_matched',
        unmet: [{ field: 'time', seen: 'fri 00:30' }],
        says: 'Did not match: time is fri 00:30, wanted: every day 09:00–17:00 (Europe/Berlin).',
      },
      {
        name: 'Copy',
        verdict: 'matched',
        stopped_here: false,
        says: 'Matched: wants it at on-call. The walk goes on.',
      },
      { name: 'Patience', verdict: 'matched', stopped_here: true },
      { name: 'Behind', verdict: 'not_reached', says: 'Not asked: the walk ended at “Patience”.' },
      { name: 'default', verdict: 'not_reached' },
    ]);
    expect(body['destinations']).toEqual([
      {
        destination: 'pagerduty',
        name: 'pagerduty',
        plan: 'held',
        until: '2026-01-15T23:32:00.000Z',
        reason: 'duration',
        route: { id: expect.any(String) as unknown, name: 'Patience' },
        remind_every_s: 600,
        says: 'Held until 2026-01-15T23:32:00.000Z: it has to last so long (min_duration_s).',
      },
      expect.objectContaining({ name: 'on-call', plan: 'off', route: null }),
    ]);
  });

  it('tries a draft, and changes nothing', async () => {
    await setRoutes([]);
    const routes = [{ name: 'Stand-in', to: ['pagerduty'], mute_until: AT, fallback: 'on-call' }];
    const draft = await explain({ event: EVENT, at: '2026-01-15T23:00:00.000Z', routes });
    expect(draft.body).toMatchObject({
      draft: true,
      routes: [
        { muted_until: AT, says: `Matched: wants it at pagerduty. Muted until ${AT}. The walk ends here.` },
        {},
      ],
      destinations: [
        { plan: 'held', until: AT, reason: 'mute' },
        { name: 'on-call', plan: 'off' },
      ],
    });
    const inForce = await explain({ event: { ...EVENT, severity: 'critical' } });
    expect(inForce.body).toMatchObject({
      draft: false,
      routes: [{ name: 'default', verdict: 'matched' }],
      destinations: [{ plan: 'trigger_now', says: 'Trigger now.' }],
    });
  });

  it('says of a stored event what was sent, and what its end would bring', async () => {
    await setRoutes([]);
    await record('evt_told');
    await untilExplained('evt_told', {
      event_id: 'evt_told',
      destinations: [{ plan: 'nothing', says: 'Nothing: it is open there already.' }],
      sent: [
        {
          action: 'trigger',
          status: 'delivered',
          says: expect.stringMatching(/^Trigger delivered at/) as unknown,
        },
      ],
    });
    expect((await explain({ event_id: 'evt_told', routes: [{ name: 'Quiet', to: [] }] })).body).toMatchObject(
      {
        destinations: [
          { plan: 'nothing', says: expect.stringContaining('its end is told there all the same') as unknown },
        ],
      },
    );
  });

  it.each<[status: number, code: string, field: string | null, body: object]>([
    [400, 'invalid_route', 'event.source', {}],
    [400, 'invalid_route', 'event.severity', { event: { ...EVENT, severity: 'bad' } }],
    [400, 'invalid_route', 'event_id', { event: EVENT, event_id: 'x' }],
    [400, 'invalid_route', 'routes[0].name', { event: EVENT, routes: [{ to: [] }] }],
    [400, 'invalid_route', 'at', { event: EVENT, at: 'tomorrow' }],
    [400, 'invalid_route', 'colour', { event: EVENT, colour: 'red' }],
    [404, 'event_not_found', null, { event_id: 'nobody' }],
  ])('is refused: %s %s %s', async (status, code, field, body) => {
    const answer = await explain(body);
    expect(answer).toMatchObject({ status, body: { code } });
    if (field !== null) expect(answer.body['faults']).toContainEqual(expect.objectContaining({ field }));
  });
});

describe('a route that is only tried out', () => {
  const SHADOW = { name: 'Trial', shadow: true, to: ['pagerduty'] };
  const SILENCE = { name: 'Silence', to: [] };
  const over = (): object => ({ resolved_at: Date.now(), updated_at: Date.now() + 1_000 });
  const pagesOf = (id: string): string[] => pagerDuty.calls.filter((call) => call.endsWith(`/${id}`));

  it('leaves a row of what it would send, sends nothing, and lets what is open be closed', async () => {
    await setRoutes([]);
    await record('evt_open');
    await untilExplained('evt_open', { sent: [{ status: 'delivered' }] });
    await setRoutes([SHADOW, SILENCE]);
    await record('evt_shadow');
    const { body } = await explain({ event_id: 'evt_shadow' });
    expect(body).toMatchObject({
      routes: [
        {
          name: 'Trial',
          verdict: 'matched',
          stopped_here: false,
          says: 'Matched, but is only tried out (shadow): would want it at pagerduty. The walk goes on.',
        },
        { name: 'Silence', verdict: 'matched', stopped_here: true },
        { verdict: 'not_reached' },
      ],
      destinations: [
        {
          plan: 'shadow',
          route: { name: 'Trial' },
          says: 'Nothing: only a route that is tried out (shadow) wants it there.',
        },
      ],
      sent: [{ action: 'trigger', status: 'skipped', reason: 'shadow' }],
    });
    await record('evt_shadow', over());
    await record('evt_open', over());
    await untilExplained('evt_open', {
      sent: [
        { action: 'trigger', status: 'delivered' },
        { action: 'resolve', status: 'delivered' },
      ],
    });
    expect(await explain({ event_id: 'evt_shadow' })).toMatchObject({
      body: {
        sent: [
          { action: 'trigger', reason: 'shadow' },
          { action: 'resolve', reason: 'shadow' },
        ],
      },
    });
    expect([pagesOf('evt_open').length, pagesOf('evt_shadow')]).toEqual([2, []]);
  });

  it('is said to be for some events, and whether this is one of them', async () => {
    const event = { source: 'app', service: 'shop', kind: 'incident', severity: 'info', type: 'outage' };
    const all = { name: 'Part', to: ['pagerduty'] };
    const part = await explain({ event, routes: [{ ...all, percent: 25 }] });
    expect(part.body['routes']).toMatchObject([
      {
        verdict: 'matched',
        says:
          'Matched: wants it at pagerduty. It is for 25 % of events, and this is one of them. ' +
          'The walk ends here.',
      },
      { verdict: 'not_reached' },
    ]);
    const none = await explain({ event, routes: [{ ...all, percent: 0 }] });
    expect(none.body['routes']).toMatchObject([
      {
        verdict: 'not_matched',
        unmet: [{ field: 'percent', wanted: 'less than 0', seen: '0 (by a hash of its id)' }],
        says: 'Did not match: percent is 0 (by a hash of its id), wanted: less than 0.',
      },
      {},
    ]);
  });
});

describe('a preview', () => {
  const DRAFT = [
    { name: 'Shop', match: { service: 'shop', severity: { from: 'warning' } }, to: ['pagerduty'] },
    { name: 'Rest', to: [] },
  ];

  beforeAll(async () => {
    await setRoutes([]);
    const minute = (n: number): number => Date.now() - 3_600_000 + n * 60_000;
    const event = (id: string, changes: object): ReturnType<typeof storedEvent> =>
      storedEvent(id, { account_id: 'tried', started_at: minute(0), updated_at: minute(0), ...changes });
    const recorder = service.app.get(Recorder);
    await recorder.record([
      event('critical-shop', { severity: 'critical', service: 'shop' }),
      event('critical-other', { severity: 'critical', service: 'other' }),
      event('warning-shop', { severity: 'warning', service: 'shop' }),
      event('info', { severity: 'info', service: 'shop' }),
      event('over', { severity: 'critical', service: 'shop', resolved_at: minute(1) }),
      event('grows', { severity: 'info', service: 'shop' }),
      event('others', { account_id: 'somebody', severity: 'critical', service: 'shop' }),
    ]);
    await recorder.record([event('grows', { severity: 'warning', service: 'shop', updated_at: minute(2) })]);
    await recorder.record([event('grows', { severity: 'critical', service: 'shop', updated_at: minute(3) })]);
    await recorder.record([
      event('grows', {
        severity: 'critical',
        service: 'shop',
        updated_at: minute(4),
        resolved_at: minute(4),
      }),
    ]);
  });

  it('tells which pages a draft would have added and removed', async () => {
    const { status, body } = await preview({ account_id: 'tried', routes: DRAFT, days: 1 });
    expect({ status, body }).toMatchObject({ status: 200 });
    expect(body).toEqual({
      from: expect.any(String) as unknown,
      to: expect.any(String) as unknown,
      took_ms: expect.any(Number) as unknown,
      events: 6,
      pages: {
        now: { total: 3, by_destination: { pagerduty: 3 } },
        draft: { total: 4, by_destination: { pagerduty: 4 } },
      },
      added: [
        {
          event_id: expect.stringMatching(/^(grows|warning-shop)$/) as unknown,
          destination: 'pagerduty',
          at: expect.any(String) as unknown,
          severity: expect.any(String) as unknown,
          service: 'shop',
          summary: expect.any(String) as unknown,
        },
        expect.objectContaining({ event_id: expect.stringMatching(/^(grows|warning-shop)$/) as unknown }),
      ],
      removed: [
        expect.objectContaining({ event_id: 'critical-other', severity: 'critical', service: 'other' }),
      ],
      added_total: 2,
      removed_total: 1,
    });
    expect(Date.parse(String(body['to'])) - Date.parse(String(body['from']))).toBe(86_400_000);
    expect((await service.client.get('/routes?account_id=tried')).body).toMatchObject({
      version: 0,
      routes: [],
    });
  });

  it('sends what routes in shadow, or for other events, would take, by the routes behind them', async () => {
    const shop = { match: { service: 'shop', severity: { from: 'warning' } }, to: ['pagerduty'] };
    const routes = [
      { name: 'Trial', shadow: true, ...shop },
      { name: 'Nobody', percent: 0, ...shop },
    ];
    const { body } = await preview({ account_id: 'tried', routes, days: 1 });
    expect(body).toMatchObject({ pages: { draft: { total: 3 } }, added_total: 0, removed_total: 0 });
  });

  it('counts what all stored states, read one by one, come to', async () => {
    const recorder = service.app.get(Recorder);
    const severities = ['info', 'warning', 'critical'] as const;
    for (let round = 0; round < 3; round++) {
      const batch = Array.from({ length: 400 }, (_, n) => {
        const severity = severities[(n * 7 + round * (n % 4)) % 3]!;
        const updated_at = Date.now() - 1_000_000 + round;
        const resolved_at = (n + round) % 5 === 0 ? updated_at : null;
        const service_ = n % 3 === 0 ? 'shop' : `other-${n % 7}`;
        return storedEvent(`e-${n}`, {
          account_id: 'many',
          severity,
          service: service_,
          updated_at,
          resolved_at,
        });
      });
      await recorder.record(batch);
    }
    const { body } = await preview({ account_id: 'many', routes: DRAFT });
    const lives = await livesOf(service.app.get(Database), 'many');
    const none = new AccountRules(new CompiledRoutes([]), 'critical', []);
    const count = lives.reduce((sum, life) => sum + simulatedPages(life, none, Infinity).length, 0);
    expect(body).toMatchObject({ events: 400, pages: { now: { total: count } } });
    expect(count).toBeGreaterThan(100);
  });

  it('is one at a time for an account', async () => {
    const blocked = await blockLongReads(service.app.get(Database));
    const answers = [1, 2].map(() => preview({ account_id: 'tried', routes: DRAFT }));
    expect(await Promise.race(answers)).toMatchObject({ status: 409, body: { code: 'preview_running' } });
    await blocked.release();
    expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await preview({ account_id: 'tried', routes: DRAFT })).status).toBe(200);
  });

  it('ends when nobody waits for it any more', async () => {
    const gone = new Error('gone');
    const request = {
      account_id: 'tried',
      from: 0,
      to: Date.now(),
      draft: [],
      signal: AbortSignal.abort(gone),
    };
    await expect(service.app.get(Preview).run(request)).rejects.toBe(gone);
    expect((await preview({ account_id: 'tried', routes: DRAFT })).status).toBe(200);
  });

  it.each<[field: string, body: object]>([
    ['routes', {}],
    ['days', { routes: [], days: 31 }],
    ['routes[0].to', { routes: [{ name: 'a', to: ['nobody'] }] }],
    ['colour', { routes: [], colour: 'red' }],
  ])('is refused with a fault in %s', async (field, body) => {
    const answer = await preview(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_route' } });
    expect(answer.body['faults']).toContainEqual(expect.objectContaining({ field }));
  });
});

/** What is known of an account's events: one at a time, and without what preview reads them by. */
async function livesOf(database: Database, accountId: string): Promise<StoredLife[]> {
  const events = await database.read.findBy(EventEntity, { account_id: accountId });
  return Promise.all(
    events.map(async (event) => {
      const { account_id, event_id, first_seq } = event;
      const all = await database.read.find(RevisionEntity, {
        where: [{ seq: first_seq }, { account_id, event_id }],
        order: { revision: 'ASC' },
      });
      return { event, states: all.map((state) => ({ ...state, at: state.recorded_at })) };
    }),
  );
}
