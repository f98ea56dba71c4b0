import { eventually } from '../harness/eventually';
import { answer, FakeDestination, hang, type Behaviour } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { Gate } from './gate';
import {
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
const TRIGGER = 'trigger default/inc';
const RESOLVE = 'resolve default/inc';

let destination: FakeDestination;

beforeEach(async () => {
  destination = await FakeDestination.start();
});

afterEach(async () => {
  await stopServices();
  await destination.stop();
});

/** A service whose only slot is taken by another event, so that nothing else is attempted before the gate opens. */
async function startBusy(): Promise<{ service: RunningService; gate: Gate }> {
  const gate = new Gate();
  destination.always(gate.behaviour);
  const service = await startPaging(destination, { ...PATIENT, WORKER_CONCURRENCY: '1' });
  await record(service, incident('other'));
  await received(destination, 1);
  return { service, gate };
}

/** Opens the gate and waits until an event that comes last has gone through it. */
async function letThrough(service: RunningService, gate: Gate): Promise<void> {
  gate.open();
  await settled(service, 'other');
  await record(service, incident('last'));
  await settled(service, 'last');
}

function callsAbout(eventId: string): string[] {
  return destination.calls.filter((call) => call.endsWith(`/${eventId}`));
}

async function firstAttemptEnded(service: RunningService, eventId: string): Promise<void> {
  await eventually(async () => {
    const { deliveries } = await service.client.event(eventId);
    expect(deliveries[0]?.attempts[0]?.outcome).toEqual(expect.any(String));
  });
}

describe('promise 4: what was opened gets closed', () => {
  it('sends the resolution with the key of the trigger, after it', async () => {
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await settled(service, 'inc');
    await record(service, over('inc'));
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered', 'resolve delivered']);
    expect(destination.calls).toEqual([TRIGGER, RESOLVE]);
  });

  it('sends nothing where the event resolves before its trigger was first tried', async () => {
    const { service, gate } = await startBusy();
    await record(service, incident('inc'));
    await record(service, over('inc'));
    expect(inShort(await settled(service, 'inc'))).toEqual([
      'trigger skipped (resolved_before_sent)',
      'resolve skipped (resolved_before_sent)',
    ]);
    await letThrough(service, gate);
    expect(callsAbout('inc')).toEqual([]);
  });

  it('sends both in order where the event resolves while its trigger is under way', async () => {
    const gate = new Gate();
    destination.always(gate.behaviour);
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await received(destination, 1);
    await record(service, over('inc'), incident('other'));
    await received(destination, 2);
    expect(destination.calls).toEqual([TRIGGER, 'trigger default/other']);
    gate.open();
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered', 'resolve delivered']);
    expect(callsAbout('inc')).toEqual([TRIGGER, RESOLVE]);
  });

  it('sends both in order where the event resolves while its trigger waits for its next attempt', async () => {
    destination.next(answer(503, { 'retry-after': '1' }));
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await firstAttemptEnded(service, 'inc');
    await record(service, over('inc'));
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered', 'resolve delivered']);
    expect(destination.calls).toEqual([TRIGGER, TRIGGER, RESOLVE]);
  });

  it('resolves nothing where the trigger was refused', async () => {
    destination.always(answer(400));
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await settled(service, 'inc');
    await record(service, over('inc'));
    expect(inShort(await settled(service, 'inc'))).toEqual([
      'trigger dead (rejected)',
      'resolve skipped (trigger_dead)',
    ]);
    expect(destination.calls).toEqual([TRIGGER]);
  });

  it('resolves nothing where the trigger is refused after the event has resolved', async () => {
    let refuse: () => void = () => undefined;
    const refuseLater: Behaviour = (request, response) => {
      refuse = () => answer(400)(request, response);
    };
    destination.next(refuseLater);
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await received(destination, 1);
    await record(service, over('inc'));
    refuse();
    const deliveries = await settled(service, 'inc');
    expect(inShort(deliveries)).toEqual(['trigger dead (rejected)', 'resolve skipped (trigger_dead)']);
    expect(destination.calls).toEqual([TRIGGER]);
    const skipped = service.log.filter(({ msg }) => msg === 'delivery skipped');
    expect(skipped).toMatchObject([{ delivery_id: deliveries[1]!.id, reason: 'trigger_dead' }]);
  });

  it.each<[name: string, behaviour: Behaviour]>([
    ['timeouts', hang],
    ['server errors', answer(500)],
  ])('resolves where the trigger is dead after %s, because it may have arrived', async (_name, behaviour) => {
    destination.next(behaviour, behaviour);
    const service = await startPaging(destination, {
      ...NO_BREAKER,
      DELIVERY_MAX_ATTEMPTS: '2',
      DELIVERY_TIMEOUT_MS: '500',
    });
    await record(service, incident('inc'));
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger dead (attempts_exhausted)']);
    await record(service, over('inc'));
    expect(inShort(await settled(service, 'inc')).at(-1)).toBe('resolve delivered');
    expect(destination.calls).toEqual([TRIGGER, TRIGGER, RESOLVE]);
  });

  it('sends a resolve again at the next change where the destination refused it', async () => {
    destination.next(answer(202), answer(400));
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await settled(service, 'inc');
    const end = over('inc');
    await record(service, end);
    expect(inShort(await settled(service, 'inc')).at(-1)).toBe('resolve dead (rejected)');
    await record(service, over('inc', { resolved_at: end.resolved_at, summary: 'Payments failed' }));
    expect(inShort(await settled(service, 'inc')).at(-1)).toBe('resolve delivered');
    expect(destination.calls).toEqual([TRIGGER, RESOLVE, RESOLVE]);
  });

  it('sends nothing more where a resolved event is edited', async () => {
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await settled(service, 'inc');
    const end = over('inc');
    await record(service, end);
    await settled(service, 'inc');
    await record(service, over('inc', { resolved_at: end.resolved_at, description: 'Postmortem' }));
    expect(await service.client.event('inc')).toMatchObject({ revision: 3 });
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered', 'resolve delivered']);
    expect(destination.calls).toEqual([TRIGGER, RESOLVE]);
  });

  it('sends nothing about an event that arrives resolved', async () => {
    const service = await startPaging(destination, PATIENT);
    await record(service, over('inc'), incident('last'));
    await settled(service, 'last');
    expect(await service.client.event('inc')).toMatchObject({ routed: false, deliveries: [] });
    expect(destination.calls).toEqual(['trigger default/last']);
  });

  it('closes a payment that a person resolves, and does not reopen it when the webhook comes again', async () => {
    const service = await startPaging(destination, PATIENT);
    const webhook = payoutFailed('evt_1');
    await service.client.stripe(webhook);
    await settled(service, 'evt_1');
    expect((await service.client.post('/events/evt_1/resolve', { note: 'Paid by hand' })).status).toBe(200);
    const closed = ['trigger delivered', 'resolve delivered'];
    expect(inShort(await settled(service, 'evt_1'))).toEqual(closed);
    expect((await service.client.stripe(webhook)).body).toEqual({ received: true, deduped: true });
    await service.client.stripe(payoutFailed('evt_2'));
    await settled(service, 'evt_2');
    expect(inShort(await settled(service, 'evt_1'))).toEqual(closed);
    expect(callsAbout('evt_1')).toEqual(['trigger default/evt_1', 'resolve default/evt_1']);
  });
});

describe('an event that changes', () => {
  it('pages again when it is reopened, with the same key', async () => {
    const service = await startPaging(destination, PATIENT);
    for (const state of [incident, over, incident, over]) {
      await record(service, state('inc'));
      await settled(service, 'inc');
    }
    expect(destination.calls).toEqual([TRIGGER, RESOLVE, TRIGGER, RESOLVE]);
  });

  it('pages again when it is reopened while its resolve is still under way, after it', async () => {
    const gate = new Gate();
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await settled(service, 'inc');
    destination.always(gate.behaviour);
    await record(service, over('inc'));
    await received(destination, 2);
    await record(service, incident('inc'), incident('other'));
    await received(destination, 3);
    gate.open();
    await settled(service, 'inc');
    expect(callsAbout('inc')).toEqual([TRIGGER, RESOLVE, TRIGGER]);
  });

  it('pages again when it is reopened after a resolve that got no answer, because it may be closed', async () => {
    destination.next(answer(202), answer(500), answer(500));
    const service = await startPaging(destination, { ...PATIENT, DELIVERY_MAX_ATTEMPTS: '2' });
    await record(service, incident('inc'));
    await settled(service, 'inc');
    await record(service, over('inc'));
    expect(inShort(await settled(service, 'inc')).at(-1)).toBe('resolve dead (attempts_exhausted)');
    await record(service, incident('inc'));
    expect(inShort(await settled(service, 'inc')).at(-1)).toBe('trigger delivered');
    expect(destination.calls).toEqual([TRIGGER, RESOLVE, RESOLVE, TRIGGER]);
  });

  it('triggers again when it gets worse, with the same key, and sends nothing when it gets better', async () => {
    const service = await startPaging(destination, { ...PATIENT, ROUTE_WARNING: 'true' });
    for (const severity of [
      'info',
      'warning',
      'critical',
      'warning',
      'info',
      'warning',
      'critical',
    ] as const) {
      await record(service, incident('inc', { severity }));
      await record(service, incident(`after-${destination.calls.length}-${severity}`));
      await eventually(async () => {
        expect(await service.client.deliveries('?status=pending')).toEqual([]);
      });
    }
    const about = destination.received.filter(({ body }) => body.dedup_key === 'default/inc');
    expect(about.map(({ body }) => [body.event_action, body.payload?.severity])).toEqual([
      ['trigger', 'warning'],
      ['trigger', 'critical'],
    ]);
  });

  it('triggers again when it gets as bad as it was decided, but not told, to be', async () => {
    const { service, gate } = await startBusy();
    await record(service, incident('inc'));
    await record(service, incident('inc', { severity: 'warning' }));
    gate.open();
    await settled(service, 'inc');
    await record(service, incident('inc'));
    await settled(service, 'inc');
    const about = destination.received.filter(({ body }) => body.dedup_key === 'default/inc');
    expect(about.map(({ body }) => body.payload?.severity)).toEqual(['warning', 'critical']);
  });

  it('tries a dead trigger again at the next change', async () => {
    destination.next(answer(400));
    const service = await startPaging(destination, PATIENT);
    await record(service, incident('inc'));
    await settled(service, 'inc');
    await record(service, incident('inc', { description: 'Still down' }));
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger dead (rejected)', 'trigger delivered']);
    await record(service, over('inc'));
    await settled(service, 'inc');
    expect(destination.calls).toEqual([TRIGGER, TRIGGER, RESOLVE]);
  });

  it('sends nothing for a repeat, nor for a change that pages nobody', async () => {
    const service = await startPaging(destination, PATIENT);
    const state = incident('inc');
    await record(service, state);
    await record(service, state, incident('inc', { summary: 'Payments and refunds fail' }));
    expect(await service.client.event('inc')).toMatchObject({ revision: 2 });
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered']);
    expect(destination.calls).toEqual([TRIGGER]);
  });
});

describe('promise 4, whatever the rules say by then', () => {
  it('closes what was opened under other rules', async () => {
    const before = await startPaging(destination, { ...PATIENT, ROUTE_WARNING: 'true' });
    await record(before, incident('inc', { severity: 'warning' }));
    await settled(before, 'inc');
    const service = await restart(before, { ROUTE_WARNING: 'false' });
    await record(service, over('inc', { severity: 'info' }));
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered', 'resolve delivered']);
    expect(destination.calls).toEqual([TRIGGER, RESOLVE]);
  });

  it('does not open again under narrower rules what was opened and closed under wider ones', async () => {
    const before = await startPaging(destination, { ...PATIENT, ROUTE_WARNING: 'true' });
    for (const state of [incident, over]) {
      await record(before, state('inc', { severity: 'warning' }));
      await settled(before, 'inc');
    }
    const service = await restart(before, { ROUTE_WARNING: 'false' });
    await record(service, incident('inc', { severity: 'warning' }));
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered', 'resolve delivered']);
    expect(destination.calls).toEqual([TRIGGER, RESOLVE]);
  });
});

const OLD_KEY = 'OldRoutingKey0000000000000000000';
const NEW_KEY = 'NewRoutingKey0000000000000000000';

describe('a routing key that is changed', () => {
  function keysOf(eventId: string): [string, string][] {
    const about = destination.received.filter(({ body }) => body.dedup_key === `default/${eventId}`);
    return about.map(({ body }) => [body.event_action, body.routing_key]);
  }

  it('still serves what was opened through it, and a fresh trigger takes the new one', async () => {
    const before = await startPaging(destination, {
      ...PATIENT,
      ROUTE_WARNING: 'true',
      PAGERDUTY_ROUTING_KEY: OLD_KEY,
    });
    await record(before, incident('closed'), incident('raised', { severity: 'warning' }));
    await settled(before, 'closed');
    await settled(before, 'raised');

    const service = await restart(before, { PAGERDUTY_ROUTING_KEY: NEW_KEY });
    await record(service, over('closed'), incident('raised'), incident('fresh'));
    for (const id of ['closed', 'raised', 'fresh']) await settled(service, id);
    await record(service, incident('closed'), over('raised'), over('fresh'));
    for (const id of ['closed', 'raised', 'fresh']) await settled(service, id);

    expect(keysOf('closed')).toEqual([
      ['trigger', OLD_KEY],
      ['resolve', OLD_KEY],
      ['trigger', NEW_KEY],
    ]);
    expect(keysOf('raised')).toEqual([
      ['trigger', OLD_KEY],
      ['trigger', OLD_KEY],
      ['resolve', OLD_KEY],
    ]);
    expect(keysOf('fresh')).toEqual([
      ['trigger', NEW_KEY],
      ['resolve', NEW_KEY],
    ]);
  });

  it('still serves where it was taken away, so that the mock is paged', async () => {
    const before = await startPaging(destination, { ...PATIENT, PAGERDUTY_ROUTING_KEY: OLD_KEY });
    await record(before, incident('inc'));
    await settled(before, 'inc');
    const service = await restart(before, { PAGERDUTY_ROUTING_KEY: '' });
    await record(service, over('inc'));
    await settled(service, 'inc');
    expect(keysOf('inc')).toEqual([
      ['trigger', OLD_KEY],
      ['resolve', OLD_KEY],
    ]);
  });

  it('is left by a trigger that it was refused for', async () => {
    destination.next(answer(400));
    const before = await startPaging(destination, { ...PATIENT, PAGERDUTY_ROUTING_KEY: OLD_KEY });
    await record(before, incident('inc'));
    const [dead] = await settled(before, 'inc');
    const service = await restart(before, { PAGERDUTY_ROUTING_KEY: NEW_KEY });
    expect((await service.client.post(`/deliveries/${dead!.id}/replay`)).status).toBe(200);
    await settled(service, 'inc');
    expect(keysOf('inc')).toEqual([
      ['trigger', OLD_KEY],
      ['trigger', NEW_KEY],
    ]);
  });

  it('is shown nowhere', async () => {
    const service = await startPaging(destination, { ...PATIENT, PAGERDUTY_ROUTING_KEY: OLD_KEY });
    await record(service, incident('inc'));
    await settled(service, 'inc');
    for (const path of ['/events', '/events/inc', '/deliveries', '/readyz']) {
      const answered = await service.client.get(path);
      expect(answered.status).toBe(200);
      expect(JSON.stringify(answered.body)).not.toContain(OLD_KEY);
    }
  });
});

describe('a restart', () => {
  it('between trigger and resolve changes nothing', async () => {
    const before = await startPaging(destination, PATIENT);
    await record(before, incident('inc'));
    await settled(before, 'inc');
    const service = await restart(before);
    await record(service, over('inc'));
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered', 'resolve delivered']);
    expect(destination.calls).toEqual([TRIGGER, RESOLVE]);
  });

  it('leaves alone what is not due yet, and what waits for it', async () => {
    destination.next(answer(429, { 'retry-after': '3600' }));
    const before = await startPaging(destination, PATIENT);
    await record(before, incident('inc'));
    await firstAttemptEnded(before, 'inc');
    await record(before, over('inc'));
    const { deliveries } = await before.client.event('inc');
    expect(inShort(deliveries)).toEqual(['trigger pending', 'resolve pending']);
    const service = await restart(before);
    await record(service, incident('other'));
    await settled(service, 'other');
    expect((await service.client.event('inc')).deliveries).toEqual(deliveries);
    expect(destination.calls).toEqual([TRIGGER, 'trigger default/other']);
  });

  it('while the destination does not answer ends the request, keeps the attempt and costs none', async () => {
    destination.next(hang);
    const before = await startPaging(destination, {
      ...PATIENT,
      DELIVERY_MAX_ATTEMPTS: '1',
      SHUTDOWN_GRACE_MS: '500',
    });
    await record(before, incident('inc'));
    await received(destination, 1);
    await record(before, over('inc'));
    const service = await restart(before);
    const deliveries = await settled(service, 'inc');
    expect(inShort(deliveries)).toEqual(['trigger delivered', 'resolve delivered']);
    expect(deliveries[0]!.attempts).toMatchObject([{ outcome: 'aborted' }, { outcome: 'delivered' }]);
    expect(destination.calls).toEqual([TRIGGER, TRIGGER, RESOLVE]);
  });
});
