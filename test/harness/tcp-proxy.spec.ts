import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually } from './eventually';
import { TcpProxy } from './tcp-proxy';

/** Sends back what it gets, and ends the connection after "bye". */
async function startEcho(): Promise<{ server: Server; url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      socket.write(bytes);
      if (bytes.toString().endsWith('bye')) socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A client that keeps what it has received and how its connection ended. */
class EchoClient {
  received = '';
  fate: 'open' | 'ended' | 'reset' | 'refused' = 'open';
  private readonly socket: Socket;

  constructor(url: string) {
    this.socket = connect(Number(new URL(url).port), '127.0.0.1');
    this.socket.on('data', (bytes: Buffer) => (this.received += bytes.toString()));
    this.socket.on('end', () => (this.fate = 'ended'));
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.fate = error.code === 'ECONNREFUSED' ? 'refused' : 'reset';
    });
  }

  send(text: string): void {
    this.socket.write(text);
  }

  hasReceived(text: string): Promise<void> {
    return eventually(() => expect(this.received).toBe(text));
  }

  hasMet(fate: EchoClient['fate']): Promise<void> {
    return eventually(() => expect(this.fate).toBe(fate));
  }

  close(): void {
    this.socket.destroy();
  }
}

describe('the proxy', () => {
  let echo: Awaited<ReturnType<typeof startEcho>>;
  let proxy: TcpProxy;
  let clients: EchoClient[];

  const connectTo = (url: string): EchoClient => {
    const client = new EchoClient(url);
    clients.push(client);
    return client;
  };

  /** So often round the direct way that anything let through meanwhile would have arrived. */
  const waitForRounds = async (): Promise<void> => {
    const direct = connectTo(echo.url);
    for (let round = 1; round <= 20; round++) {
      direct.send('.');
      await direct.hasReceived('.'.repeat(round));
    }
  };

  beforeEach(async () => {
    clients = [];
    echo = await startEcho();
    proxy = await TcpProxy.start(echo.url);
  });

  afterEach(async () => {
    for (const client of clients) client.close();
    await proxy.stop();
    await new Promise((resolve) => echo.server.close(resolve));
  });

  it('passes on bytes and ends', async () => {
    const client = connectTo(proxy.url);
    client.send('one');
    await client.hasReceived('one');
    client.send('bye');
    await client.hasMet('ended');
    expect(client.received).toBe('onebye');
    await eventually(() => expect(proxy.connections).toBe(0));
  });

  it('passes on more than fits into a buffer', async () => {
    const client = connectTo(proxy.url);
    const text = 'x'.repeat(4_000_000);
    client.send(text);
    await eventually(() => expect(client.received).toHaveLength(text.length));
  });

  it('lets old and new connections hang while it is paused', async () => {
    const old = connectTo(proxy.url);
    old.send('1');
    await old.hasReceived('1');
    proxy.pause();
    old.send('2');
    const fresh = connectTo(proxy.url);
    fresh.send('3');
    await waitForRounds();
    expect([old, fresh].map(({ received, fate }) => [received, fate])).toEqual([
      ['1', 'open'],
      ['', 'open'],
    ]);
    proxy.resume();
    await old.hasReceived('12');
    await fresh.hasReceived('3');
  });

  it('resets connections and refuses new ones while it is cut', async () => {
    const old = connectTo(proxy.url);
    old.send('1');
    await old.hasReceived('1');
    await proxy.cut();
    await old.hasMet('reset');
    await connectTo(proxy.url).hasMet('refused');
    await proxy.heal();
    const fresh = connectTo(proxy.url);
    fresh.send('2');
    await fresh.hasReceived('2');
  });

  it('brings what the server sends later by the delay, whole and in order', async () => {
    const client = connectTo(proxy.url);
    proxy.delay(500);
    const sentAt = performance.now();
    client.send('1');
    client.send('2');
    client.send('bye');
    await client.hasMet('ended');
    expect(client.received).toBe('12bye');
    // No earlier than said, but for the millisecond by which a timer may round; later by as much as it likes.
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(499);
  });

  it('brings at once what was delayed when it heals', async () => {
    const client = connectTo(proxy.url);
    proxy.delay(600_000);
    client.send('1');
    await waitForRounds();
    expect(client.received).toBe('');
    await proxy.heal();
    await client.hasReceived('1');
  });

  it('resets its client where the server is gone', async () => {
    const client = connectTo(proxy.url);
    client.send('1');
    await client.hasReceived('1');
    const gone = await TcpProxy.start(proxy.url);
    await proxy.cut();
    await client.hasMet('reset');
    await connectTo(gone.url).hasMet('reset');
    await gone.stop();
  });
});
