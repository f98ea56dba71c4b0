import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import type { Answer, ShownDelivery } from '../harness/service-client';
import { Gate } from './gate';
import {
  change,
  incident,
  inShort,
  NO_BREAKER,
  over,
  received,
  record,
  settled,
  startPaging,
} from './paging-service';

const PATIENT = { ...NO_BREAKER, DELIVERY_TIMEOUT_MS: '10000' };
const TRIGGER = 'trigger default/inc';
const RESOLVE = 'resolve default/inc';

let destination: FakeDestination;
let service: RunningService;

beforeEach(async () => {
  destination = await FakeDestination.start();
  service = await startPaging(destination, PATIENT);
});

afterEach(async () => {
  await stopServices();
  await destination.stop();
});

interface DeliveryPage {
  readonly deliveries: readonly ShownDelivery[];
  readonly next_cursor: string | null;
}

function replay(id: number | string): Promise<Answer<ShownDelivery & { code?: string }>> {
  return service.client.post(`/deliveries/${id}/replay`);
}

function replayAll(body?: unknown): Promise<Answer<{ replayed?: number; code?: string }>> {
  return service.client.post('/deliveries/replay', body);
}

/** Records an incident whose trigger is refused, and gives the dead delivery. */
async function deadTrigger(eventId = 'inc'): Promise<ShownDelivery> {
  destination.next(answer(400));
  await record(service, incident(eventId));
  const [dead] = await settled(service, eventId);
  expect(dead).toMatchObject({ status: 'dead' });
  return dead!;
}

describe('POST /deliveries/:id/replay', () => {
  it('sends a dead delivery again as a new one, and the dead one stays listed', async () => {
    const dead = await deadTrigger();
    const { status, body } = await service.client.post<ShownDelivery>(
      `/deliveries/${dead.id}/replay`,
      undefined,
      { 'x-request-id': 'replay-1' },
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      event_id: 'inc',
      action: 'trigger',
      status: 'pending',
      reason: null,
      replay_of: dead.id,
      request_id: 'replay-1',
      attempts: [],
    });
    expect(body.id).toBeGreaterThan(dead.id);
    const [first, second] = await settled(service, 'inc');
    expect(first).toEqual(dead);
    expect(second).toMatchObject({ id: body.id, status: 'delivered', replay_of: dead.id });
    expect(await service.client.deliveries('?status=dead')).toMatchObject([{ id: dead.id }]);
    expect(destination.calls).toEqual([TRIGGER, TRIGGER]);
    expect(destination.received[1]!.headers['x-request-id']).toBe('replay-1');
  });

  it('tells the newest state of the event, and not the one that failed', async () => {
    const dead = await deadTrigger();
    destination.next(answer(400));
    await record(service, incident('inc', { summary: 'All is lost' }));
    await settled(service, 'inc');
    await replay(dead.id);
    await settled(service, 'inc');
    expect(destination.received.at(-1)!.body.payload).toMatchObject({ summary: 'All is lost' });
  });

  it('lets a resolve follow the trigger of an event that is over', async () => {
    const dead = await deadTrigger();
    await record(service, over('inc'));
    expect((await replay(dead.id)).status).toBe(200);
    expect(inShort(await settled(service, 'inc'))).toEqual([
      'trigger dead (rejected)',
      'resolve skipped (trigger_dead)',
      'trigger delivered',
      'resolve delivered',
    ]);
    expect(destination.calls).toEqual([TRIGGER, TRIGGER, RESOLVE]);
  });

  it('lets nothing follow that has nothing to close', async () => {
    const dead = await deadTrigger();
    await record(service, over('inc'));
    destination.next(answer(400));
    await replay(dead.id);
    expect(inShort(await settled(service, 'inc')).slice(2)).toEqual([
      'trigger dead (rejected)',
      'resolve skipped (trigger_dead)',
    ]);
    expect(destination.calls).toEqual([TRIGGER, TRIGGER]);
  });

  it('sends a skipped trigger after all, and its resolve', async () => {
    const gate = new Gate();
    destination.always(gate.behaviour);
    await service.stop();
    service = await startPaging(destination, { ...PATIENT, WORKER_CONCURRENCY: '1' });
    await record(service, incident('other'));
    await received(destination, 1);
    await record(service, incident('inc'));
    await record(service, over('inc'));
    const [skipped] = await settled(service, 'inc');
    expect((await replay(skipped!.id)).status).toBe(200);
    gate.open();
    expect(inShort(await settled(service, 'inc')).slice(2)).toEqual([
      'trigger delivered',
      'resolve delivered',
    ]);
  });

  it('closes what a dead resolve has left open', async () => {
    destination.next(answer(202), answer(400));
    await record(service, incident('inc'));
    await settled(service, 'inc');
    await record(service, over('inc'));
    const [, dead] = await settled(service, 'inc');
    expect((await replay(dead!.id)).body).toMatchObject({ action: 'resolve', replay_of: dead!.id });
    expect(inShort(await settled(service, 'inc')).at(-1)).toBe('resolve delivered');
    expect(destination.calls).toEqual([TRIGGER, RESOLVE, RESOLVE]);
  });

  it('refuses a resolve whose event is open again, because that would be a false recovery', async () => {
    destination.next(answer(202), answer(400));
    await record(service, incident('inc'));
    await settled(service, 'inc');
    await record(service, over('inc'));
    const [, dead] = await settled(service, 'inc');
    await record(service, incident('inc'));
    expect(await replay(dead!.id)).toMatchObject({ status: 409, body: { code: 'event_is_open' } });
    expect(await replayAll()).toMatchObject({ status: 200, body: { replayed: 0 } });
    expect(destination.calls).toEqual([TRIGGER, RESOLVE]);
  });

  it('stands at the end of its event’s order', async () => {
    const dead = await deadTrigger();
    const gate = new Gate();
    destination.always(gate.behaviour);
    await record(service, incident('inc', { description: 'Still down' }));
    await received(destination, 2);
    await replay(dead.id);
    await record(service, over('inc'), incident('other'));
    await received(destination, 3);
    expect(destination.calls.at(-1)).toBe('trigger default/other');
    gate.open();
    expect(inShort(await settled(service, 'inc'))).toEqual([
      'trigger dead (rejected)',
      'trigger delivered',
      'trigger skipped (resolved_before_sent)',
      'resolve delivered',
    ]);
    expect(destination.calls.filter((call) => call.endsWith('/inc'))).toEqual([TRIGGER, TRIGGER, RESOLVE]);
  });

  it('refuses one that is pending, one that is delivered, and one that is replayed already', async () => {
    const dead = await deadTrigger();
    const refusal = { status: 409, body: { statusCode: 409, code: 'delivery_not_ended' } };
    const gate = new Gate();
    destination.always(gate.behaviour);
    const { body: pending } = await replay(dead.id);
    expect(await replay(pending.id)).toMatchObject(refusal);
    expect(await replay(dead.id)).toMatchObject(refusal);
    gate.open();
    await settled(service, 'inc');
    expect(await replay(pending.id)).toMatchObject(refusal);
    expect(await replay(dead.id)).toMatchObject(refusal);
    expect(destination.calls).toEqual([TRIGGER, TRIGGER]);
  });

  it('counts the replay of a replay as a replay', async () => {
    const dead = await deadTrigger();
    destination.next(answer(400));
    const { body: second } = await replay(dead.id);
    await settled(service, 'inc');
    const { status, body: third } = await replay(second.id);
    expect([status, third.replay_of]).toEqual([200, second.id]);
    await settled(service, 'inc');
    expect(await replay(dead.id)).toMatchObject({ status: 409, body: { code: 'delivery_not_ended' } });
    expect(destination.calls).toEqual([TRIGGER, TRIGGER, TRIGGER]);
  });

  it('replays once, however many ask at the same time', async () => {
    const dead = await deadTrigger();
    const answers = await Promise.all(Array.from({ length: 20 }, () => replay(dead.id)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array<number>(19).fill(409)]);
    await settled(service, 'inc');
    expect(destination.calls).toEqual([TRIGGER, TRIGGER]);
  });

  it.each(['1', '0', '999999999999999'])('knows no delivery %s', async (id) => {
    expect(await replay(id)).toMatchObject({ status: 404, body: { code: 'delivery_not_found' } });
  });
});

describe('POST /deliveries/replay', () => {
  it('sends again everything that is dead, once', async () => {
    for (const id of ['a', 'b', 'c']) await deadTrigger(id);
    expect(await replayAll()).toMatchObject({ status: 200, body: { replayed: 3 } });
    for (const id of ['a', 'b', 'c']) {
      expect(inShort(await settled(service, id))).toEqual(['trigger dead (rejected)', 'trigger delivered']);
    }
    expect(await replayAll({})).toMatchObject({ status: 200, body: { replayed: 0 } });
    expect(await service.client.deliveries('?status=dead')).toHaveLength(3);
  });

  it('replays of several that are dead for one event the newest', async () => {
    await deadTrigger();
    destination.next(answer(400));
    await record(service, incident('inc', { description: 'Still down' }));
    const [, newest] = await settled(service, 'inc');
    expect((await replayAll({ status: 'dead' })).body).toEqual({ replayed: 1 });
    expect((await settled(service, 'inc')).at(-1)).toMatchObject({
      status: 'delivered',
      replay_of: newest!.id,
    });
  });

  it('leaves what something newer has superseded', async () => {
    await deadTrigger();
    await record(service, incident('inc', { description: 'Still down' }));
    await settled(service, 'inc');
    expect((await replayAll()).body).toEqual({ replayed: 0 });
  });

  it('can be asked for one destination, and for what was skipped', async () => {
    await deadTrigger('a');
    expect((await replayAll({ destination: 'elsewhere' })).body).toEqual({ replayed: 0 });
    expect((await replayAll({ status: 'skipped' })).body).toEqual({ replayed: 0 });
    expect((await replayAll({ status: 'dead', destination: 'pagerduty' })).body).toEqual({ replayed: 1 });
    await settled(service, 'a');
  });

  it('replays more than fit into one batch', async () => {
    const gate = new Gate();
    destination.always(gate.behaviour);
    const ids = Array.from({ length: 1_203 }, (_, n) => `inc-${n}`);
    await record(service, ...ids.map((id) => incident(id)));
    await received(destination, 1);
    await change(service, `UPDATE deliveries SET claims = claims + 1, status = 'dead', reason = 'expired'`);
    gate.open();
    expect((await replayAll()).body).toEqual({ replayed: 1_203 });
    await eventually(async () => {
      expect(await service.client.deliveries('?status=pending')).toEqual([]);
    });
    expect(await service.client.deliveries('?status=delivered&limit=500')).toHaveLength(500);
  });
});

describe('GET /deliveries', () => {
  it('shows them newest first, page by page, each once', async () => {
    const ids = Array.from({ length: 7 }, (_, n) => `inc-${n}`);
    for (const id of ids) await record(service, incident(id));
    for (const id of ids) await settled(service, id);
    const pages: string[][] = [];
    for (let query: string | null = '?limit=3'; query !== null;) {
      const { body }: Answer<DeliveryPage> = await service.client.get<DeliveryPage>(`/deliveries${query}`);
      pages.push(body.deliveries.map(({ event_id }) => event_id));
      query = body.next_cursor === null ? null : `?limit=3&cursor=${body.next_cursor}`;
    }
    expect(pages).toEqual([['inc-6', 'inc-5', 'inc-4'], ['inc-3', 'inc-2', 'inc-1'], ['inc-0']]);
  });

  it('has no next page where the last one is full', async () => {
    for (const id of ['a', 'b']) await record(service, incident(id));
    const { body } = await service.client.get('/deliveries?limit=2');
    expect(body).toMatchObject({ deliveries: [{}, {}], next_cursor: null });
  });

  it('filters by status and destination', async () => {
    await deadTrigger('dead');
    await record(service, incident('alive'));
    await settled(service, 'alive');
    const list = async (query: string): Promise<string[]> =>
      (await service.client.deliveries(query)).map(({ event_id }) => event_id);
    expect(await list('')).toEqual(['alive', 'dead']);
    expect(await list('?status=dead')).toEqual(['dead']);
    expect(await list('?status=delivered&destination=pagerduty')).toEqual(['alive']);
    expect(await list('?status=pending')).toEqual([]);
    expect(await list('?status=skipped')).toEqual([]);
    expect(await list('?destination=pagerduty')).toEqual(['alive', 'dead']);
    expect(await list('?destination=elsewhere')).toEqual([]);
  });

  it('shows with each its newest attempt; the event shows all of them', async () => {
    destination.next(answer(500), answer(503));
    await record(service, incident('inc'));
    const [delivery] = await settled(service, 'inc');
    expect(delivery!.attempts.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(await service.client.deliveries()).toMatchObject([
      { id: delivery!.id, attempts: [{ number: 3, outcome: 'delivered', response: '{"status":"fake"}' }] },
    ]);
  });
});
