import { Client, type Dispatcher } from 'undici';
import type { AddressRule, Resolve } from '../../reliability/address-guard';
import { Exchange } from '../../reliability/exchange';
import { follow, plainHeaders, type Hop } from '../../reliability/follow';
import { outgoingConnector } from '../../reliability/outgoing-connector';
import { readBody } from '../../reliability/response-body';
import type { Names } from './names';
import { nextHop } from './next-hop';
import type { Trace } from './trace';

/** Of several addresses each but the last gets this part of the time to connect, and at least so long. */
const ATTEMPT_PART = 4;
const ATTEMPT_MIN_MS = 250;

export interface ColdRequest {
  readonly first: Hop;
  /** For all of it: DNS, connect, TLS, headers, body, redirects. */
  readonly timeoutMs: number;
  /** So much of a body is read, after decompression; the rest is left out. */
  readonly maxBytes: number;
  readonly maxRedirects: number;
  /** A redirect that is what was asked for, and is not followed. */
  readonly isWanted: (status: number) => boolean;
  readonly signal?: AbortSignal;
}

export interface ColdAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly isCut: boolean;
}

/**
 * Requests on connections of their own: names are looked up, sockets opened and TLS sessions negotiated anew each
 * time, as a new visitor's browser does, and all of it is gone afterwards. A connection that is kept would hide that
 * nobody else can connect any more.
 */
export class ColdExchanges {
  constructor(
    private readonly names: Names,
    /** Asked at every hop, about the address that is dialled. */
    private readonly addresses: AddressRule,
  ) {}

  /**
   * Sends the request, follows redirects and reads the answer.
   *
   * @param trace is told how far it came, also where it throws
   * @throws ExchangeFault, or what the connection threw
   */
  async run(request: ColdRequest, trace: Trace): Promise<ColdAnswer> {
    const exchange = new Exchange(request.timeoutMs, request.signal);
    const clients: Client[] = [];
    const send = async (hop: Hop): Promise<Dispatcher.ResponseData> => {
      trace.beginHop(hop.url);
      const client = this.clientFor(hop.url, request.timeoutMs, exchange.signal, trace);
      clients.push(client);
      const response = await client.request(dispatchOf(hop, exchange.signal));
      trace.noteAnswer();
      return response;
    };
    const { first, maxRedirects, isWanted, maxBytes } = request;
    try {
      return await exchange.run(() =>
        follow(first, {
          maxRedirects,
          isWanted,
          send,
          next: nextHop,
          take: (response) => read(response, maxBytes),
        }),
      );
    } finally {
      await Promise.all(clients.map((client) => client.destroy()));
    }
  }

  private clientFor(url: URL, timeoutMs: number, signal: AbortSignal, trace: Trace): Client {
    const resolve: Resolve = async (hostname) => {
      trace.noteLookup();
      const addresses = await this.names.resolve(hostname, signal);
      trace.noteResolved();
      return addresses;
    };
    // TLS sessions are kept with the connector, so that none is ever resumed.
    const connect = outgoingConnector({
      addresses: this.addresses,
      resolve,
      attemptTimeoutMs: Math.max(ATTEMPT_MIN_MS, Math.floor(timeoutMs / ATTEMPT_PART)),
      onSocket: (socket) => trace.watch(socket),
    });
    return new Client(url.origin, { connect, headersTimeout: 0, bodyTimeout: 0 });
  }
}

function dispatchOf({ method, url, headers, body }: Hop, signal: AbortSignal): Dispatcher.RequestOptions {
  return {
    path: url.pathname + url.search,
    method,
    headers: { 'accept-encoding': 'gzip', ...headers },
    body,
    signal,
    // The server need not keep the connection either.
    reset: true,
  };
}

async function read(response: Dispatcher.ResponseData, maxBytes: number): Promise<ColdAnswer> {
  const headers = plainHeaders(response.headers);
  const { body, isCut } = await readBody(response.body, headers['content-encoding'], maxBytes);
  return { status: response.statusCode, headers, body, isCut };
}
