import { errors, type Agent, type Dispatcher } from 'undici';
import { anyAddress, type AddressRule } from './address-guard';
import { Exchange } from './exchange';
import { ExchangeFault, failureReason, type FailureReason } from './failure-reason';
import { follow, plainHeaders, type Hop } from './follow';
import { noteSending, outgoingAgent } from './outgoing-agent';
import { headersAfterRedirect, parseTarget, redirectTarget } from './redirect';
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

  /**
   * @param options.maxConnections per origin; requests beyond wait, within their own time
   * @param options.addresses which may be dialled, at every hop: `userTargets(settings)` where users set the URL.
   *   Default: all
   */
  constructor(options: { readonly maxConnections: number; readonly addresses?: AddressRule }) {
    this.agent = outgoingAgent(options.maxConnections, options.addresses ?? anyAddress);
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

  private follow(request: HttpRequest, url: URL, signal: AbortSignal): Promise<HttpResponse> {
    const { method, headers = {}, body = null, maxRedirects = 0 } = request;
    return follow(
      { method, url, headers, body },
      {
        maxRedirects: method === 'GET' ? maxRedirects : 0,
        send: (hop) => this.send(hop, signal),
        next: afterRedirect,
        take: (response, hop) => read(response, request, hop.url),
      },
    );
  }

  private send({ method, url, headers, body }: Hop, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return this.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: method === 'GET' ? { 'accept-encoding': 'gzip', ...headers } : headers,
      body,
      signal,
    });
  }
}

/** The same GET at the place that the redirect names. */
function afterRedirect(hop: Hop, _status: number, location: string | undefined): Hop {
  const url = redirectTarget(location, hop.url);
  return { ...hop, url, headers: headersAfterRedirect(hop.headers, hop.url, url) };
}

async function read(
  response: Dispatcher.ResponseData,
  { maxBytes, whenLarger }: HttpRequest,
  url: URL,
): Promise<HttpResponse> {
  const headers = plainHeaders(response.headers);
  const { body, isCut } = await readBody(response.body, headers['content-encoding'], maxBytes);
  if (isCut && whenLarger === 'fail') {
    throw new ExchangeFault('too_large', `body larger than ${maxBytes} bytes`);
  }
  return { status: response.statusCode, headers, body, isCut, url: `${url.origin}${url.pathname}` };
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
