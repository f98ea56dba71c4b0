import { Logger } from '@nestjs/common';
import { Settings } from '../config/settings';
import { BreakerOpenError, type BreakerTransition } from '../reliability/circuit-breaker';
import { CircuitBreakers } from '../reliability/circuit-breakers';
import { SLOW, type Conduct } from './built-in/server-conduct';
import { UpstreamServer } from './built-in/upstream-server';
import { UpstreamAddress } from './upstream-address';
import { UPSTREAM_BREAKER, UpstreamClient, type Addition } from './upstream-client';
import type { AdditionAnswer } from './upstream-documents';
import { UpstreamFailure } from './upstream-failure';

const WINDOW_MS = 30_000;
const RESET_MS = 15_000;

const WELL: Conduct = SLOW;
const SICK: Conduct = { ...SLOW, failureRate: 1 };

const ADDITION: Addition = { name: 'Order placed', userId: 'u' };

let server: UpstreamServer;
let breakers: CircuitBreakers;
let client: UpstreamClient;
let transitions: BreakerTransition[];

beforeEach(async () => {
  // The clock of the breaker is fake; the server, the client and the network between them are real.
  jest.useFakeTimers({
    now: Date.UTC(2030, 0, 1),
    doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'hrtime'],
  });
  Logger.overrideLogger(false);
  server = await UpstreamServer.start({ data: { users: [{ id: 'u', name: 'U', events: [] }], events: [] } });
  const settings = Settings.load({ NODE_ENV: 'test', UPSTREAM_API_URL: server.url });
  breakers = new CircuitBreakers(settings);
  client = new UpstreamClient(settings, breakers, new UpstreamAddress(settings));
  transitions = [];
  breakers.onTransition((transition) => transitions.push(transition));
});

afterEach(async () => {
  breakers.onApplicationShutdown();
  await client.onApplicationShutdown();
  await server.stop();
  jest.useRealTimers();
});

const add = (addition = ADDITION): Promise<AdditionAnswer> => client.add(addition, 'from-a-test');
const state = (): string => breakers.named(UPSTREAM_BREAKER).state;
const asked = (): number => server.counts.of('addEvent').requests;

async function succeed(): Promise<void> {
  server.conduct = WELL;
  await expect(add()).resolves.toMatchObject({ success: true });
}

async function fail(times = 1): Promise<void> {
  server.conduct = SICK;
  for (let i = 0; i < times; i += 1) {
    await expect(add()).rejects.toMatchObject({ reason: 'http_5xx', mayHaveArrived: true });
  }
}

async function open(): Promise<void> {
  await fail(3);
  expect(state()).toBe('open');
}

async function halfOpen(): Promise<void> {
  await open();
  jest.advanceTimersByTime(RESET_MS);
  expect(state()).toBe('half_open');
}

describe('adding events, while closed', () => {
  it('opens at the third failure, whatever succeeds between them', async () => {
    await fail();
    await succeed();
    await fail();
    await succeed();
    expect(state()).toBe('closed');
    await fail();
    expect(state()).toBe('open');
    expect(transitions).toEqual([
      { breaker: UPSTREAM_BREAKER, from: 'closed', to: 'open', failures: 3 },
    ] satisfies BreakerTransition[]);
  });

  it('counts failures up to the window’s end, and no longer', async () => {
    await fail(2);
    jest.advanceTimersByTime(WINDOW_MS - 1);
    await fail();
    expect(state()).toBe('open');
  });

  it('forgets failures that have left the window', async () => {
    await fail(2);
    jest.advanceTimersByTime(WINDOW_MS);
    await fail(2);
    expect(state()).toBe('closed');
  });

  it('does not count what the upstream API refuses', async () => {
    server.conduct = WELL;
    for (let i = 0; i < 10; i += 1) {
      await expect(add({ ...ADDITION, userId: 'nobody' })).resolves.toMatchObject({ success: false });
    }
    expect(state()).toBe('closed');
  });

  it('counts an upstream API that is not there, and says that nothing arrived', async () => {
    await server.stop();
    for (let i = 0; i < 3; i += 1) {
      await expect(add()).rejects.toMatchObject({ reason: 'refused', mayHaveArrived: false });
    }
    expect(state()).toBe('open');
  });

  it('counts an upstream API that does not answer in time', async () => {
    server.conduct = { ...SLOW, hangRate: 1 };
    for (let i = 1; i <= 3; i += 1) {
      const call = add();
      const outcome = expect(call).rejects.toMatchObject({ reason: 'timeout', mayHaveArrived: true });
      while (asked() < i) await new Promise((resolve) => setImmediate(resolve));
      jest.advanceTimersByTime(10_000);
      await outcome;
    }
    expect(state()).toBe('open');
  });
});

describe('adding events, while open', () => {
  it('fails fast, and asks nobody', async () => {
    await open();
    server.conduct = WELL;
    const before = asked();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => add()));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(BreakerOpenError) as unknown });
      expect(outcome).toMatchObject({ reason: { retryAt: Date.now() + RESET_MS } });
    }
    expect(asked()).toBe(before);
  });

  it('stays open until the cooldown is over', async () => {
    await open();
    jest.advanceTimersByTime(RESET_MS - 1);
    await expect(add()).rejects.toThrow(BreakerOpenError);
    jest.advanceTimersByTime(1);
    await succeed();
  });

  it('does not keep anybody from reading', async () => {
    await open();
    server.conduct = WELL;
    const read = client.read({
      path: '/getUsers',
      maxBytes: 1_000,
      deadlineAt: Date.now() + 1_000,
      read: (document) => document,
    });
    await expect(read).resolves.toHaveLength(1);
    expect(state()).toBe('open');
  });
});

describe('adding events, while half open', () => {
  it('lets exactly one of 50 concurrent calls through, and closes at its success', async () => {
    await halfOpen();
    server.conduct = WELL;
    const before = asked();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => add()));
    expect(asked()).toBe(before + 1);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = outcomes.filter((outcome) => {
      return outcome.status === 'rejected' && outcome.reason instanceof BreakerOpenError;
    });
    expect(refused).toHaveLength(49);
    expect(transitions.map(({ to }) => to)).toEqual(['open', 'half_open', 'closed']);
  });

  it('has forgotten the old failures once it has closed', async () => {
    await halfOpen();
    await succeed();
    await fail(2);
    expect(state()).toBe('closed');
    await fail();
    expect(state()).toBe('open');
  });

  it('opens for the full cooldown again when its canary fails', async () => {
    await halfOpen();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => add()));
    const [canary, ...others] = outcomes.map(
      (outcome) => (outcome as PromiseRejectedResult).reason as unknown,
    );
    expect(canary).toBeInstanceOf(UpstreamFailure);
    for (const other of others) expect(other).toBeInstanceOf(BreakerOpenError);
    expect(state()).toBe('open');
    jest.advanceTimersByTime(RESET_MS - 1);
    await expect(add()).rejects.toThrow(BreakerOpenError);
    jest.advanceTimersByTime(1);
    expect(state()).toBe('half_open');
    await succeed();
    expect(transitions.map(({ to }) => to)).toEqual(['open', 'half_open', 'open', 'half_open', 'closed']);
  });

  it('closes when its canary is refused: that is an answer', async () => {
    await halfOpen();
    server.conduct = WELL;
    await expect(add({ ...ADDITION, userId: 'nobody' })).resolves.toMatchObject({ success: false });
    expect(state()).toBe('closed');
  });
});
