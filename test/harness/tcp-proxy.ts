import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './free-port';
import { ProxyLane } from './tcp-proxy-lane';

/**
 * Stands between a client and a real server on a free port of 127.0.0.1, and does to their connections what a
 * network can. It begins by passing everything on.
 */
export class TcpProxy {
  private readonly lanes = new Set<ProxyLane>();
  private delayMs = 0;
  private isPaused = false;

  private constructor(
    private readonly target: URL,
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  /** Starts one in front of a server, say `postgres://postgres@127.0.0.1:5432/postgres`; the URL names its port. */
  static async start(targetUrl: string): Promise<TcpProxy> {
    const target = new URL(targetUrl);
    if (target.port === '') throw new Error('the URL of a proxy’s target must name its port');
    const proxy = new TcpProxy(target, createServer({ allowHalfOpen: true }), await freePort());
    await proxy.listen();
    return proxy;
  }

  /** The server's URL, through the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  /** How many connections go through it. */
  get connections(): number {
    return this.lanes.size / 2;
  }

  /** From now on connections hang, new ones too: they are taken, and nothing is passed on either way. */
  pause(): void {
    this.isPaused = true;
    this.moveAll();
  }

  /** Passes on what waits. */
  resume(): void {
    this.isPaused = false;
    this.moveAll();
  }

  /**
   * Every piece that the server sends comes so much later, in order. What clients send is not late; so an answer is
   * late once, however many pieces it has.
   */
  delay(ms: number): void {
    this.delayMs = ms;
    this.moveAll();
  }

  /** Resets every connection and refuses new ones. */
  async cut(): Promise<void> {
    const closed = this.server.listening ? once(this.server, 'close') : Promise.resolve();
    this.server.close();
    for (const lane of this.lanes) lane.reset();
    await closed;
  }

  /** Passes everything on again, at once. Connections that were cut stay cut. */
  async heal(): Promise<void> {
    this.delayMs = 0;
    this.resume();
    if (!this.server.listening) await this.listen();
  }

  async stop(): Promise<void> {
    await this.cut();
  }

  private async listen(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private join(client: Socket): void {
    const { hostname, port } = this.target;
    const server = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const isHeld = (): boolean => this.isPaused;
    const lanes = [
      new ProxyLane(client, server, { isHeld, delayMs: () => 0 }),
      new ProxyLane(server, client, { isHeld, delayMs: () => this.delayMs }),
    ];
    for (const lane of lanes) {
      this.lanes.add(lane);
      lane.move();
    }
    const forget = (): void => {
      if (client.closed && server.closed) for (const lane of lanes) this.lanes.delete(lane);
    };
    client.once('close', forget);
    server.once('close', forget);
  }

  private moveAll(): void {
    for (const lane of this.lanes) lane.move();
  }
}
