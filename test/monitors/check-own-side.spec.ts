import type { CheckFault } from '../../src/monitors/check/check-fault';
import type { HoldChange, Weighed } from '../../src/monitors/check/decision-hold';
import { Checker } from './check-setup';
import { NameServer } from './name-server';
import { TargetServers } from './target-server';

let targets: TargetServers;
let nameServer: NameServer;
let checker: Checker;

/** What the operator's URL answers. */
let world: number;
let asked: number;

beforeEach(async () => {
  world = 204;
  asked = 0;
  targets = new TargetServers();
  nameServer = await NameServer.start();
  nameServer.serve('broken.example', 'SERVFAIL');
});

afterEach(async () => {
  checker.close();
  await targets.close();
  await nameServer.close();
});

async function worldServer(): Promise<string> {
  return targets.http((_request, response) => {
    asked += 1;
    response.writeHead(world, { location: 'http://127.0.0.1:1/' }).end();
  });
}

function checkerFor(...egressUrls: readonly string[]): Checker {
  checker = new Checker({ egressUrls, names: { servers: [nameServer.address] } });
  return checker;
}

/** A check that gets no answer, for a reason that may lie on either side. */
const silent = (): Promise<unknown> => checker.check('http://broken.example/');

describe('a check without an answer', () => {
  it('is down while the self-check passes', async () => {
    checkerFor(await worldServer());
    expect(await silent()).toMatchObject({ class: 'down', reason: 'dns_failed' });
    expect(asked).toBe(1);
  });

  it.each([500, 404, 302])('is unknown while the self-check is answered %d', async (status) => {
    world = status;
    checkerFor(await worldServer());
    expect(await silent()).toMatchObject({ class: 'unknown', reason: 'dns_failed' });
    const hanging = await targets.raw(() => undefined);
    expect(await checker.check(hanging, { timeout_ms: 1_000 })).toMatchObject({
      class: 'unknown',
      reason: 'answer_timeout',
    });
  });

  it('is down where one of several URLs answers', async () => {
    checkerFor('http://broken.example/', await worldServer());
    expect(await silent()).toMatchObject({ class: 'down' });
  });

  it('is down although the self-check fails, where another target out in the world has answered since', async () => {
    const url = await targets.http((_request, response) => {
      checker.ownSide.noteExpectedAnswer('8.8.8.8');
      response.writeHead(500).end();
    });
    checkerFor(url);
    expect(await silent()).toMatchObject({ class: 'down' });
  });

  it('is unknown where only a neighbour has answered since, or only before', async () => {
    const url = await targets.http((_request, response) => {
      checker.ownSide.noteExpectedAnswer('10.0.0.1');
      response.writeHead(500).end();
    });
    checkerFor(url).ownSide.noteExpectedAnswer('8.8.8.8');
    expect(await silent()).toMatchObject({ class: 'unknown' });
  });

  it('that is refused or answered wrongly is down without a self-check', async () => {
    world = 500;
    const url = await worldServer();
    checkerFor(url);
    const wrong = await targets.http((_request, response) => void response.writeHead(500).end());
    expect(await checker.check(wrong)).toMatchObject({ class: 'down', reason: 'status' });
    expect(asked).toBe(0);
  });

  it('shares a self-check with the others that failed before it', async () => {
    checkerFor(await worldServer());
    const fault: CheckFault = { reason: 'connect_timeout', side: 'unclear', seen: 'ETIMEDOUT' };
    const since = performance.now();
    const verdicts = await Promise.all(
      Array.from({ length: 50 }, () => checker.ownSide.isAtFault(fault, since)),
    );
    expect(new Set(verdicts)).toEqual(new Set([false]));
    expect(asked).toBe(1);
    await checker.ownSide.isAtFault(fault, performance.now());
    expect(asked).toBe(2);
  });

  it('is taken at its word where nothing is known of this side', async () => {
    checkerFor();
    const hanging = await targets.raw(() => undefined);
    expect(await checker.check(hanging, { timeout_ms: 1_000 })).toMatchObject({ class: 'down' });
  });
});

describe('when most monitors fail at once', () => {
  let failing: string;
  let good: string;
  let now: number;

  beforeEach(async () => {
    now = Date.UTC(2030, 0, 1);
    failing = await targets.http((_request, response) => void response.writeHead(502).end());
    good = await targets.http((_request, response) => void response.end());
  });

  /** Checks monitors one after the other, a second apart. */
  async function check(url: string, ...monitors: readonly string[]): Promise<Weighed[]> {
    const weighed: Weighed[] = [];
    for (const monitor of monitors) {
      now += 1_000;
      weighed.push(await checker.hold.weigh(monitor, await checker.check(url), now));
    }
    return weighed;
  }

  const classes = (weighed: readonly Weighed[]): unknown[] =>
    weighed.map(({ result, change }) => [result.class, result.reason, change?.kind ?? null]);

  const changes = (weighed: readonly Weighed[]): HoldChange[] =>
    weighed.flatMap(({ change }) => change ?? []);

  it('holds decisions while the self-check fails too, and says so once', async () => {
    world = 502;
    checkerFor(await worldServer());
    await check(good, 'a', 'b', 'c', 'd');
    const weighed = await check(failing, 'a', 'b', 'c', 'd', 'a');
    expect(classes(weighed)).toEqual([
      ['down', 'status', null],
      ['down', 'status', null],
      ['unknown', 'decisions_held', 'began'],
      ['unknown', 'decisions_held', null],
      ['unknown', 'decisions_held', null],
    ]);
    const heldSince = now - 2_000;
    expect(changes(weighed)).toEqual([
      { kind: 'began', heldSince, endedAt: null, census: { watched: 4, good: 1, failing: 3, ours: 0 } },
    ]);
    expect(checker.hold.since).toBe(heldSince);
  });

  it('decides again once the self-check passes', async () => {
    world = 502;
    checkerFor(await worldServer());
    await check(failing, 'a', 'b', 'c');
    world = 204;
    const heldSince = now;
    const weighed = await check(failing, 'a', 'b');
    expect(classes(weighed)).toEqual([
      ['down', 'status', 'ended'],
      ['down', 'status', null],
    ]);
    expect(changes(weighed)).toMatchObject([{ kind: 'ended', heldSince, endedAt: heldSince + 1_000 }]);
    expect(checker.hold.since).toBeNull();
  });

  it('decides again once most are good, and takes every good result meanwhile', async () => {
    world = 502;
    checkerFor(await worldServer());
    await check(failing, 'a', 'b', 'c');
    expect(classes(await check(good, 'a', 'b'))).toEqual([
      ['up', null, null],
      ['up', null, 'ended'],
    ]);
  });

  it('decides as ever while the self-check passes, or where there is none', async () => {
    const down = ['down', 'status', null];
    checkerFor(await worldServer());
    expect(classes(await check(failing, 'a', 'b', 'c', 'd'))).toEqual([down, down, down, down]);
    checker.close();
    checkerFor();
    expect(classes(await check(failing, 'a', 'b', 'c', 'd'))).toEqual([down, down, down, down]);
  });

  it('decides as ever where most are good', async () => {
    world = 502;
    checkerFor(await worldServer());
    await check(good, 'a', 'b', 'c', 'd', 'e', 'f', 'g');
    expect(classes(await check(failing, 'a', 'b', 'c')).at(-1)).toEqual(['down', 'status', null]);
    expect(asked).toBe(0);
  });

  it('needs no self-check where most could not be looked at', async () => {
    nameServer.serve('', 'SERVFAIL');
    checkerFor();
    const weighed = await check('http://broken.example/', 'a', 'b', 'c');
    expect(classes(weighed)).toEqual([
      ['unknown', 'dns_failed', null],
      ['unknown', 'dns_failed', null],
      ['unknown', 'dns_failed', 'began'],
    ]);
    expect(classes(await check(failing, 'd'))).toEqual([['unknown', 'decisions_held', null]]);
  });

  it('does not count what says nothing about the way out', async () => {
    checkerFor();
    const stopped = AbortSignal.abort();
    for (const monitor of ['a', 'b', 'c', 'd']) {
      const result = await checker.check(good, {}, stopped);
      expect(await checker.hold.weigh(monitor, result, now)).toEqual({ result, change: null });
    }
  });
});
