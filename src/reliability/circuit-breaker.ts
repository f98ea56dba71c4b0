import Opossum from 'opossum';

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface BreakerPolicy {
  /** Failures within `windowMs` that open the breaker. */
  readonly failures: number;
  /** Length of the rolling window in which failures are counted. */
  readonly windowMs: number;
  /** Time from opening until one probe is let through. */
  readonly resetMs: number;
}

export interface BreakerTransition {
  readonly breaker: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Failures counted in the state that ended: those that opened it, 1 for a failed probe, else 0 or more. */
  readonly failures: number;
}

/** The call was not made, because its breaker is open. */
export class BreakerOpenError extends Error {
  /** @param retryAt when asking again can help, ms since 1970 */
  constructor(
    readonly breaker: string,
    readonly retryAt: number,
  ) {
    super(`circuit breaker ${breaker} is open`);
    this.name = 'BreakerOpenError';
  }
}

/** How soon those turned away while a probe is out may ask again: nobody knows when the probe will be back. */
const PROBE_WAIT_MS = 1_000;

type Action = () => Promise<unknown>;
type IsFailure = (error: unknown) => boolean;

/**
 * Keeps calls away from a peer that is failing.
 *
 * Closed, every call goes through, and the failures of the last `windowMs` are counted; successes do not make up
 * for them, so a busy peer opens its breaker as soon as a quiet one. The failure that makes it `failures` opens the
 * breaker: every call is turned away with a BreakerOpenError. After `resetMs` it is half open: the first call goes
 * through as the probe, all others are still turned away. Did the peer answer the probe (a result, or an error that
 * is no failure), the breaker closes and has forgotten the earlier failures; did it fail, the breaker is open for
 * the full `resetMs` again. A probe that never settles keeps it half open: callers bring their own timeout.
 *
 * Each state that is entered starts a new period, and a call belongs to the period it began in. Once that is over,
 * the call's outcome still reaches its caller, but decides nothing: a slow success from before the outage does
 * not close the breaker, nor does a slow failure open it again or count after it has closed.
 *
 * opossum carries the states, the reset timer and the events. It would open by the share of failed calls, which is
 * switched off, and it takes any success while half open for the probe's, so it is not told of late outcomes.
 */
export class CircuitBreaker {
  private readonly opossum: Opossum<[Action, IsFailure]>;
  private current: BreakerState = 'closed';
  private period = 0;
  /** The failures of this period that are still in the window, on the monotonic clock. */
  private failedAt: number[] = [];
  private opensUntil: number | null = null;

  /** @param onTransition is called within the transition and must not throw */
  constructor(
    readonly name: string,
    private readonly policy: BreakerPolicy,
    private readonly onTransition: (transition: BreakerTransition) => void,
  ) {
    this.opossum = new Opossum<[Action, IsFailure]>((action) => action(), {
      name,
      timeout: false,
      resetTimeout: policy.resetMs,
      errorFilter: (error: unknown, _action?: Action, isFailure?: IsFailure) => isFailure?.(error) === false,
      // Always too few calls for a percentage to open it. In half open any failure does all the same.
      volumeThreshold: Number.MAX_SAFE_INTEGER,
      // Its statistics are not used: one bucket, emptied once per window, is the least it can do.
      rollingCountTimeout: policy.windowMs,
      rollingCountBuckets: 1,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    this.opossum.on('failure', () => this.countFailure());
    this.opossum.on('open', () => this.enter('open'));
    this.opossum.on('halfOpen', () => this.enter('half_open'));
    this.opossum.on('close', () => this.enter('closed'));
  }

  get state(): BreakerState {
    return this.current;
  }

  /** Whether a call made now would be let through. */
  get isAccepting(): boolean {
    return !this.opossum.isShutdown && (this.opossum.closed || this.opossum.pendingClose);
  }

  /** When it will let a probe through, ms since 1970; null unless it is open. */
  get retryAt(): number | null {
    return this.opensUntil;
  }

  /**
   * Runs the action, and settles as it does.
   *
   * @param isFailure whether an error of the action speaks against the peer; must not throw
   * @throws BreakerOpenError without running the action, when the breaker does not accept it
   */
  call<T>(action: () => Promise<T>, isFailure: (error: unknown) => boolean): Promise<T> {
    if (!this.isAccepting) return Promise.reject(this.refusal());
    const period = this.period;
    const outcome = Promise.withResolvers<T>();
    const tellWhileItCounts = async (): Promise<T> => {
      try {
        const result = await action();
        if (this.period === period) return result;
        outcome.resolve(result);
      } catch (error) {
        if (this.period === period) throw error;
        outcome.reject(error);
      }
      return new Promise<never>(() => undefined);
    };
    this.opossum
      .fire(tellWhileItCounts, isFailure)
      .then((result) => outcome.resolve(result as T), outcome.reject);
    return outcome.promise;
  }

  /** Stops its timers. From then on every call is turned away, and those that still run decide nothing. */
  dispose(): void {
    this.opossum.shutdown();
  }

  private countFailure(): void {
    if (this.current === 'open') return;
    const now = performance.now();
    this.failedAt = [...this.failedAt.filter((at) => now - at < this.policy.windowMs), now];
    if (this.failedAt.length >= this.policy.failures) this.opossum.open();
  }

  private enter(to: BreakerState): void {
    const transition = { breaker: this.name, from: this.current, to, failures: this.failedAt.length };
    this.current = to;
    this.period += 1;
    this.failedAt = [];
    this.opensUntil = to === 'open' ? Date.now() + this.policy.resetMs : null;
    this.onTransition(transition);
  }

  private refusal(): BreakerOpenError {
    const soonest = Date.now() + 1;
    const retryAt = this.retryAt ?? Date.now() + Math.min(PROBE_WAIT_MS, this.policy.resetMs);
    return new BreakerOpenError(this.name, Math.max(soonest, retryAt));
  }
}
