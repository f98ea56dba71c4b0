import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** How a status server answers a request. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: object | string | Buffer;
  readonly delayMs?: number;
  /** The answer waits for this. */
  readonly after?: Promise<unknown>;
  /** What the server does instead of answering. */
  readonly instead?: 'hang' | 'reset';
}

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

type Script = (request: ReceivedRequest) => Answer;

/** A document whose server knows what has been sent: 304 where the validator fits. */
export function withEtag(body: object, etag: string): Script {
  return ({ headers }) =>
    headers['if-none-match'] === etag ? { status: 304, headers: { etag } } : { body, headers: { etag } };
}

/** The same document, compressed if that is asked for. */
export function gzipped(body: object): Script {
  return ({ headers }) => {
    if (!String(headers['accept-encoding']).includes('gzip')) return { status: 406 };
    return { body: gzipSync(JSON.stringify(body)), headers: { 'content-encoding': 'gzip' } };
  };
}

export function redirectTo(location: string, status = 302): Answer {
  return { status, headers: { location } };
}

/** A status server on a free local port that does what a test tells it, path by path. Unknown paths are a 404. */
export class PageServer {
  readonly requests: ReceivedRequest[] = [];
  private readonly scripts = new Map<string, (Answer | Script)[]>();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start(): Promise<PageServer> {
    const server = createServer();
    const pages = new PageServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return pages;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The URL of a page's summary. */
  summaryUrl(page: string): string {
    return `${this.origin}${summaryPath(page)}`;
  }

  /** Answers each request for the path with the next of `answers`, and then always with the last. */
  serve(path: string, ...answers: (Answer | Script)[]): void {
    this.scripts.set(path, answers);
  }

  /** Serves a page's summary. Objects are documents. */
  serveSummary(page: string, ...answers: (Answer | Script)[]): void {
    this.serve(summaryPath(page), ...answers);
  }

  serveIncidents(page: string, ...answers: (Answer | Script)[]): void {
    this.serve(`/${page}/api/v2/incidents.json`, ...answers);
  }

  /** The requests for a path, oldest first. */
  requestsFor(path: string): ReceivedRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** How often a page's summary was asked for. */
  summaryRequests(page: string): ReceivedRequest[] {
    return this.requestsFor(summaryPath(page));
  }

  incidentsRequests(page: string): ReceivedRequest[] {
    return this.requestsFor(`/${page}/api/v2/incidents.json`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = { path: message.url ?? '', headers: message.headers };
    this.requests.push(request);
    const queue = this.scripts.get(request.path);
    const next = queue === undefined || queue.length > 1 ? queue?.shift() : queue[0];
    const { status, headers, body, delayMs, after, instead }: Answer =
      typeof next === 'function' ? next(request) : (next ?? { status: 404 });
    if (instead === 'hang') return;
    if (instead === 'reset') {
      message.socket.resetAndDestroy();
      return;
    }
    if (delayMs !== undefined) await sleep(delayMs);
    await after;
    const isDocument = body !== undefined && typeof body === 'object' && !Buffer.isBuffer(body);
    response.writeHead(status ?? 200, { 'content-type': 'application/json', ...headers });
    response.end(isDocument ? JSON.stringify(body) : body);
  }
}

function summaryPath(page: string): string {
  return `/${page}/api/v2/summary.json`;
}
