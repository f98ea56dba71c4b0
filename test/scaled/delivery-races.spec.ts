import { ClaimsRepository, type Claim } from '../../src/delivery/claims.repository';
import { DestinationClients } from '../../src/destinations/destination-clients';
import { OutboxRepository } from '../../src/outbox/outbox.repository';
import { change, incident, inShort, over, record } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { inPostgresSession, queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { startService, stopServices, type RunningService } from '../harness/service';
import { freshScaledStore } from '../harness/store';
import { pauseAt } from './pause';

describeWith({ postgres: true, redis: true }, 'two processes about one event', () => {
  let one: RunningService;
  let other: RunningService;

  // Neither sends anything by itself.
  beforeEach(async () => {
    const environment = { ...(await freshScaledStore()), DATABASE_POOL_MAX: '4', ROLES: 'api' };
    one = await startService(environment);
    other = await startService(environment);
  });
  afterEach(stopServices);

  const outboxOf = ({ app }: RunningService): OutboxRepository => app.get(OutboxRepository);

  function claim({ app }: RunningService): Promise<Claim> {
    const { name, currentCredential } = app.get(DestinationClients).operators;
    const order = 'worst_and_newest_first';
    return app
      .get(ClaimsRepository)
      .claim({ destination: name, currentCredential, limit: 10, order, leaseMs: 60_000 });
  }

  const eventsIn = ({ deliveries }: Claim): string[] =>
    deliveries.map(({ delivery }) => `${delivery.action} ${delivery.event_id}`).sort();

  async function deliveriesOf(eventId: string): Promise<string[]> {
    return inShort((await one.client.event(eventId)).deliveries);
  }

  /** Until somebody waits for a row that somebody else holds. */
  function somebodyWaits(): Promise<void> {
    const url = String(one.environment['DATABASE_URL']);
    const sql = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return eventually(async () => expect(await queryPostgres(url, sql)).not.toEqual([]));
  }

  const replay = ({ client }: RunningService, id: number): Promise<unknown> =>
    client.post(`/deliveries/${id}/replay`);

  /** Makes a trigger that was refused for good. */
  async function deadTrigger(): Promise<number> {
    await record(one, incident('inc'));
    await change(one, `UPDATE deliveries SET status = 'dead', reason = 'rejected', finished_at = created_at`);
    const { deliveries } = await one.client.event('inc');
    return deliveries[0]!.id;
  }

  it('a delivery that one is claiming is passed over by the other', async () => {
    await record(one, incident('inc'));
    const claiming = pauseAt(outboxOf(one), 'historyOf');
    const first = claim(one);
    await claiming.reached;
    await record(other, incident('later'));
    expect(eventsIn(await claim(other))).toEqual(['trigger later']);
    claiming.goOn();
    expect(eventsIn(await first)).toEqual(['trigger inc']);
  });

  it('a resolution that comes while its trigger is being claimed waits, and is sent after it', async () => {
    await record(one, incident('inc'));
    const claiming = pauseAt(outboxOf(one), 'historyOf');
    const claimed = claim(one);
    await claiming.reached;
    const recorded = record(other, over('inc'));
    await somebodyWaits();
    claiming.goOn();
    expect(eventsIn(await claimed)).toEqual(['trigger inc']);
    await recorded;
    expect(await deliveriesOf('inc')).toEqual(['trigger pending', 'resolve pending']);
    expect(eventsIn(await claim(other))).toEqual([]);
  });

  it('a trigger whose resolution is being recorded is claimed by nobody, and skipped', async () => {
    await record(one, incident('inc'));
    const recording = pauseAt(outboxOf(one), 'historyOf');
    const recorded = record(one, over('inc'));
    await recording.reached;
    expect(eventsIn(await claim(other))).toEqual([]);
    recording.goOn();
    await recorded;
    expect(eventsIn(await claim(other))).toEqual([]);
    expect(await deliveriesOf('inc')).toEqual([
      'trigger skipped (resolved_before_sent)',
      'resolve skipped (resolved_before_sent)',
    ]);
  });

  // A completion locks its deliveries in the order of their ids: so must whoever says several things about some of them.
  it('deliveries of a batch are locked in one order, also where it says two things about an event', async () => {
    await record(one, incident('first'), incident('second'));
    await inPostgresSession(String(one.environment['DATABASE_URL']), async (session) => {
      await session.query('BEGIN');
      await session.query(`SELECT id FROM deliveries WHERE event_id = 'first' FOR UPDATE`);
      const recorded = record(one, incident('first'), over('second'), over('first'));
      await somebodyWaits();
      await session.query(`SELECT id FROM deliveries WHERE event_id = 'second' FOR UPDATE NOWAIT`);
      await session.query('COMMIT');
      await recorded;
    });
    expect(await deliveriesOf('second')).toEqual([
      'trigger skipped (resolved_before_sent)',
      'resolve skipped (resolved_before_sent)',
    ]);
  });

  it('a resolution that comes while a replay is being added knows of it', async () => {
    const dead = await deadTrigger();
    const replaying = pauseAt(outboxOf(one), 'add');
    const replayed = replay(one, dead);
    await replaying.reached;
    const recorded = record(other, over('inc'));
    await somebodyWaits();
    replaying.goOn();
    await Promise.all([replayed, recorded]);
    expect(await deliveriesOf('inc')).toEqual([
      'trigger dead (rejected)',
      'trigger skipped (resolved_before_sent)',
      'resolve skipped (resolved_before_sent)',
    ]);
  });

  it('a replay that comes while the resolution is being recorded knows of that, and is closed again', async () => {
    const dead = await deadTrigger();
    const recording = pauseAt(outboxOf(one), 'historyOf');
    const recorded = record(one, over('inc'));
    await recording.reached;
    const replayed = replay(other, dead);
    await somebodyWaits();
    recording.goOn();
    await Promise.all([replayed, recorded]);
    expect(await deliveriesOf('inc')).toEqual([
      'trigger dead (rejected)',
      'resolve skipped (trigger_dead)',
      'trigger pending',
      'resolve pending',
    ]);
  });

  it('one delivery is replayed by one of two who want it', async () => {
    const dead = await deadTrigger();
    const replaying = pauseAt(outboxOf(one), 'add');
    const first = replay(one, dead);
    await replaying.reached;
    const second = replay(other, dead);
    await somebodyWaits();
    replaying.goOn();
    expect(await first).toMatchObject({ status: 200 });
    expect(await second).toMatchObject({ status: 409, body: { code: 'delivery_not_ended' } });
    expect(await deliveriesOf('inc')).toEqual(['trigger dead (rejected)', 'trigger pending']);
  });

  it('states take turns, and the older one is told that it is stale', async () => {
    await record(one, incident('inc'));
    const older = incident('inc', { summary: 'Older' });
    const newer = incident('inc', { summary: 'Newer' });
    const recording = pauseAt(outboxOf(one), 'historyOf');
    const first = record(one, newer);
    await recording.reached;
    const second = record(other, older);
    await somebodyWaits();
    recording.goOn();
    expect(await first).toMatchObject([{ outcome: 'changed' }]);
    expect(await second).toMatchObject([{ outcome: 'stale' }]);
    expect(await one.client.event('inc')).toMatchObject({ revision: 2, summary: 'Newer' });
  });
});
