import { eventually } from '../harness/eventually';
import { answer, FakeDestination, reset } from '../harness/fake-destination';
import { seededRandom } from '../harness/repetitions';
import { startService, stopServices, type RunningService } from '../harness/service';
import { HERE } from './past-deliveries';
import { incident, NO_BREAKER, over, record, startPaging } from './paging-service';
import { useWrittenRoutes, writeRoute, type WrittenRoute } from './written-routes';

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
    for (const service of services) await useWrittenRoutes(service);
  });

  afterAll(async () => {
    await stopServices();
    await destination.stop();
  });

  it('leave nothing open that is over, and nothing untold that is wanted', async () => {
    const random = seededRandom('holds');
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const anyService = (): RunningService => pick(services);
    const routes = (): WrittenRoute[] => [
      { to: [HERE] },
      { to: [HERE], mute_until: Date.now() + 3_600_000 },
      { to: [HERE], mute_until: Date.now() + 20 },
      { to: [HERE], remind_every_s: 1 },
      { to: [] },
    ];
    destination.always((request, response) => {
      const behaviour = pick([answer(202), answer(202), answer(500), reset]);
      behaviour(request, response);
    });
    await writeRoute(anyService(), 'default', { to: [HERE] });
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all([
        writeRoute(anyService(), 'default', pick(routes())),
        ...EVENTS.map((id) => record(anyService(), pick([incident, over])(id))),
        writeRoute(anyService(), 'default', pick(routes())),
      ]);
    }
    // From now on all is calm, and half of the events are over.
    destination.always(answer(202));
    const [open, closed] = [EVENTS.slice(0, 12), EVENTS.slice(12)];
    await writeRoute(anyService(), 'default', { to: [HERE] });
    await record(anyService(), ...open.map((id) => incident(id, { summary: 'In the end' })));
    await record(anyService(), ...closed.map((id) => over(id, { summary: 'In the end' })));
    await eventually(async () => {
      expect(await anyService().client.deliveries('?status=pending')).toEqual([]);
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
