import { createHash } from 'node:crypto';
import type { Outcome } from '../outbox/outcome';
import { BreakerOpenError, type CircuitBreaker } from '../reliability/circuit-breaker';
import { HttpClient, HttpFailure, type HttpResponse } from '../reliability/http-client';
import { parseRetryAfter } from '../reliability/retry-after';
import type { Destination, Message, OutgoingRequest } from './destination';

/** How an attempt went. */
export interface SendResult {
  readonly outcome: Outcome;
  readonly http_status: number | null;
  readonly error: string | null;
  /** Beginning of the answer's body. */
  readonly response: string | null;
  /** How long the destination asked to be left alone, in milliseconds. */
  readonly retry_after_ms: number | null;
}

/** So much of an answer is kept. */
const MAX_RESPONSE_BYTES = 2_000;

/** Outcomes without an answer that say the destination is sick, and not the message. */
const SICK: readonly Outcome[] = ['timeout', 'connection_lost', 'unreachable'];

/** Carries the result of an attempt that counts against the breaker through it. */
class SickAnswer extends Error {
  constructor(readonly result: SendResult) {
    super('the destination is sick');
  }
}

/**
 * Sends messages to one destination: over connections of its own, within the timeout, and always through its
 * circuit breaker.
 */
export class DestinationClient {
  /** The secret that new triggers go through, and a name for it that does not give it away. */
  readonly credential: {
    readonly fingerprint: string;
    readonly destination: string;
    readonly secret: string;
  };
  private readonly http: HttpClient;

  constructor(
    readonly destination: Destination,
    readonly breaker: CircuitBreaker,
    private readonly limits: { readonly timeoutMs: number; readonly concurrency: number },
  ) {
    this.http = new HttpClient({ maxConnections: limits.concurrency });
    const { name, credential: secret } = destination;
    const fingerprint = createHash('sha256').update(`${name}\0${secret}`).digest('hex').slice(0, 16);
    this.credential = { fingerprint, destination: name, secret };
  }

  /**
   * Makes one attempt. Never throws for the destination's sake; `signal` aborts it.
   *
   * @throws whatever the destination's own code throws while it builds the request
   */
  async send(message: Message, signal: AbortSignal): Promise<SendResult> {
    const request = this.destination.request(message);
    try {
      return await this.breaker.call(
        () => this.exchange(request, message.credential, signal),
        (error) => error instanceof SickAnswer,
      );
    } catch (error) {
      if (error instanceof SickAnswer) return error.result;
      if (!(error instanceof BreakerOpenError)) throw error;
      return { ...NOTHING, outcome: 'released', error: 'the circuit breaker is open' };
    }
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async exchange(request: OutgoingRequest, secret: string, signal: AbortSignal): Promise<SendResult> {
    const result = await this.request(request, secret, signal);
    if (isSick(result)) throw new SickAnswer(result);
    return result;
  }

  private async request(request: OutgoingRequest, secret: string, signal: AbortSignal): Promise<SendResult> {
    try {
      const response = await this.http.request({
        ...request,
        method: 'POST',
        timeoutMs: this.limits.timeoutMs,
        maxBytes: MAX_RESPONSE_BYTES,
        whenLarger: 'cut',
        signal,
      });
      return this.fromAnswer(response, secret);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      return { ...NOTHING, outcome: outcomeOfFailure(error), error: error.message };
    }
  }

  private fromAnswer({ status, headers, body }: HttpResponse, secret: string): SendResult {
    const type = headers['content-type'] ?? '';
    // No API takes a message with a web page: a login or a captive portal stands in its place.
    const isWebPage = status < 300 && type.startsWith('text/html');
    const outcome = isWebPage ? 'server_error' : this.destination.outcomeOf(status);
    const mayRetry = outcome === 'throttled' || outcome === 'server_error';
    return {
      outcome,
      http_status: status,
      error: outcome === 'delivered' ? null : `answered ${status}${isWebPage ? ' with a web page' : ''}`,
      response: body.toString('utf8').replaceAll('\0', '\uFFFD').replaceAll(secret, '[redacted]'),
      retry_after_ms: mayRetry ? parseRetryAfter(headers['retry-after'], Date.now()) : null,
    };
  }
}

const NOTHING = { http_status: null, error: null, response: null, retry_after_ms: null } as const;

/** Of the answers only 5xx count: any other shows a destination that is well enough to refuse. */
function isSick({ outcome, http_status }: SendResult): boolean {
  return http_status === null ? SICK.includes(outcome) : http_status >= 500;
}

function outcomeOfFailure(failure: HttpFailure): Outcome {
  if (failure.reason === 'aborted') return failure.mayHaveArrived ? 'aborted' : 'released';
  if (failure.reason === 'timeout') return 'timeout';
  return failure.mayHaveArrived ? 'connection_lost' : 'unreachable';
}
