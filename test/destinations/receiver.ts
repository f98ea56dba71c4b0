import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { answer } from '../harness/fake-destination';
import type { Certificate } from '../monitors/certificates';

/** A request as it came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

/** What the receiver does with a request. */
export type Reaction = (received: Received, response: ServerResponse) => void;

/** Answers with a status and a text of its own. */
export function reply(status: number, headers: Record<string, string> = {}, body = 'ok'): Reaction {
  return (_received, response) => answer(status, headers, body)(undefined as never, response);
}

/** A real HTTP server that takes whatever is posted to it, on any path. */
export class Receiver {
  readonly received: Received[] = [];
  private readonly script: Reaction[] = [];
  private readonly server;
  private readonly scheme: 'http' | 'https';

  private constructor(certificate: Certificate | null) {
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      void this.handle(request, response);
    };
    this.scheme = certificate === null ? 'http' : 'https';
    this.server = certificate === null ? createServer(handle) : createTlsServer({ ...certificate }, handle);
  }

  /** What it does with requests that no script covers; by default it is content. */
  reaction: Reaction = reply(200);

  static async start(certificate: Certificate | null = null): Promise<Receiver> {
    const receiver = new Receiver(certificate);
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** Without a path. */
  get url(): string {
    return `${this.scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next requests get these, one each. */
  next(...reactions: Reaction[]): void {
    this.script.push(...reactions);
  }

  /** What came on a path, in the order of arrival. */
  on(path: string): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const received = { path: request.url ?? '', headers: request.headers, body, at: Date.now() };
    this.received.push(received);
    (this.script.shift() ?? this.reaction)(received, response);
  }
}
