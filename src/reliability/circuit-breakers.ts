import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings';
import { CircuitBreaker, type BreakerState, type BreakerTransition } from './circuit-breaker';

/** One breaker as readiness details and metrics show it. */
export interface BreakerSnapshot {
  readonly name: string;
  readonly state: BreakerState;
  /** When it will let a probe through, ISO-8601 UTC; null unless it is open. */
  readonly retry_at: string | null;
  /** How often it has entered each state since the process began. */
  readonly transitions: Readonly<Record<BreakerState, number>>;
}

interface CountedBreaker {
  readonly breaker: CircuitBreaker;
  readonly transitions: Record<BreakerState, number>;
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
  private readonly counted = new Map<string, CountedBreaker>();
  private readonly listeners: ((transition: BreakerTransition) => void)[] = [];

  constructor(private readonly settings: Settings) {}

  /** The breaker of that name, made at the first call. Whoever asks for the same name shares it. */
  named(name: string): CircuitBreaker {
    const known = this.counted.get(name);
    if (known !== undefined) return known.breaker;
    const transitions = { open: 0, half_open: 0, closed: 0 };
    const breaker = this.make(name, (transition) => {
      transitions[transition.to] += 1;
      this.log(transition);
      for (const listener of this.listeners) listener(transition);
    });
    this.counted.set(name, { breaker, transitions });
    return breaker;
  }

  /**
   * A breaker under the same policy that only the log knows of: for peers that come and go, and may be very many. Whoever
   * asks for it disposes of it.
   */
  unlisted(name: string): CircuitBreaker {
    return this.make(name, (transition) => this.log(transition));
  }

  /** The state of every named breaker, in the order they were made. */
  snapshot(): BreakerSnapshot[] {
    return [...this.counted.values()].map(({ breaker, transitions }) => ({
      name: breaker.name,
      state: breaker.state,
      retry_at: breaker.retryAt === null ? null : new Date(breaker.retryAt).toISOString(),
      transitions: { ...transitions },
    }));
  }

  /** Calls the listener at every transition of every named breaker, from now on. It must not throw. */
  onTransition(listener: (transition: BreakerTransition) => void): void {
    this.listeners.push(listener);
  }

  onApplicationShutdown(): void {
    for (const { breaker } of this.counted.values()) breaker.dispose();
  }

  private make(name: string, onTransition: (transition: BreakerTransition) => void): CircuitBreaker {
    const {
      BREAKER_FAILURES: failures,
      BREAKER_WINDOW_MS: windowMs,
      BREAKER_RESET_MS: resetMs,
    } = this.settings;
    return new CircuitBreaker(name, { failures, windowMs, resetMs }, onTransition);
  }

  private log(transition: BreakerTransition): void {
    const message = MESSAGES[transition.to];
    if (transition.to === 'open') this.logger.warn(transition, message);
    else this.logger.log(transition, message);
  }
}
