import { errors, type Agent, type Dispatcher } from 'undici';
import { Exchange } from './exchange';
import { ExchangeFault, failureReason, type FailureReason } from './failure-reason';
import { noteSending, outgoingAgent } from './outgoing-agent';
import { headersAfterRedirect, isRedirect, parseTarget, redirectTarget } from './redirect';
import { readBody } from './response-body';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute, http or https, without a user name and password. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange: a free connection, DNS, connect, headers, body, redirects. */
  readonly timeoutMs: number;
  /** Largest body that is taken, in bytes after decompression. */
  readonly maxBytes: number;
  /** Whether a larger body is a failure (`too_large`), or ends at `maxBytes`. */
  readonly whenLarger: 'fail' | 'cut';
  /** How many redirects of a GET to follow. Default 0: a 3xx is returned as it is. */
  readonly maxRedirects?: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  /** Any status: an HTTP error is a response, not a failure. */
  readonly status: number;
  /** By lower-case name, as received (so `content-length` may be that of a compressed body). */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Buffer;
  readonly isCut: boolean;
  /** Where the response came from, after redirects; without its query, which may be secret. */
  readonly url: string;
}

/** There is no usable response. The message holds no query, header or body: any of them may be secret. */
export class HttpFailure extends Error {
  /** @param mayHaveArrived false only if the request can not have reached the peer */
  constructor(
    message: string,
    readonly reason: FailureReason,
    readonly mayHaveArrived: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HttpFailure';
  }
}

/**
 * The one way out over HTTP/1.1, with limits on everything the other side decides: time, size, redirects. Keeps
 * connections alive, never repeats a request, and asks for gzip with every GET. Whoever has a peer of its own
 * makes a client of its own, and closes it.
 */
export class HttpClient {
  private readonly agent: Agent;
  private readonly dispatcher: Dispatcher;
  private readonly exchanges = new Set<Exchange>();

  /** @param options.maxConnections per origin; requests beyond wait, within their own time */
  constructor(options: { readonly maxConnections: number }) {
    this.agent = outgoingAgent(options.maxConnections);
    this.dispatcher = this.agent.compose(noteSending);
  }

  /**
   * Sends the request and reads the whole response. A redirect to another origin is followed without the
   * `authorization`, `cookie` and `proxy-authorization` headers.
   *
   * @throws HttpFailure when no usable response came
   * @throws TypeError for a URL that is not as HttpRequest asks
   */
  async request(request: HttpRequest): Promise<HttpResponse> {
    const url = parseTarget(request.url);
    if (url === null) throw new TypeError('not an absolute http(s) URL without user name and password');
    const exchange = new Exchange(request.timeoutMs, request.signal);
    this.exchanges.add(exchange);
    try {
      return await exchange.run(() => this.follow(request, url, exchange.signal));
    } catch (error) {
      throw failureOf(error, `${request.method} ${url.origin}${url.pathname}`, exchange.isSent);
    } finally {
      this.exchanges.delete(exchange);
    }
  }

  /** Ends every connection. Requests that still run fail as `aborted`, and so do later ones. */
  async close(): Promise<void> {
    for (const exchange of this.exchanges) exchange.interrupt(new ExchangeFault('aborted', 'client closed'));
    await this.agent.destroy();
  }

  private async follow(request: HttpRequest, start: URL, signal: AbortSignal): Promise<HttpResponse> {
    const maxRedirects = request.method === 'GET' ? (request.maxRedirects ?? 0) : 0;
    let url = start;
    let headers = request.headers ?? {};
    for (let redirects = 0; ; redirects += 1) {
      const response = await this.send(request, url, headers, signal);
      // Without a listener, a body that is given up would end the process by its error.
      response.body.on('error', () => undefined);
      try {
        if (maxRedirects === 0 || !isRedirect(response.statusCode)) return await read(response, request, url);
        if (redirects === maxRedirects) {
          throw new ExchangeFault('too_many_redirects', `more than ${maxRedirects} redirects`);
        }
        const target = redirectTarget(plain(response.headers)['location'], url);
        headers = headersAfterRedirect(headers, url, target);
        url = target;
      } finally {
        response.body.destroy();
      }
    }
  }

  private send(
    { method, body }: HttpRequest,
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    return this.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: method === 'GET' ? { 'accept-encoding': 'gzip', ...headers } : headers,
      body: body ?? null,
      signal,
    });
  }
}

async function read(
  response: Dispatcher.ResponseData,
  { maxBytes, whenLarger }: HttpRequest,
  url: URL,
): Promise<HttpResponse> {
  const headers = plain(response.headers);
  const { body, isCut } = await readBody(response.body, headers['content-encoding'], maxBytes);
  if (isCut && whenLarger === 'fail') {
    throw new ExchangeFault('too_large', `body larger than ${maxBytes} bytes`);
  }
  return { status: response.statusCode, headers, body, isCut, url: `${url.origin}${url.pathname}` };
}

/** Repeated headers as one, joined by commas (RFC 9110 section 5.3). */
function plain(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** The failure that an error stands for; a defect of our own stays what it is. */
function failureOf(error: unknown, target: string, isSent: boolean): unknown {
  const reason = failureReason(error, isSent);
  if (reason === null) return error;
  // It holds what the peer sent.
  if (error instanceof errors.HTTPParserError) Object.assign(error, { data: undefined });
  const detail = error instanceof ExchangeFault ? error.message : reason;
  return new HttpFailure(`${target} failed: ${detail}`, reason, isSent, { cause: error });
}
