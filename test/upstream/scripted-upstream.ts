import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with a request. */
export type Script = (response: ServerResponse, request: IncomingMessage) => void;

/** An upstream API that does what a test tells it, path by path, however wrong. Unknown paths are a 404. */
export class ScriptedUpstream {
  /** The requests, as `METHOD path`, oldest first. */
  readonly requests: string[] = [];
  private readonly scripts = new Map<string, Script[]>();

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.requests.push(`${request.method} ${request.url}`);
      const queue = this.scripts.get(request.url ?? '') ?? [json({}, 404)];
      const script = queue.length > 1 ? queue.shift() : queue[0];
      // The request is read to its end, or nobody could send another one behind it.
      request.on('end', () => script?.(response, request)).resume();
    });
  }

  static async start(): Promise<ScriptedUpstream> {
    const server = createServer();
    const upstream = new ScriptedUpstream(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers each request for the path with the next of the scripts, and then always with the last. */
  serve(path: string, ...scripts: Script[]): void {
    this.scripts.set(path, scripts);
  }

  asked(path: string): number {
    return this.requests.filter((request) => request.endsWith(` ${path}`)).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Answers with JSON. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Script {
  return text(JSON.stringify(body), status, { 'content-type': 'application/json', ...headers });
}

export function text(
  body: string | Buffer,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Script {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Never answers. */
export const hang: Script = () => undefined;

/** Breaks the connection instead of answering. */
export const reset: Script = (response) => response.socket?.resetAndDestroy();

/** Breaks the connection in the middle of the answer. */
export const cutOff: Script = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"success":true', () => response.socket?.resetAndDestroy());
};

/** An answer that goes on until nobody listens. */
export const endless: Script = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const chunk = 'x'.repeat(16_384);
  const write = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  response.write('["');
  write();
};

/** An answer of which a byte comes now and then. */
export const dripping: Script = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('[');
  const drip = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(drip));
};
