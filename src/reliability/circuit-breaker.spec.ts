import { BreakerOpenError, CircuitBreaker, type BreakerTransition } from './circuit-breaker';

const policy = { failures: 3, windowMs: 30_000, resetMs: 15_000 };

class PeerFailure extends Error {}
class Refused extends Error {}
const isFailure = (error: unknown): boolean => error instanceof PeerFailure;

let transitions: BreakerTransition[];
let breaker: CircuitBreaker;

beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2030, 0, 1) });
  transitions = [];
  breaker = new CircuitBreaker('peer', policy, (transition) => transitions.push(transition));
});

afterEach(() => {
  breaker.dispose();
  jest.useRealTimers();
});

const succeed = (): Promise<string> => breaker.call(() => Promise.resolve('answer'), isFailure);

async function fail(times = 1): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const call = breaker.call(() => Promise.reject(new PeerFailure('down')), isFailure);
    await expect(call).rejects.toThrow(PeerFailure);
  }
}

async function open(): Promise<void> {
  await fail(policy.failures);
  expect(breaker.state).toBe('open');
}

async function halfOpen(): Promise<void> {
  await open();
  jest.advanceTimersByTime(policy.resetMs);
  expect(breaker.state).toBe('half_open');
}

/** A call that has begun and ends when the test says so. */
function begin(): { succeed: () => Promise<void>; fail: () => Promise<void> } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const call = breaker.call(() => promise, isFailure);
  return {
    succeed: async () => {
      resolve('late answer');
      await expect(call).resolves.toBe('late answer');
    },
    fail: async () => {
      reject(new PeerFailure('late'));
      await expect(call).rejects.toThrow(PeerFailure);
    },
  };
}

describe('a closed breaker', () => {
  it('hands on results and errors as they are', async () => {
    const error = new PeerFailure('down');
    await expect(succeed()).resolves.toBe('answer');
    await expect(breaker.call(() => Promise.reject(error), isFailure)).rejects.toBe(error);
    expect(breaker).toMatchObject({ state: 'closed', isAccepting: true, retryAt: null });
    expect(transitions).toEqual([]);
  });

  it('opens at the third failure within the window, not at the second', async () => {
    await fail(2);
    expect(breaker.state).toBe('closed');
    await fail();
    const retryAt = Date.now() + policy.resetMs;
    expect(breaker).toMatchObject({ state: 'open', isAccepting: false, retryAt });
    expect(transitions).toEqual([{ breaker: 'peer', from: 'closed', to: 'open', failures: 3 }]);
  });

  it('opens at 3 failures among 1,000 calls', async () => {
    for (let i = 1; i <= 1_000; i += 1) await ([300, 600, 1_000].includes(i) ? fail() : succeed());
    expect(breaker.state).toBe('open');
  });

  it('stays closed at 2 failures among 1,000 calls', async () => {
    for (let i = 1; i <= 1_000; i += 1) await (i % 500 === 0 ? fail() : succeed());
    expect(breaker.state).toBe('closed');
  });

  it('counts failures that end side by side', async () => {
    const calls = Array.from({ length: 5 }, () => begin());
    await Promise.all(calls.map((call) => call.fail()));
    jest.advanceTimersByTime(policy.resetMs);
    expect(transitions).toEqual([
      { breaker: 'peer', from: 'closed', to: 'open', failures: 3 },
      { breaker: 'peer', from: 'open', to: 'half_open', failures: 0 },
    ]);
  });

  it('forgets failures that have left the window', async () => {
    await fail(2);
    jest.advanceTimersByTime(policy.windowMs);
    await fail(2);
    expect(breaker.state).toBe('closed');
    await fail();
    expect(breaker.state).toBe('open');
  });

  it('still counts failures that are about to leave the window', async () => {
    await fail(2);
    jest.advanceTimersByTime(policy.windowMs - 1);
    await fail();
    expect(breaker.state).toBe('open');
  });

  it('stays closed however many calls fail, when the failures are far apart', async () => {
    for (let i = 0; i < 50; i += 1) {
      await fail();
      jest.advanceTimersByTime(policy.windowMs / 2);
    }
    expect(transitions).toEqual([]);
  });

  it('stays closed at one failure, also of a call so slow that the window holds no other', async () => {
    const slow = begin();
    jest.advanceTimersByTime(policy.windowMs * 3);
    await slow.fail();
    expect(breaker.state).toBe('closed');
  });

  it('does not count errors that say nothing against the peer', async () => {
    for (let i = 0; i < 20; i += 1) {
      await expect(breaker.call(() => Promise.reject(new Refused()), isFailure)).rejects.toThrow(Refused);
    }
    expect(breaker.state).toBe('closed');
  });

  it('counts an action that throws before it returns a promise', async () => {
    const throwing = (): Promise<string> => {
      throw new PeerFailure('at once');
    };
    for (let i = 0; i < 3; i += 1)
      await expect(breaker.call(throwing, isFailure)).rejects.toThrow(PeerFailure);
    expect(breaker.state).toBe('open');
  });
});

describe('an open breaker', () => {
  it('turns calls away without running them, and says when to come back', async () => {
    await open();
    const action = jest.fn(() => Promise.resolve('answer'));
    const error: unknown = await breaker.call(action, isFailure).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BreakerOpenError);
    expect(error).toMatchObject({ breaker: 'peer', retryAt: Date.now() + policy.resetMs });
    expect(action).not.toHaveBeenCalled();
  });

  it('becomes half open after the reset time, not before', async () => {
    await open();
    jest.advanceTimersByTime(policy.resetMs - 1);
    expect(breaker).toMatchObject({ state: 'open', isAccepting: false });
    jest.advanceTimersByTime(1);
    expect(breaker).toMatchObject({ state: 'half_open', isAccepting: true, retryAt: null });
    expect(transitions.at(-1)).toEqual({ breaker: 'peer', from: 'open', to: 'half_open', failures: 0 });
  });

  it('is neither closed nor opened anew by calls that began before', async () => {
    const calls = [begin(), begin(), begin(), begin()];
    await open();
    jest.advanceTimersByTime(policy.resetMs - 1);
    await calls[0]?.succeed();
    for (const call of calls.slice(1)) await call.fail();
    expect(breaker.state).toBe('open');
    jest.advanceTimersByTime(1);
    expect(breaker.state).toBe('half_open');
  });
});

describe('a half-open breaker', () => {
  it('lets exactly one of 50 concurrent calls through', async () => {
    await halfOpen();
    const action = jest.fn(() => new Promise<string>((resolve) => setTimeout(() => resolve('answer'), 100)));
    const calls = Array.from({ length: 50 }, () => breaker.call(action, isFailure));
    const settled = Promise.allSettled(calls);
    expect(breaker.isAccepting).toBe(false);
    await jest.advanceTimersByTimeAsync(100);
    const outcomes = await settled;
    expect(action).toHaveBeenCalledTimes(1);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = outcomes.filter(
      (outcome) => outcome.status === 'rejected' && outcome.reason instanceof BreakerOpenError,
    );
    expect(refused).toHaveLength(49);
  });

  it('tells those it turns away to come back later, also while nobody knows when', async () => {
    await halfOpen();
    const probe = begin();
    const error: unknown = await succeed().catch((reason: unknown) => reason);
    expect((error as BreakerOpenError).retryAt).toBeGreaterThan(Date.now());
    await probe.succeed();
  });

  it('stays half open and closed to others while the probe is out', async () => {
    await halfOpen();
    const probe = begin();
    jest.advanceTimersByTime(policy.resetMs * 10);
    await expect(succeed()).rejects.toThrow(BreakerOpenError);
    await probe.succeed();
    await expect(succeed()).resolves.toBe('answer');
  });

  it('closes when the probe succeeds, and has forgotten the old failures', async () => {
    await halfOpen();
    await expect(succeed()).resolves.toBe('answer');
    expect(breaker).toMatchObject({ state: 'closed', isAccepting: true, retryAt: null });
    expect(transitions.at(-1)).toEqual({ breaker: 'peer', from: 'half_open', to: 'closed', failures: 0 });
    await fail(2);
    expect(breaker.state).toBe('closed');
    await fail();
    expect(breaker.state).toBe('open');
  });

  it('opens for the full time again when the probe fails', async () => {
    await halfOpen();
    await fail();
    expect(breaker).toMatchObject({ state: 'open', retryAt: Date.now() + policy.resetMs });
    expect(transitions.at(-1)).toEqual({ breaker: 'peer', from: 'half_open', to: 'open', failures: 1 });
    jest.advanceTimersByTime(policy.resetMs - 1);
    await expect(succeed()).rejects.toThrow(BreakerOpenError);
    jest.advanceTimersByTime(1);
    await expect(succeed()).resolves.toBe('answer');
  });

  it('closes when the probe gets an answer that is an error but no failure', async () => {
    await halfOpen();
    await expect(breaker.call(() => Promise.reject(new Refused()), isFailure)).rejects.toThrow(Refused);
    expect(breaker.state).toBe('closed');
  });

  it('is not closed by a success of a call begun while closed', async () => {
    const early = begin();
    await halfOpen();
    await early.succeed();
    expect(breaker).toMatchObject({ state: 'half_open', isAccepting: true });
  });

  it('is not opened by a failure of a call begun while closed', async () => {
    const early = begin();
    await halfOpen();
    await early.fail();
    expect(breaker).toMatchObject({ state: 'half_open', isAccepting: true });
  });

  it('waits for its probe, whatever earlier calls come to meanwhile', async () => {
    const early = [begin(), begin()];
    await halfOpen();
    const probe = begin();
    await early[0]?.succeed();
    await early[1]?.fail();
    expect(breaker).toMatchObject({ state: 'half_open', isAccepting: false });
    await probe.fail();
    expect(breaker.state).toBe('open');
  });
});

describe('a breaker that has closed again', () => {
  it('does not count failures of calls begun before it opened', async () => {
    const early = [begin(), begin(), begin(), begin()];
    await halfOpen();
    await succeed();
    for (const call of early) await call.fail();
    expect(breaker.state).toBe('closed');
    await fail(2);
    expect(breaker.state).toBe('closed');
  });

  it('is not opened by failures of an earlier outage together with new ones', async () => {
    const early = begin();
    await halfOpen();
    await succeed();
    await fail(2);
    await early.fail();
    expect(breaker.state).toBe('closed');
  });
});

describe('a disposed breaker', () => {
  it('turns every call away, and leaves no timer', async () => {
    await open();
    breaker.dispose();
    await expect(succeed()).rejects.toThrow(BreakerOpenError);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('still hands its callers what their running calls come to', async () => {
    const calls = [begin(), begin()];
    breaker.dispose();
    await calls[0]?.succeed();
    await calls[1]?.fail();
    expect(transitions).toEqual([]);
  });
});

it('opens at the first failure when the policy says one', async () => {
  const strict = new CircuitBreaker('strict', { ...policy, failures: 1 }, (transition) =>
    transitions.push(transition),
  );
  await expect(strict.call(() => Promise.reject(new PeerFailure()), isFailure)).rejects.toThrow(PeerFailure);
  jest.advanceTimersByTime(policy.resetMs);
  await expect(strict.call(() => Promise.reject(new PeerFailure()), isFailure)).rejects.toThrow(PeerFailure);
  expect(transitions.map(({ to, failures }) => [to, failures])).toEqual([
    ['open', 1],
    ['half_open', 0],
    ['open', 1],
  ]);
  strict.dispose();
});
