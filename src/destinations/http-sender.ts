import type { Outcome } from '../outbox/outcome';
import type { AddressRule } from '../reliability/address-guard';
import { HttpClient, HttpFailure, type HttpResponse } from '../reliability/http-client';
import { parseRetryAfter } from '../reliability/retry-after';
import { traceHeaders } from '../telemetry/tracing/current-span';
import type { HttpDestination, Message } from './destination';
import { MAX_RESPONSE_BYTES, NOTHING, type Sender, type SendResult, type Sent } from './send-result';

/** Outcomes without an answer that say the destination is sick, and not the message. */
const SICK: readonly Outcome[] = ['timeout', 'connection_lost', 'unreachable'];

/** Limits of sending, in milliseconds and in requests at once. */
export interface SendLimits {
  readonly timeoutMs: number;
  readonly concurrency: number;
}

/** Posts messages, over connections of its own. */
export class HttpSender implements Sender {
  private readonly http: HttpClient;

  /** @param addresses which may be dialled */
  constructor(
    private readonly destination: HttpDestination,
    private readonly limits: SendLimits,
    addresses: AddressRule,
  ) {
    this.http = new HttpClient({ maxConnections: limits.concurrency, addresses });
  }

  async send(message: Message, signal: AbortSignal): Promise<Sent> {
    const request = this.destination.request(message);
    try {
      const response = await this.http.request({
        ...request,
        headers: { ...request.headers, ...traceHeaders() },
        method: 'POST',
        timeoutMs: this.limits.timeoutMs,
        maxBytes: MAX_RESPONSE_BYTES,
        whenLarger: 'cut',
        signal,
      });
      // Of the answers only 5xx count: any other shows a destination that is well enough to refuse.
      return { result: this.fromAnswer(response), isSick: response.status >= 500 };
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const outcome = outcomeOfFailure(error);
      return { result: { ...NOTHING, outcome, error: error.message }, isSick: SICK.includes(outcome) };
    }
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private fromAnswer({ status, headers, body }: HttpResponse): SendResult {
    const text = body.toString('utf8').replaceAll('\0', '\uFFFD');
    const outcome = this.destination.outcomeOf({ status, contentType: headers['content-type'] ?? '', text });
    const isPage = status < 300 && outcome !== 'delivered';
    const mayRetry = outcome === 'throttled' || outcome === 'server_error';
    return {
      outcome,
      http_status: status,
      error: outcome === 'delivered' ? null : `answered ${status}${isPage ? ' with a web page' : ''}`,
      response: text,
      retry_after_ms: mayRetry ? parseRetryAfter(headers['retry-after'], Date.now()) : null,
    };
  }
}

function outcomeOfFailure(failure: HttpFailure): Outcome {
  if (failure.reason === 'aborted') return failure.mayHaveArrived ? 'aborted' : 'released';
  if (failure.reason === 'timeout') return 'timeout';
  return failure.mayHaveArrived ? 'connection_lost' : 'unreachable';
}
