import { ClaimsRepository, type Claim } from '../../src/delivery/claims.repository';
import type { Completion } from '../../src/delivery/completion';
import { DestinationClients } from '../../src/destinations/destination-clients';
import { NOTHING } from '../../src/destinations/send-result';
import { OutboxRepository } from '../../src/outbox/outbox.repository';
import { incident, inShort, over, record } from '../delivery/paging-service';
import { add, SECRET } from '../destinations/own-destinations';
import { eventually } from '../harness/eventually';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { startService, stopServices, type RunningService } from '../harness/service';
import { freshScaledStore } from '../harness/store';
import type { RouteFields } from '../../src/routing/route-fields';
import { ahead, setOnlyRoute } from '../routing/only-route';
import { pauseAt } from './pause';

describeWith({ postgres: true, redis: true }, 'two processes about one held delivery', () => {
  let one: RunningService;
  let other: RunningService;
  let count = 0;
  let id: string;

  // Neither sends anything by itself.
  beforeAll(async () => {
    const environment = { ...(await freshScaledStore()), DATABASE_POOL_MAX: '4', ROLES: 'api' };
    one = await startService(environment);
    other = await startService(environment);
    await add(one, 'webhook', { url: 'https://hooks.example.com', secret: SECRET }, { name: 'elsewhere' });
  });
  beforeEach(() => (id = `inc-${(count += 1)}`));
  afterAll(stopServices);

  const outboxOf = ({ app }: RunningService): OutboxRepository => app.get(OutboxRepository);

  const route = (service: RunningService, changes: Partial<RouteFields>): Promise<void> =>
    setOnlyRoute(service, 'default', changes);

  const mute = (service: RunningService): Promise<void> => route(service, { mute_until: ahead(3_600_000) });

  function claim({ app }: RunningService): Promise<Claim> {
    const { name, currentCredential } = app.get(DestinationClients).operators;
    const order = 'oldest_due_first';
    return app
      .get(ClaimsRepository)
      .claim({ destination: name, currentCredential, limit: 10, order, leaseMs: 60_000 });
  }

  const eventsIn = ({ deliveries }: Claim): string[] =>
    deliveries.map(({ delivery }) => `${delivery.action} ${delivery.event_id}`);

  /** Says that what was claimed has been delivered. */
  function complete({ app }: RunningService, { deliveries }: Claim): Promise<boolean[]> {
    const completions = deliveries.map(({ delivery }): Completion => {
      return { delivery, result: { ...NOTHING, outcome: 'delivered' }, next: { status: 'delivered' } };
    });
    return app.get(ClaimsRepository).complete(completions);
  }

  async function deliveries(): Promise<string[]> {
    return inShort((await one.client.event(id)).deliveries);
  }

  /** Until somebody waits for a row that somebody else holds. */
  function somebodyWaits(): Promise<void> {
    const url = String(one.environment['DATABASE_URL']);
    const sql = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return eventually(async () => expect(await queryPostgres(url, sql)).not.toEqual([]));
  }

  it('a mute that is lifted while the old rules are being asked about a delivery lets it go all the same', async () => {
    await mute(one);
    await record(one, incident(id));
    await mute(one);
    const claiming = pauseAt(outboxOf(one), 'historyOf');
    const claimed = claim(one);
    await claiming.reached;
    const lifted = route(other, {});
    await somebodyWaits();
    claiming.goOn();
    expect(await claimed).toMatchObject({ deliveries: [], held: [{ hold: { reason: 'mute' } }] });
    await lifted;
    expect(eventsIn(await claim(other))).toEqual([`trigger ${id}`]);
  });

  it('a mute that is lifted while an event is being recorded by the old rules lets it go all the same', async () => {
    await mute(one);
    const recording = pauseAt(outboxOf(one), 'add');
    const recorded = record(one, incident(id));
    await recording.reached;
    const lifted = route(other, {});
    await somebodyWaits();
    recording.goOn();
    await Promise.all([recorded, lifted]);
    expect(eventsIn(await claim(other))).toEqual([`trigger ${id}`]);
  });

  it('a resolution that comes while a held trigger has its turn is sent after it', async () => {
    await mute(one);
    await record(one, incident(id));
    await route(one, {});
    const claiming = pauseAt(outboxOf(one), 'historyOf');
    const claimed = claim(one);
    await claiming.reached;
    const recorded = record(other, over(id));
    await somebodyWaits();
    claiming.goOn();
    expect(eventsIn(await claimed)).toEqual([`trigger ${id}`]);
    await recorded;
    expect(await deliveries()).toEqual(['trigger pending', 'resolve pending']);
  });

  it('a resolution that is being recorded leaves a held trigger no turn', async () => {
    await mute(one);
    await record(one, incident(id));
    await route(one, {});
    const recording = pauseAt(outboxOf(one), 'historyOf');
    const recorded = record(one, over(id));
    await recording.reached;
    expect(eventsIn(await claim(other))).toEqual([]);
    recording.goOn();
    await recorded;
    expect(eventsIn(await claim(other))).toEqual([]);
    expect(await deliveries()).toEqual([
      'trigger skipped (resolved_before_sent)',
      'resolve skipped (resolved_before_sent)',
    ]);
  });

  it('what is held in vain leads nowhere else while a resolution is being recorded', async () => {
    await mute(one);
    await record(one, incident(id));
    await route(one, { to: ['elsewhere'] });
    const recording = pauseAt(outboxOf(other), 'lockOfEvents');
    const recorded = record(other, over(id));
    await recording.reached;
    expect(await claim(one)).toMatchObject({
      deliveries: [],
      skipped: [],
      held: [{ hold: { reason: 'mute' } }],
    });
    recording.goOn();
    await recorded;
    expect(await deliveries()).toEqual([
      'trigger skipped (resolved_before_sent)',
      'resolve skipped (resolved_before_sent)',
    ]);
  });

  it('a resolution that comes after what was held has led elsewhere finds it there', async () => {
    await mute(one);
    await record(one, incident(id));
    await route(one, { to: ['elsewhere'] });
    const claiming = pauseAt(outboxOf(one), 'add');
    const claimed = claim(one);
    await claiming.reached;
    const recorded = record(other, over(id));
    await somebodyWaits();
    claiming.goOn();
    expect(await claimed).toMatchObject({ deliveries: [], skipped: [{ reason: 'not_wanted' }] });
    await recorded;
    expect(await deliveries()).toEqual([
      'trigger skipped (not_wanted)',
      'trigger skipped (resolved_before_sent)',
      'resolve skipped (resolved_before_sent)',
    ]);
  });

  it('a resolution that comes while a reminder is being planned knows of it', async () => {
    await route(one, { remind_every_s: 60 });
    await record(one, incident(id));
    const claimed = await claim(one);
    const completing = pauseAt(outboxOf(one), 'add');
    const completed = complete(one, claimed);
    await completing.reached;
    const recorded = record(other, over(id));
    await somebodyWaits();
    completing.goOn();
    await Promise.all([completed, recorded]);
    expect(await deliveries()).toEqual([
      'trigger delivered',
      'trigger skipped (resolved_before_sent)',
      'resolve pending',
    ]);
  });

  it('a reminder is not planned once the resolution is being recorded', async () => {
    await route(one, { remind_every_s: 60 });
    await record(one, incident(id));
    const claimed = await claim(one);
    const recording = pauseAt(outboxOf(one), 'historyOf');
    const recorded = record(one, over(id));
    await recording.reached;
    const completed = complete(other, claimed);
    await somebodyWaits();
    recording.goOn();
    await Promise.all([completed, recorded]);
    expect(await deliveries()).toEqual(['trigger delivered', 'resolve pending']);
  });
});
