import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Certificate } from './certificates';

/** Servers on free local ports that behave as a test wants, closed together. */
export class TargetServers {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  /** Connections that were opened to any of them. */
  connections = 0;

  get openConnections(): number {
    return this.sockets.size;
  }

  http(listener: RequestListener): Promise<string> {
    return this.listen(createHttpServer(listener), 'http');
  }

  https(certificate: Certificate, listener: RequestListener): Promise<string> {
    return this.listen(createHttpsServer(certificate, listener), 'https');
  }

  /** A server that does as it likes with the bare connection, once something has been received on it. */
  raw(onRequest: (socket: Socket) => void, scheme = 'http'): Promise<string> {
    const server = createTcpServer((socket) => void socket.once('data', () => onRequest(socket)));
    return this.listen(server, scheme);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(
      this.servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))),
    );
  }

  private async listen(server: Server, scheme: string): Promise<string> {
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.servers.push(server);
    return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}
