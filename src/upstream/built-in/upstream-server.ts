import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidJsonError, isObject, parseJson } from '../../normalization/json-document';
import { fateOf, SLOW, type Conduct } from './server-conduct';
import { ServerCounts } from './server-counts';
import { ServerStore, type ServerData } from './server-data';

const MAX_BODY_BYTES = 1_048_576;

const ROUTES = ['getUsers', 'getUserById', 'getEvents', 'getEventById', 'addEvent'] as const;

/** A request that was answered, or never will be. */
export interface Served {
  readonly method: string;
  readonly path: string;
  /** Null where it gets no answer. */
  readonly status: number | null;
}

export interface UpstreamServerOptions {
  readonly data: ServerData;
  /** Default: slow, and otherwise well. */
  readonly conduct?: Conduct;
  /** Default: a free one. */
  readonly port?: number;
  readonly onServed?: (served: Served) => void;
  /** Waits; instead of the clock. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * A vendor's API for those who have none: lists of users and events, events one by one and slowly, events to add. It
 * counts what it is asked (`GET /counts`), and fails as it is told to. Listens on loopback only.
 */
export class UpstreamServer {
  readonly counts = new ServerCounts();
  /** May be changed while it runs. */
  conduct: Conduct;
  private readonly store: ServerStore;
  private readonly server: Server;
  private readonly startedAt = performance.now();

  private constructor(private readonly options: UpstreamServerOptions) {
    this.conduct = options.conduct ?? SLOW;
    this.store = new ServerStore(options.data);
    this.server = createServer((request, response) => {
      // Whoever goes in the middle of a request, or sends a path that is none, gets nothing.
      this.handle(request, response).catch(() => response.destroy());
    });
    this.server.on('connection', () => (this.counts.connections += 1));
  }

  static async start(options: UpstreamServerOptions): Promise<UpstreamServer> {
    const upstream = new UpstreamServer(options);
    await new Promise<void>((resolve, reject) => {
      upstream.server.once('error', reject);
      upstream.server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends every connection, answered or not. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const path = url.split('?')[0] ?? '';
    const [, route = '', id = ''] = path.split('/');
    if (route === 'counts') return send(response, { status: 200, body: this.counts });
    const leave = this.counts.enter(ROUTES.find((known) => known === route) ?? 'unknown');
    response.once('close', leave);
    const answer = await this.answerTo(route, id, request);
    this.options.onServed?.({ method, path, status: answer?.status ?? null });
    if (answer === null) return;
    // Before the answer is out, or the next request that it sets free would be counted beside this one.
    leave();
    send(response, answer);
  }

  /** Null where there is none. */
  private async answerTo(route: string, id: string, request: IncomingMessage): Promise<Answer | null> {
    const body = await readBody(request);
    const fate = fateOf(this.conduct, performance.now() - this.startedAt, Math.random());
    if (fate === 'hang') return null;
    if (fate === 'fail') return { status: 503, body: { error: 'Service Unavailable' } };
    if (route === 'getEventById') await (this.options.wait ?? sleep)(this.conduct.delayMs);
    return this.look(route, decodeURIComponent(id), body);
  }

  private look(route: string, id: string, body: string): Answer {
    switch (route) {
      case 'getUsers':
        return { status: 200, body: this.store.allUsers() };
      case 'getEvents':
        return { status: 200, body: this.store.allEvents() };
      case 'getUserById':
        return found(this.store.user(id));
      case 'getEventById':
        return found(this.store.event(id));
      case 'addEvent':
        return { status: 200, body: this.store.add(readObject(body)) };
      default:
        return found(undefined);
    }
  }
}

function found(body: object | undefined): Answer {
  return body === undefined ? { status: 404, body: { error: 'Not Found' } } : { status: 200, body };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : {};
  } catch (error) {
    if (!(error instanceof InvalidJsonError)) throw error;
    return {};
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, headers).end(text);
}
