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
  /** All processes of an installation: one of the embedded profile, two of the scaled one. */
  let services: readonly RunningService[];

  beforeAll(async () => {
    destination = await FakeDestination.start();
    const first = await startPaging(destination, NO_BREAKER);
    services = globalThis.PROFILE === 'embedded' ? [first] : [first, await startService(first.environment)];
  });

  afterAll(async () => {
    await stopServices();
    await destination.stop();
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
    for (const id of EVENTS) {
      const first = destination.calls.find((call) => call.endsWith(`/${id}`));
      expect(first ?? 'trigger').toMatch(/^trigger/);
    }
  });
});
