import { SYSTEM } from '../../src/accounts/actor';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { CheckRunner } from '../../src/monitors/run/check-runner';
import { CheckSchedule } from '../../src/monitors/run/check-schedule';
import { RedisConnection } from '../../src/redis/redis-connection';
import { startChildService } from '../harness/child-service';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { TcpProxy } from '../harness/tcp-proxy';
import { TargetServers } from '../monitors/target-server';
import {
  calls,
  checked,
  checksOf,
  incidents,
  incidentsOf,
  monitorsOf,
  watch,
  WATCHING,
} from '../monitors/watching';
import { ScaledServices } from './scaled-services';

/** Longer than it takes Redis to give the job of a worker that died to another one. */
const TAKEOVER_LIMIT_MS = 60_000;

/** Longer than some slots. */
const OUTAGE_MS = 3_000;

let pagerduty: FakeDestination;
let targets: TargetServers;
let services: ScaledServices;

beforeEach(async () => {
  pagerduty = await FakeDestination.start();
  targets = new TargetServers();
  services = await ScaledServices.onFreshStore({ ...WATCHING, PAGERDUTY_EVENTS_URL: pagerduty.url });
});
afterEach(async () => {
  await stopServices();
  await targets.close();
  await pagerduty.stop();
});

/** How many checks this process has begun. */
const begun = ({ app }: RunningService): number =>
  app.get(CheckRunner, { strict: false }).load.lag?.checks ?? 0;

describeWith({ postgres: true, redis: true }, 'two schedulers and two workers', () => {
  it('check each slot once, both of them', async () => {
    const asked = new Map<string, number>();
    const url = await targets.http(({ url: path = '' }, response) => {
      asked.set(path, (asked.get(path) ?? 0) + 1);
      response.end('ok');
    });
    const api = await services.start(['api', 'notifier']);
    await Promise.all([services.start('scheduler'), services.start('scheduler')]);
    const workers = await Promise.all([services.start('worker'), services.start('worker')]);
    const monitors = await Promise.all(
      Array.from({ length: 12 }, (_, n) => watch(api, { url: `${url}/${n}` })),
    );
    await eventually(async () => {
      for (const monitor of monitors) expect((await checksOf(api, monitor)).length).toBeGreaterThan(3);
    });
    for (const monitor of monitors) await monitorsOf(api).remove(SYSTEM, monitor);
    const stored = await Promise.all(monitors.map((monitor) => checksOf(api, monitor)));
    for (const [n, checks] of stored.entries()) {
      // One may have been under way when its monitor went.
      expect(asked.get(`/${n}`)! - checks.length).toBeLessThan(2);
    }
    for (const worker of workers) expect(begun(worker)).toBeGreaterThan(0);
  });

  it('store a check once that both are given at the same moment', async () => {
    let answerAll: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answerAll = resolve));
    let requests = 0;
    const url = await targets.http((_request, response) => {
      requests += 1;
      void answered.then(() => response.end('ok'));
    });
    const [one, other] = [await services.start(['api', 'worker']), await services.start(['api', 'worker'])];
    const monitor = await watch(one, { url, timeout_ms: 5_000, interval_s: 86_400 });
    const runs = [one, other].map(({ app }) => app.get(CheckRunner, { strict: false }).runDueOf(monitor.id));
    await eventually(() => expect(requests).toBe(2));
    answerAll();
    const ends = await Promise.all(runs);
    const checks = await checksOf(one, monitor);
    // Both ask for the slot that was planned, or a later one each; what is known changes once for each that is stored.
    expect(ends.filter((end) => end === 'stored')).toHaveLength(checks.length);
    expect(new Set(checks.map(({ slot_at }) => slot_at)).size).toBe(checks.length);
    const [state] = await monitorsOf(one).statesOf([monitor.id]);
    expect(state!.version).toBe(1 + checks.length);
  });
});

describeWith({ postgres: true, redis: true }, 'a worker that is killed in mid-check', () => {
  it(
    'is replaced: another one runs the check',
    async () => {
      const waiting: ServerResponse[] = [];
      let isUp = false;
      const url = await targets.http((_request, response) => {
        if (isUp) response.writeHead(500).end();
        else waiting.push(response);
      });
      const api = await services.start(['api', 'scheduler', 'notifier']);
      const child = await startChildService({ ...services.environment, ROLES: 'worker', NODE_ENV: 'test' });
      const monitor = await watch(api, { url, interval_s: 3_600, timeout_ms: 600_000 });
      await eventually(() => expect(waiting).toHaveLength(1));
      isUp = true;
      const ended = once(child.process, 'exit');
      child.process.kill('SIGKILL');
      await ended;
      await services.start('worker');
      const [open] = await eventually(() => incidents(api, monitor, 1, 'open'), TAKEOVER_LIMIT_MS);
      await eventually(() => expect(calls(pagerduty, open!.event_id)).toEqual(['trigger']));
      expect(await checksOf(api, monitor)).toHaveLength(1);
    },
    TAKEOVER_LIMIT_MS + 30_000,
  );
});

describeWith({ postgres: true, redis: true }, 'while Redis is away', () => {
  it('the leader runs the checks itself, and an outage pages', async () => {
    const url = await targets.http((_request, response) => response.writeHead(500).end());
    const alone = await services.start(['api', 'scheduler', 'notifier']);
    alone.app.get(RedisConnection).client.disconnect();
    const monitor = await watch(alone, { url });
    const [open] = await incidents(alone, monitor, 1, 'open');
    await eventually(() => expect(calls(pagerduty, open!.event_id)).toEqual(['trigger']));
    expect(begun(alone)).toBeGreaterThan(0);
  });
});

describeWith({ postgres: true, redis: true }, 'while the database is away', () => {
  it('what was asked meanwhile is nowhere, and makes nobody down', async () => {
    let isHolding = false;
    const held: ServerResponse[] = [];
    const url = await targets.http((_request, response) => {
      if (isHolding) held.push(response);
      else response.end('ok');
    });
    const api = await services.start('api');
    const proxy = await TcpProxy.start(services.databaseUrl);
    try {
      const watching = await services.start(['scheduler', 'worker', 'notifier'], { DATABASE_URL: proxy.url });
      const monitor = await watch(api, { url, interval_s: 2, timeout_ms: 1_500 });
      await checked(api, monitor, ({ class: resultClass }) => resultClass === 'up');
      // The database goes while the target is asked, so that the result has nowhere to go.
      isHolding = true;
      await eventually(() => expect(held).toHaveLength(1));
      await proxy.cut();
      held[0]!.writeHead(500).end();
      await sleep(OUTAGE_MS);
      isHolding = false;
      const healedAt = Date.now();
      await proxy.heal();
      await checked(api, monitor, ({ started_at }) => started_at > healedAt);
      const classes = (await checksOf(api, monitor)).map((check) => check.class);
      expect(new Set(classes)).toEqual(new Set(['up']));
      expect(await incidentsOf(api, monitor)).toEqual([]);
      await watching.stop();
    } finally {
      await proxy.heal();
      await stopServices();
      await proxy.stop();
    }
  });
});

describeWith({ postgres: true, redis: true }, 'a worker that stops in mid-check', () => {
  it('gives it back, and another one runs it at once', async () => {
    let requests = 0;
    const url = await targets.http((_request, response) => {
      requests += 1;
      if (requests > 1) response.end('ok');
    });
    const api = await services.start(['api', 'scheduler']);
    const stopping = await services.start('worker');
    const monitor = await watch(api, { url, interval_s: 3_600, timeout_ms: 600_000 });
    await eventually(() => expect(requests).toBe(1));
    await services.start('worker');
    await stopping.stop();
    const check = await checked(api, monitor, () => true);
    expect(check.class).toBe('up');
    expect(await checksOf(api, monitor)).toHaveLength(1);
    expect(api.app.get(CheckSchedule, { strict: false }).isStuck).toBe(false);
  });
});
