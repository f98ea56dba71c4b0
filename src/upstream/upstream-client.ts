import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings';
import { VERSION } from '../config/version';
import type { CircuitBreaker } from '../reliability/circuit-breaker';
import { CircuitBreakers } from '../reliability/circuit-breakers';
import { HttpClient, HttpFailure, type HttpRequest, type HttpResponse } from '../reliability/http-client';
import { retry } from '../reliability/retry';
import { parseRetryAfter } from '../reliability/retry-after';
import { traceHeaders } from '../telemetry/tracing/current-span';
import { UpstreamAddress, upstreamUrl } from './upstream-address';
import { parseBody, readAddition, type AdditionAnswer } from './upstream-documents';
import { UpstreamFailure, type UpstreamReason } from './upstream-failure';

/** Name of the breaker, in readiness details and the log. */
export const UPSTREAM_BREAKER = 'upstream';

const ATTEMPTS = 3;
const RETRY_BASE_MS = 100;
const RETRY_MAX_MS = 1_000;

/** Largest answer to a post, in bytes. */
const MAX_ADDITION_BYTES = 65_536;

const HEADERS = { accept: 'application/json', 'user-agent': `Signalbox/${VERSION}` };

/** A document of the upstream API that is wanted. */
export interface Reading<T> {
  /** Begins with `/`; whatever stands in it is encoded. */
  readonly path: string;
  /** Largest body that is taken, in bytes. */
  readonly maxBytes: number;
  /** No attempt lasts longer than until then, ms since 1970. */
  readonly deadlineAt: number;
  /** Makes something of the JSON; throws an UpstreamFailure where it is not what was wanted. */
  readonly read: (document: unknown) => T;
}

/** What an event is added with. */
export interface Addition {
  readonly name: string;
  readonly userId: string;
  readonly details?: string | Readonly<Record<string, unknown>>;
}

/**
 * Speaks to the upstream API over kept-alive connections, within bounds. Reads and posts have connections of their
 * own: neither waits for the other. Reads are tried three times; posts once, and behind a circuit breaker.
 */
@Injectable()
export class UpstreamClient implements OnApplicationShutdown {
  private readonly reads: HttpClient;
  private readonly posts: HttpClient;

  constructor(
    private readonly settings: Settings,
    private readonly breakers: CircuitBreakers,
    private readonly address: UpstreamAddress,
  ) {
    const limits = { maxConnections: settings.UPSTREAM_CONCURRENCY };
    this.reads = new HttpClient(limits);
    this.posts = new HttpClient(limits);
    // Made now, so that readiness shows it before it is used; of the built-in server nobody needs to know.
    if (settings.UPSTREAM_API_URL !== undefined) this.breakers.named(UPSTREAM_BREAKER);
  }

  /**
   * Reads a document. What fails for a reason that may be over in a moment is tried again, until the deadline.
   *
   * @throws UpstreamFailure; ApiError 503 where there is no upstream API
   */
  async read<T>(reading: Reading<T>): Promise<T> {
    const url = upstreamUrl(await this.address.baseUrl(), reading.path);
    return retry((attempt) => this.get(url, reading, attempt === ATTEMPTS), {
      attempts: ATTEMPTS,
      baseMs: RETRY_BASE_MS,
      maxMs: RETRY_MAX_MS,
      deadlineAt: reading.deadlineAt,
      isWorthRetry: (error) => error instanceof UpstreamFailure && error.isSick,
    });
  }

  /**
   * Adds an event: once, because nobody can tell whether a request without an answer has added it. An answer that
   * says `success: false` is an answer too.
   *
   * @throws BreakerOpenError where the upstream API has failed too often; UpstreamFailure; ApiError 503 where there is
   *   no upstream API
   */
  async add(addition: Addition, requestId: string): Promise<AdditionAnswer> {
    const url = upstreamUrl(await this.address.baseUrl(), '/addEvent');
    return this.breaker.call(
      () => this.post(url, JSON.stringify(addition), requestId),
      (error) => error instanceof UpstreamFailure && error.isSick,
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.reads.close(), this.posts.close()]);
  }

  private get breaker(): CircuitBreaker {
    return this.breakers.named(UPSTREAM_BREAKER);
  }

  /** One that hangs has half of the time that is left, so that another can follow; the last one has it all. */
  private async get<T>(url: string, reading: Reading<T>, isLast: boolean): Promise<T> {
    const leftMs = reading.deadlineAt - Date.now();
    const response = await exchange(this.reads, {
      method: 'GET',
      url,
      headers: { ...HEADERS, ...traceHeaders() },
      timeoutMs: Math.max(1, Math.ceil(isLast ? leftMs : leftMs / 2)),
      maxBytes: reading.maxBytes,
      whenLarger: 'fail',
    });
    if (isSuccess(response)) return reading.read(parseBody(response.body));
    throw failureOf(response);
  }

  private async post(url: string, body: string, requestId: string): Promise<AdditionAnswer> {
    const response = await exchange(this.posts, {
      method: 'POST',
      url,
      headers: {
        ...HEADERS,
        ...traceHeaders(),
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body,
      timeoutMs: this.settings.UPSTREAM_TIMEOUT_MS,
      maxBytes: MAX_ADDITION_BYTES,
      whenLarger: 'fail',
    });
    if (isSuccess(response)) return readAddition(parseBody(response.body));
    const refusal = refusalIn(response);
    if (refusal === null) throw failureOf(response);
    return refusal;
  }
}

/** @throws UpstreamFailure where no answer came */
async function exchange(http: HttpClient, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await http.request(request);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    throw new UpstreamFailure(error.reason, { mayHaveArrived: error.mayHaveArrived, cause: error });
  }
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

function failureOf({ status, headers }: HttpResponse): UpstreamFailure {
  const mayName = status === 429 || status === 503;
  const retryAfterMs = mayName ? parseRetryAfter(headers['retry-after'], Date.now()) : null;
  return new UpstreamFailure(reasonOf(status), { retryAfterMs });
}

function reasonOf(status: number): UpstreamReason {
  if (status >= 500) return 'http_5xx';
  if (status === 404) return 'not_found';
  if (status === 429) return 'http_429';
  return status >= 400 ? 'http_4xx' : 'http_3xx';
}

/** An answer `success: false` that came with a 4xx, or null. A 5xx and a 429 are failures whatever their bodies say. */
function refusalIn({ status, body }: HttpResponse): AdditionAnswer | null {
  if (status < 400 || status >= 500 || status === 429) return null;
  try {
    const answer = readAddition(parseBody(body));
    return answer.success ? null : answer;
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    return null;
  }
}
