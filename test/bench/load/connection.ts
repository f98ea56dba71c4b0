import { connect, type Socket } from 'node:net';

const END_OF_HEAD = '\r\n\r\n';

/** `HTTP/1.1 ` stands before the status. */
const STATUS_AT = 9;

/**
 * One keep-alive connection of the load generator, with one request on it at a time. Of a response it reads the
 * status and the length, and skips the rest: a full HTTP client would be slower than the server it measures.
 */
export class Connection {
  private held: Buffer | null = null;
  private missing = 0;
  private status = 0;
  private onResponse: ((status: number) => void) | null = null;

  private constructor(
    private readonly socket: Socket,
    private readonly onBroken: (error: Error) => void,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', onBroken);
    socket.on('close', () => onBroken(new Error('the server closed a connection')));
  }

  /** Connects to a port of this machine. `onBroken` hears of a connection that ends by itself. */
  static open(port: number, onBroken: (error: Error) => void): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket, onBroken));
      });
    });
  }

  /** Sends a complete request; `onResponse` gets the status once the whole response is here. */
  request(bytes: Buffer, onResponse: (status: number) => void): void {
    this.onResponse = onResponse;
    this.socket.write(bytes);
  }

  /** Ends the connection; what `onBroken` then hears is no news. */
  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    if (this.status === 0) this.readHead(chunk);
    else this.missing -= chunk.length;
    if (this.status === 0 || this.missing > 0) return;
    if (this.missing < 0) return this.onBroken(new Error('more came than the response should have'));
    const { status, onResponse } = this;
    this.status = 0;
    this.onResponse = null;
    onResponse?.(status);
  }

  /** Sets `status` and `missing` once the head is complete, and keeps what there is until then. */
  private readHead(chunk: Buffer): void {
    const bytes = this.held === null ? chunk : Buffer.concat([this.held, chunk]);
    const end = bytes.indexOf(END_OF_HEAD);
    this.held = end === -1 ? bytes : null;
    if (end === -1) return;
    const head = bytes.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.onBroken(new Error(`a response without Content-Length: ${head}`));
    this.status = Number(head.slice(STATUS_AT, STATUS_AT + 3));
    this.missing = end + END_OF_HEAD.length + Number(length) - bytes.length;
  }
}
