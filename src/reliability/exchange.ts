import { AsyncLocalStorage } from 'node:async_hooks';
import { ExchangeFault } from './failure-reason';

const running = new AsyncLocalStorage<Exchange>();

/**
 * The life of one outgoing request, redirects included. It ends by its own outcome, its time, its caller's signal
 * or the client's close, whichever comes first; nothing of it is left behind then.
 */
export class Exchange {
  /** Whether a request may have left: it was handed to an open connection. */
  isSent = false;
  private readonly interruption = new AbortController();

  constructor(
    private readonly timeoutMs: number,
    private readonly callerSignal: AbortSignal | undefined,
  ) {}

  /** The exchange on whose behalf the code is running, if any. */
  static get current(): Exchange | undefined {
    return running.getStore();
  }

  /** Aborted when the exchange is interrupted, and never because it has ended. */
  get signal(): AbortSignal {
    return this.interruption.signal;
  }

  /** Ends the exchange from this side. */
  interrupt(fault: ExchangeFault): void {
    this.interruption.abort(fault);
  }

  /** Settles as the action does, or rejects with the ExchangeFault that interrupted it. */
  async run<T>(action: () => Promise<T>): Promise<T> {
    if (this.callerSignal?.aborted === true) throw this.abortion();
    const { promise: interrupted, reject } = Promise.withResolvers<never>();
    this.signal.addEventListener('abort', () => reject(this.signal.reason));
    const onAbort = (): void => this.interrupt(this.abortion());
    this.callerSignal?.addEventListener('abort', onAbort);
    const timer = setTimeout(() => {
      this.interrupt(new ExchangeFault('timeout', `timeout after ${this.timeoutMs} ms`));
    }, this.timeoutMs);
    try {
      // undici watches a signal only once it has a connection (https://github.com/nodejs/undici/issues/386).
      return await Promise.race([interrupted, running.run(this, action)]);
    } finally {
      clearTimeout(timer);
      this.callerSignal?.removeEventListener('abort', onAbort);
    }
  }

  private abortion(): ExchangeFault {
    return new ExchangeFault('aborted', 'aborted', { cause: this.callerSignal?.reason });
  }
}
