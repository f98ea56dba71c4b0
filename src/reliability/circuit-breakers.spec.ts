import { Logger } from '@nestjs/common';
import { Settings } from '../config/settings';
import { type BreakerTransition } from './circuit-breaker';
import { CircuitBreakers } from './circuit-breakers';

const settings = Settings.load({ NODE_ENV: 'test', BREAKER_FAILURES: '2', BREAKER_RESET_MS: '5000' });
const isFailure = (): boolean => true;
const NONE = { open: 0, half_open: 0, closed: 0 };

let logged: unknown[][];
let breakers: CircuitBreakers;

beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2030, 0, 1) });
  logged = [];
  const record =
    (level: string) =>
    (...line: unknown[]): void => {
      logged.push([level, ...line]);
    };
  Logger.overrideLogger({ log: record('log'), warn: record('warn'), error: record('error') });
  breakers = new CircuitBreakers(settings);
});

afterEach(() => {
  breakers.onApplicationShutdown();
  Logger.overrideLogger(false);
  jest.useRealTimers();
});

async function fail(name: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const call = breakers.named(name).call(() => Promise.reject(new Error('down')), isFailure);
    await expect(call).rejects.toThrow('down');
  }
}

describe('CircuitBreakers', () => {
  it('makes each breaker once', () => {
    expect(breakers.named('pagerduty')).toBe(breakers.named('pagerduty'));
    expect(breakers.named('pagerduty')).not.toBe(breakers.named('spreedly'));
  });

  it("opens one peer's breaker by the settings' policy, and no other", async () => {
    breakers.named('spreedly');
    await fail('pagerduty', 2);
    expect(breakers.snapshot()).toEqual([
      { name: 'spreedly', state: 'closed', retry_at: null, transitions: NONE },
      {
        name: 'pagerduty',
        state: 'open',
        retry_at: '2030-01-01T00:00:05.000Z',
        transitions: { ...NONE, open: 1 },
      },
    ]);
  });

  it('counts how often each breaker has entered which state', async () => {
    breakers.named('spreedly');
    await fail('pagerduty', 2);
    jest.advanceTimersByTime(5_000);
    await fail('pagerduty', 1);
    jest.advanceTimersByTime(5_000);
    await breakers.named('pagerduty').call(() => Promise.resolve(), isFailure);
    expect(breakers.snapshot().map(({ name, transitions }) => [name, transitions])).toEqual([
      ['spreedly', NONE],
      ['pagerduty', { open: 2, half_open: 2, closed: 1 }],
    ]);
  });

  it('logs every transition with its fields, and warns of the one that opens', async () => {
    await fail('pagerduty', 2);
    jest.advanceTimersByTime(5_000);
    await breakers.named('pagerduty').call(() => Promise.resolve(), isFailure);
    expect(logged.map((line) => line.slice(0, 3))).toEqual([
      ['warn', { breaker: 'pagerduty', from: 'closed', to: 'open', failures: 2 }, 'circuit breaker opened'],
      [
        'log',
        { breaker: 'pagerduty', from: 'open', to: 'half_open', failures: 0 },
        'circuit breaker lets a probe through',
      ],
      [
        'log',
        { breaker: 'pagerduty', from: 'half_open', to: 'closed', failures: 0 },
        'circuit breaker closed',
      ],
    ]);
  });

  it("tells every listener of every breaker's transitions", async () => {
    const heard: BreakerTransition[][] = [[], []];
    for (const list of heard) breakers.onTransition((transition) => list.push(transition));
    await fail('pagerduty', 2);
    await fail('spreedly', 2);
    const expected = ['pagerduty', 'spreedly'].map(
      (breaker) => expect.objectContaining({ breaker, to: 'open' }) as object,
    );
    expect(heard).toEqual([expected, expected]);
  });

  it('leaves no timer after shutdown', async () => {
    await fail('pagerduty', 2);
    breakers.onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
  });
});
