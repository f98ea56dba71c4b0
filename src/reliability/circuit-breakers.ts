import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings';
import { CircuitBreaker, type BreakerState, type BreakerTransition } from './circuit-breaker';

/** One breaker as readiness details and metrics show it. */
export interface BreakerSnapshot {
  readonly name: string;
  readonly state: BreakerState;
  /** When it will let a probe through, ISO-8601 UTC; null unless it is open. */
  readonly retry_at: string | null;
}

/** What a transition is called in the log. */
const MESSAGES: Readonly<Record<BreakerState, string>> = {
  open: 'circuit breaker opened',
  half_open: 'circuit breaker lets a probe through',
  closed: 'circuit breaker closed',
};

/** Every breaker of this process, by name, under the one policy that the settings `BREAKER_*` state. */
@Injectable()
export class CircuitBreakers implements OnApplicationShutdown {
  private readonly logger = new Logger(CircuitBreakers.name);
  private readonly breakers = new Map<string, CircuitBreaker>();
  private readonly listeners: ((transition: BreakerTransition) => void)[] = [];

  constructor(private readonly settings: Settings) {}

  /** The breaker of that name, made at the first call. Whoever asks for the same name shares it. */
  named(name: string): CircuitBreaker {
    const known = this.breakers.get(name);
    if (known !== undefined) return known;
    const {
      BREAKER_FAILURES: failures,
      BREAKER_WINDOW_MS: windowMs,
      BREAKER_RESET_MS: resetMs,
    } = this.settings;
    const policy = { failures, windowMs, resetMs };
    const breaker = new CircuitBreaker(name, policy, (transition) => this.announce(transition));
    this.breakers.set(name, breaker);
    return breaker;
  }

  /** The state of every breaker, in the order they were made. */
  snapshot(): BreakerSnapshot[] {
    return [...this.breakers.values()].map(({ name, state, retryAt }) => ({
      name,
      state,
      retry_at: retryAt === null ? null : new Date(retryAt).toISOString(),
    }));
  }

  /** Calls the listener at every transition of every breaker, from now on. It must not throw. */
  onTransition(listener: (transition: BreakerTransition) => void): void {
    this.listeners.push(listener);
  }

  onApplicationShutdown(): void {
    for (const breaker of this.breakers.values()) breaker.dispose();
  }

  private announce(transition: BreakerTransition): void {
    const message = MESSAGES[transition.to];
    if (transition.to === 'open') this.logger.warn(transition, message);
    else this.logger.log(transition, message);
    for (const listener of this.listeners) listener(transition);
  }
}
