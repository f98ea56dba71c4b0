import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../../src/database/database';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
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
  restart,
  settled,
  startPaging,
} from './paging-service';

const PATIENT = { ...NO_BREAKER, DELIVERY_TIMEOUT_MS: '10000' };
const ONE_AT_A_TIME = { ...PATIENT, WORKER_CONCURRENCY: '1' };
const HOUR = 3_600_000;

let destination: FakeDestination;
let byHand: LaneByHand | undefined;

beforeEach(async () => {
  destination = await FakeDestination.start();
});

afterEach(async () => {
  await byHand?.stop();
  byHand = undefined;
  await stopServices();
  await destination.stop();
});

function some(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${name}-${n}`);
}

/** A service whose only slot waits for the gate to open. */
async function startBusy(environment = {}): Promise<{ service: RunningService; gate: Gate }> {
  const gate = new Gate();
  destination.always(gate.behaviour);
  const service = await startPaging(destination, { ...ONE_AT_A_TIME, ...environment });
  await record(service, incident('first'));
  await received(destination, 1);
  return { service, gate };
}

function eventsCalled(): string[] {
  return destination.received.map(({ body }) => body.dedup_key.replace('default/', ''));
}

describe('what is sent first', () => {
  it('is the newest, but one claim in four takes the oldest, so that nothing starves', async () => {
    const { service, gate } = await startBusy();
    const ids = some('inc', 20);
    for (const id of ids) await record(service, incident(id));
    gate.open();
    for (const id of ids) await settled(service, id);
    const order = eventsCalled().slice(1);
    expect(order.slice(0, 4).filter((id) => ['inc-19', 'inc-18', 'inc-17'].includes(id))).toHaveLength(3);
    expect(order.slice(0, 4)).toContain('inc-0');
    expect(order.slice(0, 8)).toContain('inc-1');
  });

  it('is the critical, however new the others are', async () => {
    const { service, gate } = await startBusy({ ROUTE_WARNING: 'true' });
    await record(service, ...some('critical', 6).map((id) => incident(id)));
    await record(service, ...some('warning', 6).map((id) => incident(id, { severity: 'warning' })));
    gate.open();
    for (const id of [...some('critical', 6), ...some('warning', 6)]) await settled(service, id);
    // Three of four claims take the worst, and the oldest are critical too.
    expect(eventsCalled().slice(1, 7).sort()).toEqual(some('critical', 6));
  });
});

describe('nothing that is due is overlooked', () => {
  it('where more than a thousand newer ones wait for their time', async () => {
    const { service, gate } = await startBusy();
    const due = some('due', 60);
    await record(service, ...due.map((id) => incident(id)));
    await record(service, ...some('later', 1_100).map((id) => incident(id)));
    await change(service, `UPDATE deliveries SET due_at = due_at + ? WHERE event_id LIKE 'later-%'`, [HOUR]);
    gate.open();
    for (const id of due) await settled(service, id);
    expect(destination.calls).toHaveLength(61);
  });

  it('where many in a row turn out to be pointless', async () => {
    const { service, gate } = await startBusy();
    const ids = some('inc', 60);
    await record(service, ...ids.map((id) => incident(id)));
    // As if each had been tried, refused, and given up at this very moment.
    const resolved = ids.map((id) => over(id));
    await change(
      service,
      `INSERT INTO delivery_attempts (delivery_id, number, started_at, outcome)
        SELECT id, 99, 0, 'unreachable' FROM deliveries WHERE event_id LIKE 'inc-%'`,
    );
    await record(service, ...resolved);
    await change(
      service,
      `UPDATE deliveries SET status = 'dead', reason = 'attempts_exhausted'
        WHERE event_id LIKE 'inc-%' AND action = 'trigger'`,
    );
    gate.open();
    for (const id of ids) {
      expect(inShort(await settled(service, id)).at(-1)).toBe('resolve skipped (trigger_dead)');
    }
    expect(destination.calls).toEqual(['trigger default/first']);
  });

  it('while the database refuses to work, and is found when it works again', async () => {
    const service = await startPaging(destination, PATIENT);
    await change(service, 'ALTER TABLE delivery_attempts RENAME TO away');
    await record(service, incident('inc'));
    await eventually(() => {
      expect(service.log.map(({ msg }) => msg)).toContain('cannot claim deliveries; trying again');
    });
    expect(destination.calls).toEqual([]);
    await change(service, 'ALTER TABLE away RENAME TO delivery_attempts');
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered']);
  });

  it('where an end could not be written down: it is sent again when its lease is over', async () => {
    const gate = new Gate();
    destination.always(gate.behaviour);
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await received(destination, 1);
    await change(service, 'ALTER TABLE delivery_attempts RENAME TO away');
    gate.open();
    await eventually(() => {
      expect(service.log).toContainEqual(
        expect.objectContaining({ level: 'error', event_id: 'inc', outcome: 'delivered' }),
      );
    });
    await change(service, 'ALTER TABLE away RENAME TO delivery_attempts');
    await change(service, 'UPDATE deliveries SET due_at = 0');
    const [delivery] = await settled(service, 'inc');
    expect(delivery).toMatchObject({
      status: 'delivered',
      attempts: [{ outcome: null }, { outcome: 'delivered' }],
    });
  });

  it('and one whose event is gone is dead, and keeps nobody else waiting', async () => {
    const { service, gate } = await startBusy();
    await record(service, incident('gone'), incident('there'));
    await change(service, `DELETE FROM events WHERE event_id = 'gone'`);
    gate.open();
    await settled(service, 'there');
    await eventually(async () => {
      expect(await service.client.deliveries('?status=dead')).toMatchObject([
        { event_id: 'gone', reason: 'internal_error' },
      ]);
    });
  });
});

describe('a lane', () => {
  // Long enough for a lane that spins to claim hundreds of times.
  const A_WHILE_MS = 1_500;
  const SWEEP_MS = 1_000;

  /** Waits for a while; answers how often a lane that does nothing but sweep may have claimed since `startedAt`. */
  async function sweepsSince(startedAt: number): Promise<number> {
    await sleep(A_WHILE_MS);
    return 2 + Math.floor((performance.now() - startedAt) / SWEEP_MS);
  }

  it('does not spin while a resolve waits behind a trigger that is not due', async () => {
    byHand = await LaneByHand.start(destination);
    await byHand.record(incident('inc'));
    await byHand.write(`INSERT INTO delivery_attempts (delivery_id, number, started_at, outcome)
      SELECT id, 99, 0, 'unreachable' FROM deliveries`);
    await byHand.record(over('inc'));
    await byHand.write(`UPDATE deliveries SET due_at = ? WHERE action = 'trigger'`, [Date.now() + HOUR]);
    const startedAt = performance.now();
    byHand.lane.wake();
    const sweeps = await sweepsSince(startedAt);
    expect(byHand.claims.count).toBeGreaterThan(0);
    expect(byHand.claims.count).toBeLessThanOrEqual(sweeps);
    const statuses = (await byHand.deliveriesOf('inc')).map(({ action, status }) => `${action} ${status}`);
    expect(statuses).toEqual(['trigger pending', 'resolve pending']);
  });

  it('does not spin while all of its slots are taken', async () => {
    const gate = new Gate();
    destination.always(gate.behaviour);
    byHand = await LaneByHand.start(destination);
    await byHand.record(incident('first'));
    byHand.lane.wake();
    await received(destination, 1);
    await byHand.record(...some('inc', 5).map((id) => incident(id)));
    byHand.lane.wake();
    const before = byHand.claims.count;
    await sleep(A_WHILE_MS);
    expect(byHand.claims.count).toBe(before);
    gate.open();
    await received(destination, 6);
  });

  it.each(['worst_and_newest_first', 'oldest_due_first'] as const)(
    'claims no more than it has slots for, %s, whatever the database believes of its table',
    async (order) => {
      byHand = await LaneByHand.start(destination);
      await byHand.record(incident('first'));
      await byHand.write('ANALYZE deliveries');
      await byHand.record(...some('inc', 40).map((id) => incident(id)));
      const { name, client } = byHand.lane;
      const { currentCredential } = client;
      await byHand.claims.claim({ destination: name, currentCredential, limit: 2, order, leaseMs: HOUR });
      const { read } = byHand.app.get(Database);
      const claimed = await read.query<{ claims: number }[]>(
        'SELECT claims FROM deliveries WHERE claims > 0',
      );
      expect(claimed).toEqual([{ claims: 1 }, { claims: 1 }]);
    },
  );

  it('only sweeps while there is nothing to do', async () => {
    byHand = await LaneByHand.start(destination);
    const startedAt = performance.now();
    byHand.lane.wake();
    const sweeps = await sweepsSince(startedAt);
    expect(byHand.claims.count).toBeGreaterThan(0);
    expect(byHand.claims.count).toBeLessThanOrEqual(sweeps);
  });

  it('ends when it is told to, and claims nothing after that', async () => {
    byHand = await LaneByHand.start(destination);
    byHand.lane.wake();
    await byHand.lane.stop(Date.now());
    const before = byHand.claims.count;
    await byHand.record(incident('inc'));
    byHand.lane.wake();
    await sleep(A_WHILE_MS);
    expect(byHand.claims.count).toBe(before);
    expect(destination.calls).toEqual([]);
  });

  it('gives back what it has claimed when it is told to stop, and what comes after finds it', async () => {
    byHand = await LaneByHand.start(destination);
    const { claims, lane } = byHand;
    let stopped: Promise<void> | undefined;
    claims.afterClaim = () => {
      stopped = lane.stop(Date.now());
    };
    await byHand.record(incident('inc'));
    lane.wake();
    await eventually(() => expect(stopped).toBeDefined());
    await stopped;
    expect(await byHand.deliveriesOf('inc')).toMatchObject([
      { status: 'pending', attempts: 0, lease_until: null },
    ]);
    expect(await byHand.attemptsOf('inc')).toMatchObject([{ outcome: 'released' }]);
    expect(destination.calls).toEqual([]);
  });
});

describe('a service that is started and stopped', () => {
  it('delivers at the next start what it took and did not send', async () => {
    const before = await startPaging(destination, PATIENT);
    const gate = new Gate();
    destination.always(gate.behaviour);
    await record(before, ...some('inc', 50).map((id) => incident(id)));
    const stopped = before.stop();
    gate.open();
    await stopped;
    const service = await restart(before);
    for (const id of some('inc', 50))
      expect(inShort(await settled(service, id))).toEqual(['trigger delivered']);
    expect(new Set(destination.calls).size).toBe(50);
  });
});
