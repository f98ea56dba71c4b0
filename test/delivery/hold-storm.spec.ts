import { add, SECRET } from '../destinations/own-destinations';
import { Receiver } from '../destinations/receiver';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination, reset } from '../harness/fake-destination';
import { seededRandom } from '../harness/repetitions';
import { startService, stopServices, type RunningService } from '../harness/service';
import type { RouteFields } from '../../src/routing/route-fields';
import { ahead, setOnlyRoute } from '../routing/only-route';
import { change, incident, NO_BREAKER, over, record, startPaging } from './paging-service';

const EVENTS = Array.from({ length: 24 }, (_, n) => `inc-${n}`);
const ROUNDS = 8;

describe('edits, resolutions and claims at the same time', () => {
  let destination: FakeDestination;
  /** Where some routes lead instead. */
  let other: Receiver;
  /** All processes of an installation: one of the embedded profile, two of the scaled one. */
  let services: readonly RunningService[];

  beforeAll(async () => {
    destination = await FakeDestination.start();
    other = await Receiver.start();
    const first = await startPaging(destination, { ...NO_BREAKER, ALLOW_PRIVATE_TARGETS: 'true' });
    await add(first, 'webhook', { url: other.url, secret: SECRET }, { name: 'other' });
    services = globalThis.PROFILE === 'embedded' ? [first] : [first, await startService(first.environment)];
  });

  afterAll(async () => {
    await stopServices();
    await destination.stop();
    await other.stop();
  });

  it('leave nothing open that is over, and nothing untold that is wanted', async () => {
    const random = seededRandom('holds');
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const anyService = (): RunningService => pick(services);
    const routes = (): Partial<RouteFields>[] => [
      {},
      { mute_until: ahead(3_600_000) },
      { mute_until: ahead(20) },
      { remind_every_s: 60 },
      { to: [] },
      { to: ['other'] },
      { to: ['other'], mute_until: ahead(20) },
    ];
    const edit = (route: Partial<RouteFields>): Promise<void> => setOnlyRoute(anyService(), 'default', route);
    destination.always((request, response) => {
      const behaviour = pick([answer(202), answer(202), answer(500), reset]);
      behaviour(request, response);
    });
    await edit({});
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all([
        edit(pick(routes())),
        ...EVENTS.map((id) => record(anyService(), pick([incident, over])(id))),
        edit(pick(routes())),
      ]);
      // A reminder counts from when it was told.
      await change(anyService(), 'UPDATE deliveries SET finished_at = finished_at - 60000');
    }
    // From now on all is calm, and half of the events are over.
    destination.always(answer(202));
    const [open, closed] = [EVENTS.slice(0, 12), EVENTS.slice(12)];
    await edit({});
    await record(anyService(), ...open.map((id) => incident(id, { summary: 'In the end' })));
    await record(anyService(), ...closed.map((id) => over(id, { summary: 'In the end' })));
    await eventually(async () => {
      const pending = await anyService().client.deliveries('?status=pending');
      // What was being sent while the last edit was made may have planned a reminder, which nobody wants when its turn comes.
      expect(pending.filter(({ hold }) => hold !== 'reminder')).toEqual([]);
    }, 20_000);
    const last = (id: string): string | undefined =>
      destination.received.findLast(({ body }) => body.dedup_key === `default/${id}`)?.body.event_action;
    expect(open.map(last)).toEqual(open.map(() => 'trigger'));
    expect(closed.map(last).filter((action) => action === 'trigger')).toEqual([]);
    const openThere = new Set<string>();
    for (const { body } of other.received) {
      const { type, data } = JSON.parse(body) as { type: string; data: { event_id: string } };
      if (type === 'event.triggered') openThere.add(data.event_id);
      else openThere.delete(data.event_id);
    }
    expect(closed.filter((id) => openThere.has(id))).toEqual([]);
    for (const id of EVENTS) {
      const first = destination.calls.find((call) => call.endsWith(`/${id}`));
      expect(first ?? 'trigger').toMatch(/^trigger/);
    }
  });
});
