import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { MonitorEntity } from '../../src/monitors/storage/monitor.entity';
import { STEPS } from '../../src/monitors/storage/steps';
import { startChildService, type ChildService } from '../harness/child-service';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { repetitions, seededRandom } from '../harness/repetitions';
import { stopServices } from '../harness/service';
import { ServiceClient } from '../harness/service-client';
import type { Environment } from '../../src/config/settings';
import { TargetServers } from './target-server';
import { calls, incidents, incidentsOf, startWatching, watch } from './watching';

const KILLS = repetitions({ short: 1, long: 200 });
const LONGEST_LIFE_MS = 1_500;

/** A round under load on a busy machine, its start included. */
const ROUND_LIMIT_MS = 10_000;

const CRASH_AT = join(__dirname, 'crash-at.mts');

let pagerduty: FakeDestination;
let targets: TargetServers;
let status: number;
let monitor: MonitorEntity;
let environment: Environment;

beforeEach(async () => {
  status = 200;
  pagerduty = await FakeDestination.start();
  targets = new TargetServers();
  const url = await targets.http((_request, response) => response.writeHead(status).end());
  const service = await startWatching(pagerduty, { STATUS_POLL_CRON: '0 0 29 2 *' });
  // Long enough for a target that shares the processors with what is started here.
  monitor = await watch(service, { url, interval_s: 2, timeout_ms: 1_900 });
  environment = service.environment;
  await service.stop();
});
afterEach(async () => {
  await stopServices();
  await targets.close();
  await pagerduty.stop();
});

/** Lets what happened lately be long ago, so that the target does not flap. */
function forgetChanges(): void {
  const database = new Sqlite(String(environment['DATABASE_URL']).replace('sqlite:', ''));
  database.exec(`UPDATE monitor_states SET state = json_set(state, '$.changed_at', json('[]'))`);
  database.close();
}

/** The service in a process that ends at a step once it is told to. */
function start(step: string): Promise<ChildService> {
  forgetChanges();
  const preload = { NODE_OPTIONS: `--import=${CRASH_AT}`, CRASH_AT: step };
  return startChildService({ ...environment, LOG_LEVEL: 'info', ...preload });
}

const flip = (): void => {
  status = status === 200 ? 500 : 200;
};

const clientOf = (child: ChildService): { client: ServiceClient } => ({
  client: new ServiceClient(child.url),
});

/**
 * Every incident but the newest is over, each has been told to page once and to resolve once, and so it was.
 *
 * @param lookedAt so many of the newest are looked at
 */
async function expectTruth(
  child: ChildService,
  count: number,
  newest: 'open' | 'over',
  lookedAt = Infinity,
): Promise<void> {
  const service = clientOf(child);
  const found = count === 0 ? [] : await incidents(service, monitor, count, newest);
  for (const [place, { event_id, resolved_at }] of found.entries()) {
    if (place < found.length - lookedAt) continue;
    const isOver = place < found.length - 1 || newest === 'over';
    expect(resolved_at !== null).toBe(isOver);
    const { deliveries, revisions } = await service.client.event(event_id);
    const actions = isOver ? ['trigger', 'resolve'] : ['trigger'];
    expect(deliveries.map(({ action }) => action)).toEqual(actions);
    expect(revisions).toHaveLength(actions.length);
    // What was being sent when the process died is sent again: once more is allowed, and once less is not.
    await eventually(() => {
      const heard = calls(pagerduty, event_id);
      expect(heard.filter((action, at) => action !== heard[at - 1])).toEqual(actions);
    });
  }
}

// One process alone: where there are several, another one goes on.
(globalThis.PROFILE === 'embedded' ? describe : describe.skip)('a process that is killed', () => {
  it(
    'at any step of a check leaves one incident for each outage, and each is resolved',
    async () => {
      let outages = 0;
      for (const step of STEPS) {
        const child = await start(step);
        await expectTruth(child, outages, status === 200 ? 'over' : 'open');
        const ended = once(child.process, 'exit');
        child.process.kill('SIGUSR2');
        flip();
        if (status === 500) outages += 1;
        expect(await ended).toEqual([null, 'SIGKILL']);
      }
      const last = await start('never');
      await expectTruth(last, outages, status === 200 ? 'over' : 'open');
      await last.end('SIGKILL');
    },
    STEPS.length * ROUND_LIMIT_MS,
  );

  it(
    `at random moments (${KILLS} times) does so too`,
    async () => {
      const random = seededRandom('kill -9 of a process that checks');
      let outages = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const child = await start('never');
        await expectTruth(child, outages, status === 200 ? 'over' : 'open', 2);
        flip();
        if (status === 500) outages += 1;
        await sleep(random() * LONGEST_LIFE_MS);
        await child.end('SIGKILL');
      }
      const last = await start('never');
      await expectTruth(last, outages, status === 200 ? 'over' : 'open');
      await last.end('SIGKILL');
    },
    60_000 + KILLS * ROUND_LIMIT_MS,
  );
});

describe('a service that is stopped in mid-outage', () => {
  it('resolves the incident when it is back, as of the first good check', async () => {
    const service = await startWatching(pagerduty, environment);
    flip();
    const [open] = await incidents(service, monitor, 1, 'open');
    await service.stop();
    flip();
    const next = await startWatching(pagerduty, environment);
    await incidents(next, monitor, 1, 'over');
    expect(await incidentsOf(next, monitor)).toHaveLength(1);
    await eventually(() => expect(calls(pagerduty, open!.event_id)).toEqual(['trigger', 'resolve']));
  });
});
