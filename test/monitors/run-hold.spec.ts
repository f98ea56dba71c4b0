import { HoldEvents } from '../../src/monitors/run/hold-events';
import { change } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import type { ShownEvent } from '../harness/service-client';
import { TargetServers } from './target-server';
import { checked, incidents, incidentsOf, startWatching, watch } from './watching';

let pagerduty: FakeDestination;
let targets: TargetServers;
let service: RunningService;
let isWorldThere: boolean;
let status: number;

beforeEach(async () => {
  [isWorldThere, status] = [false, 500];
  pagerduty = await FakeDestination.start();
  targets = new TargetServers();
  const world = await targets.http((_request, response) => {
    if (isWorldThere) response.end('ok');
    else response.socket?.destroy();
  });
  service = await startWatching(pagerduty, { EGRESS_CHECK_URLS: world });
});
afterEach(async () => {
  await stopServices();
  await targets.close();
  await pagerduty.stop();
});

async function holds(): Promise<readonly ShownEvent[]> {
  return (await service.client.events('?source=monitor&kind=status')).filter(({ event_id }) =>
    event_id.startsWith('monitor:hold:'),
  );
}

describe('when most monitors fail at once and this side is cut off', () => {
  it('one event says so and nobody is paged, until the world is there again', async () => {
    const url = await targets.http((_request, response) => response.writeHead(status).end());
    const monitors = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => watch(service, { url: `${url}/${n}`, failure_threshold: 2 })),
    );
    for (const monitor of monitors) {
      await checked(service, monitor, ({ reason }) => reason === 'decisions_held');
    }
    const [hold, ...others] = await eventually(async () => {
      const found = await holds();
      expect(found).not.toEqual([]);
      return found;
    });
    expect(others).toEqual([]);
    expect(hold).toMatchObject({ severity: 'warning', resolved_at: null });
    for (const monitor of monitors) expect(await incidentsOf(service, monitor)).toEqual([]);

    isWorldThere = true;
    for (const monitor of monitors) await incidents(service, monitor, 1, 'open');
    await eventually(async () => expect((await holds())[0]!.resolved_at).not.toBeNull());
  });

  it('the event of a process that is gone is resolved by another one', async () => {
    const url = await targets.http((_request, response) => response.writeHead(status).end());
    await Promise.all([1, 2, 3, 4].map((n) => watch(service, { url: `${url}/${n}` })));
    await eventually(async () => expect(await holds()).toHaveLength(1));
    await service.stop();
    service = await startWatching(pagerduty, {
      ...service.environment,
      ROLES: 'api,scheduler,worker,notifier',
    });
    await change(service, 'UPDATE decision_holds SET renewed_at = 0 WHERE event_id LIKE ?', [
      'monitor:hold:%',
    ]);
    await service.app.get(HoldEvents, { strict: false }).endAbandoned();
    const events = await holds();
    expect(events.at(-1)!.resolved_at).not.toBeNull();
  });
});
