import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the destination does with a request. */
export type Behaviour = (request: ReceivedRequest, response: ServerResponse) => void;

/** A request as it came. */
export interface ReceivedRequest {
  readonly headers: IncomingMessage['headers'];
  readonly body: {
    readonly routing_key: string;
    readonly event_action: 'trigger' | 'resolve';
    readonly dedup_key: string;
    readonly payload?: Record<string, unknown>;
  };
}

/** A real HTTP server in PagerDuty's place, which behaves as the test wants. */
export class FakeDestination {
  readonly received: ReceivedRequest[] = [];
  private readonly script: Behaviour[] = [];
  private constructor(
    private readonly server: Server,
    private fallback: Behaviour,
  ) {}

  static async start(fallback: Behaviour = answer(202)): Promise<FakeDestination> {
    const destination: FakeDestination = new FakeDestination(
      createServer((request, response) => void destination.handle(request, response)),
      fallback,
    );
    await new Promise<void>((resolve) => destination.server.listen(0, '127.0.0.1', resolve));
    return destination;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v2/enqueue`;
  }

  /** Actions and keys in the order of arrival. */
  get calls(): string[] {
    return this.received.map(({ body }) => `${body.event_action} ${body.dedup_key}`);
  }

  /** The next requests get these, one each; after that it is the fallback's turn again. */
  next(...behaviours: Behaviour[]): void {
    this.script.push(...behaviours);
  }

  /** From now on, every request that no script covers gets this. */
  always(behaviour: Behaviour): void {
    this.fallback = behaviour;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ReceivedRequest['body'];
    const received = { headers: request.headers, body };
    this.received.push(received);
    (this.script.shift() ?? this.fallback)(received, response);
  }
}

/** Answers with a status. */
export function answer(
  status: number,
  headers: Record<string, string> = {},
  body = '{"status":"fake"}',
): Behaviour {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };
}

/** Breaks the connection instead of answering. */
export const reset: Behaviour = (_request, response) => {
  response.socket?.resetAndDestroy();
};

/** Never answers. */
export const hang: Behaviour = () => undefined;
