import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { stopServices } from '../harness/service';
import { freshStore } from '../harness/store';
import { crash, endLeases } from './crash';
import { Gate } from './gate';
import { LaneByHand } from './lane-by-hand';
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
const HOUR = 3_600_000;

let destination: FakeDestination;
let byHand: LaneByHand | undefined;

beforeEach(async () => {
  destination = await FakeDestination.start();
});

afterEach(async () => {
  jest.useRealTimers();
  await byHand?.stop();
  byHand = undefined;
  await stopServices();
  await destination.stop();
});

describe('a lease', () => {
  it('that is lost in mid-send makes the completion not count, and it is sent again', async () => {
    const gate = new Gate();
    destination.always(gate.behaviour);
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await received(destination, 1);
    const until = Date.now() + HOUR;
    await change(service, 'UPDATE deliveries SET claims = claims + 1, lease_until = ?, due_at = ?', [
      until,
      until,
    ]);
    gate.open();
    const lost = await eventually(() => {
      const line = service.log.find(
        ({ msg }) => msg === 'delivery attempt whose lease was lost: not counted',
      );
      if (line === undefined) throw new Error('nothing was logged');
      return line;
    });
    expect(lost).toMatchObject({ level: 'warn', event_id: 'inc', attempt: 1, outcome: 'delivered' });
    const [held] = (await service.client.event('inc')).deliveries;
    expect(held).toMatchObject({ status: 'pending', attempts: [{ number: 1, outcome: 'delivered' }] });

    await change(service, 'UPDATE deliveries SET due_at = ?', [Date.now()]);
    expect(await settled(service, 'inc')).toMatchObject([
      { status: 'delivered', attempts: [{ number: 1 }, { number: 3, outcome: 'delivered' }] },
    ]);
    expect(destination.calls).toHaveLength(2);
  });

  it('that is lost to one that has ended the delivery leaves that end alone', async () => {
    const gate = new Gate();
    destination.always(gate.behaviour);
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await received(destination, 1);
    await change(service, `UPDATE deliveries SET claims = claims + 1, status = 'dead', reason = 'rejected'`);
    gate.open();
    await eventually(() => {
      expect(service.log.map(({ msg }) => msg)).toContain(
        'delivery attempt whose lease was lost: not counted',
      );
    });
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger dead (rejected)']);
  });

  it('that does not outlast the timeout starts no request', async () => {
    byHand = await LaneByHand.start(destination);
    const { claims } = byHand;
    jest.useFakeTimers({ doNotFake: EVERYTHING_BUT_DATE });
    claims.afterClaim = () => {
      claims.afterClaim = () => undefined;
      jest.setSystemTime(Date.now() + JUMP_MS);
    };
    await byHand.record(incident('inc'));
    byHand.lane.wake();
    await eventually(async () => {
      expect(await byHand!.deliveriesOf('inc')).toMatchObject([{ status: 'delivered', attempts: 1 }]);
    }, MORE_THAN_THE_JUMP_MS);
    expect(await byHand.attemptsOf('inc')).toMatchObject([{ outcome: 'released' }, { outcome: 'delivered' }]);
    expect(destination.calls).toHaveLength(1);
  });
});

/** The timers stay real: only the clock is set. */
const EVERYTHING_BUT_DATE = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];

/** Longer than what a lease has beyond the timeout. */
const JUMP_MS = 21_000;
const MORE_THAN_THE_JUMP_MS = 60_000;

describe('a crash with a delivery in flight', () => {
  it('is delivered again, with the attempt kept', async () => {
    const store = await freshStore();
    await crash(destination, store);
    await endLeases(store);
    const service = await startPaging(destination, { ...PATIENT, ...store });
    const [delivery] = await settled(service, 'evt_1');
    expect(delivery).toMatchObject({
      status: 'delivered',
      attempts: [
        { number: 1, outcome: null, finished_at: null },
        { number: 2, outcome: 'delivered' },
      ],
    });
    expect(destination.calls).toEqual(['trigger default/evt_1', 'trigger default/evt_1']);
  });

  it('counts as possibly arrived, so that the resolution is sent although the trigger is then refused', async () => {
    const store = await freshStore();
    await crash(destination, store);
    await endLeases(store);
    destination.next(answer(400));
    const service = await startPaging(destination, { ...PATIENT, ...store });
    expect(inShort(await settled(service, 'evt_1'))).toEqual(['trigger dead (rejected)']);
    await service.client.post('/events/evt_1/resolve');
    expect(inShort(await settled(service, 'evt_1')).at(-1)).toBe('resolve delivered');
  });
});

describe('WORKER_CONCURRENCY', () => {
  it('bounds how many requests are under way at once, and all of it is used', async () => {
    let underWay = 0;
    let most = 0;
    destination.always((request, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        answer(202)(request, response);
      }, 5);
    });
    const service = await startPaging(destination, { ...PATIENT, WORKER_CONCURRENCY: '3' });
    const ids = Array.from({ length: 40 }, (_, n) => `inc-${n}`);
    await record(service, ...ids.map((id) => incident(id)));
    for (const id of ids) await settled(service, id);
    expect(most).toBe(3);
    expect(destination.calls).toHaveLength(40);
  });

  it('leaves each event its order: one request at a time, triggers and resolves in turn', async () => {
    const underWay = new Map<string, number>();
    const accepted = new Map<string, string[]>();
    let calls = 0;
    destination.always((request, response) => {
      const { dedup_key, event_action } = request.body;
      const others = underWay.get(dedup_key) ?? 0;
      underWay.set(dedup_key, others + 1);
      const status = (calls += 1) % 3 === 0 ? 500 : 202;
      setTimeout(() => {
        underWay.set(dedup_key, others);
        if (others > 0) accepted.set(dedup_key, ['overlap']);
        else if (status === 202) accepted.set(dedup_key, [...(accepted.get(dedup_key) ?? []), event_action]);
        answer(status)(request, response);
      }, calls % 7);
    });
    const service = await startPaging(destination, { ...PATIENT, WORKER_CONCURRENCY: '8' });
    const ids = Array.from({ length: 12 }, (_, n) => `inc-${n}`);
    for (let round = 0; round < 4; round += 1) {
      const sentBefore = calls;
      await record(service, ...ids.map((id) => incident(id)));
      await received(destination, sentBefore + 3);
      await record(service, ...ids.map((id) => over(id)));
    }
    for (const id of ids) {
      const deliveries = await settled(service, id);
      const sent = deliveries.filter(({ status }) => status !== 'skipped').map(({ action }) => action);
      expect(accepted.get(`default/${id}`) ?? []).toEqual(sent);
      sent.forEach((action, place) => expect(action).toBe(place % 2 === 0 ? 'trigger' : 'resolve'));
      expect(sent.length % 2).toBe(0);
    }
    expect(accepted.size).toBeGreaterThan(0);
  });
});
