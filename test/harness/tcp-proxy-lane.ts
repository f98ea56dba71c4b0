import type { Socket } from 'node:net';

/** What was read on one side and waits to be written on the other; null is the end of the stream. */
interface Piece {
  readonly bytes: Buffer | null;
  readonly readAt: number;
}

/** The rules of the moment. */
export interface LaneRules {
  /** Nothing moves. */
  isHeld(): boolean;
  /** How late every piece is. */
  delayMs(): number;
}

/** One direction of a connection through the proxy. */
export class ProxyLane {
  private readonly pieces: Piece[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly rules: LaneRules,
  ) {
    from.setNoDelay(true);
    from.on('data', (bytes: Buffer) => this.take(bytes));
    from.once('end', () => this.take(null));
    to.on('drain', () => this.move());
    // A reset goes on to the other side; an end that is none comes as 'end', and waits for its turn.
    from.on('error', () => this.reset());
  }

  /** Writes what is due, and looks again when the next piece is. */
  move(): void {
    clearTimeout(this.timer);
    while (this.isOpen() && this.pieces.length > 0) {
      const { bytes, readAt } = this.pieces[0]!;
      const earlyMs = readAt + this.rules.delayMs() - performance.now();
      if (earlyMs > 0) {
        this.timer = setTimeout(() => this.move(), earlyMs);
        break;
      }
      this.pieces.shift();
      if (bytes === null) this.to.end();
      else this.to.write(bytes);
    }
    if (this.isOpen()) this.from.resume();
    else this.from.pause();
  }

  /** Breaks the connection, both sides of it. */
  reset(): void {
    clearTimeout(this.timer);
    for (const socket of [this.from, this.to]) resetOnce(socket);
  }

  private take(bytes: Buffer | null): void {
    this.pieces.push({ bytes, readAt: performance.now() });
    this.move();
  }

  private isOpen(): boolean {
    return !this.rules.isHeld() && !this.to.destroyed && !this.to.writableNeedDrain;
  }
}

const beingReset = new WeakSet<Socket>();

/**
 * Node's reset shuts the socket down first, and libuv resets nothing that is just being shut down: Node would keep
 * the handle then, and its process would never come to its end.
 */
function resetOnce(socket: Socket): void {
  if (socket.destroyed || beingReset.has(socket)) return;
  beingReset.add(socket);
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
