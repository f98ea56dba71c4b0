import { SYSTEM } from '../../src/accounts/actor';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import {
  calls,
  checked,
  checksOf,
  incidents,
  incidentsOf,
  monitorsOf,
  startWatching,
  watch,
} from './watching';
import { definitionOf, QUICK } from './watching';
import { TargetServers } from './target-server';

let pagerduty: FakeDestination;
let targets: TargetServers;
let service: RunningService;
let status = 200;
let url: string;

beforeEach(async () => {
  status = 200;
  pagerduty = await FakeDestination.start();
  targets = new TargetServers();
  url = await targets.http((_request, response) => response.writeHead(status).end('{"status":"ok"}'));
  service = await startWatching(pagerduty);
});
afterEach(async () => {
  await stopServices();
  await targets.close();
  await pagerduty.stop();
});

describe('a target that goes down and comes back', () => {
  it('is an incident that pages and is resolved, and another one the next time', async () => {
    const monitor = await watch(service, { url });
    await checked(service, monitor, (check) => check.class === 'up');
    expect(await incidentsOf(service, monitor)).toEqual([]);

    status = 500;
    const [open] = await incidents(service, monitor, 1, 'open');
    expect(open).toMatchObject({
      severity: 'critical',
      kind: 'incident',
      source: 'monitor',
      summary: 'API is down',
      description: expect.stringContaining('status: wanted 200-299, got 500') as string,
      routed: true,
      raw: { monitor_id: monitor.id, state: 'down', check: { class: 'down', http_status: 500 } },
    });
    status = 200;
    const [over] = await incidents(service, monitor, 1, 'over');
    const checks = await checksOf(service, monitor);
    const firstGood = checks.find(
      (check, place) => check.class === 'up' && checks[place - 1]?.class === 'down',
    );
    expect(Date.parse(over!.resolved_at!)).toBe(firstGood!.started_at);
    await eventually(() => expect(calls(pagerduty, open!.event_id)).toEqual(['trigger', 'resolve']));

    status = 503;
    const [, again] = await incidents(service, monitor, 2, 'open');
    await eventually(() => expect(calls(pagerduty, again!.event_id)).toEqual(['trigger']));
  });

  it('is down only after as many failures as are asked for, each checked once', async () => {
    status = 500;
    const monitor = await watch(service, { url, failure_threshold: 3 });
    const [open] = await incidents(service, monitor, 1, 'open');
    const checks = await checksOf(service, monitor);
    expect(checks.length).toBeGreaterThanOrEqual(3);
    expect((open as { started_at?: string }).started_at).toBe(new Date(checks[0]!.started_at).toISOString());
    expect(new Set(checks.map(({ slot_at }) => slot_at)).size).toBe(checks.length);
    const regular = checks.slice(1).map(({ slot_at }) => slot_at);
    expect(regular.map((slot) => (slot - regular[0]!) % 1_000)).toEqual(regular.map(() => 0));
  });
});

describe('a monitor that is no longer watched', () => {
  it.each([
    ['was deleted', () => null],
    ['was paused', (now: string) => ({ url: now, paused: true })],
    ['was changed', (now: string) => ({ url: `${now}/else` })],
  ])('resolves its incident, and says that it %s', async (reason, fields) => {
    status = 500;
    const monitor = await watch(service, { url });
    const [open] = await incidents(service, monitor, 1, 'open');
    const changed = fields(url);
    if (changed === null) expect(await monitorsOf(service).remove(SYSTEM, monitor)).toBe(true);
    else
      expect(
        await monitorsOf(service).change(SYSTEM, monitor, definitionOf({ ...QUICK, ...changed })),
      ).not.toBeNull();
    await eventually(() => expect(calls(pagerduty, open!.event_id)).toEqual(['trigger', 'resolve']));
    const { revisions, description } = await service.client.event(open!.event_id);
    expect(revisions).toHaveLength(2);
    expect(description).toContain(`because the monitor ${reason}`);
  });

  it('keeps its incident over a change that asks the same', async () => {
    status = 500;
    const monitor = await watch(service, { url });
    await incidents(service, monitor, 1, 'open');
    const changed = await monitorsOf(service).change(
      SYSTEM,
      monitor,
      definitionOf({ ...QUICK, url, name: 'Shop' }),
    );
    expect(changed).toMatchObject({ revision: 2 });
    await checked(service, monitor, ({ started_at }) => started_at > changed!.updated_at);
    expect(await incidents(service, monitor, 1, 'open')).toHaveLength(1);
  });
});
