import { nowMs } from '../clock';
import { Connection } from './connection';
import type { Requests } from './requests';

export interface Load {
  /** Of servers on this machine that do the same; the connections are spread over them evenly. */
  readonly ports: readonly number[];
  readonly requests: Requests;
  readonly connections: number;
  /**
   * Open loop: request n is due n/perSecond after the start, whatever has become of those before it, and its
   * latency counts from then. Without it, closed loop: each connection sends its next request when the one before
   * is answered.
   */
  readonly perSecond?: number;
  /** Nothing is sent after this time, even if requests are left. */
  readonly stopAfterMs?: number;
}

/** What came of a load. Of every request that was sent the answer is here, or there is no result at all. */
export interface LoadResult {
  readonly durationMs: number;
  /** How many answers had which status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** From when each request was due until its answer was complete, in the order of the requests. */
  readonly latenciesMs: Float64Array;
  /** When each answer was complete, on the clock of `nowMs()`. */
  readonly answeredAt: Float64Array;
  /** How busy this process was while it made the load; close to 1, it and not the server is being measured. */
  readonly generatorCpu: number;
}

/** How often an open loop looks whether something is due: the least that timers can do. */
const TICK_MS = 1;

/**
 * Makes load from this process, which must have nothing else to do meanwhile.
 *
 * @throws Error where a connection breaks while a request is under way
 */
export async function makeLoad(load: Load): Promise<LoadResult> {
  const run = new LoadRun(load);
  const opening = Array.from({ length: load.connections }, (_, index) => {
    return Connection.open(portOf(load, index), run.fail);
  });
  const connections = await Promise.all(opening);
  try {
    return await run.over(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

function portOf({ ports }: Load, index: number): number {
  const port = ports[index % ports.length];
  if (port === undefined) throw new Error('there is nothing to make load on');
  return port;
}

class LoadRun {
  private readonly end = Promise.withResolvers<void>();
  private readonly statuses = new Map<number, number>();
  private readonly latenciesMs: Float64Array;
  private readonly answeredAt: Float64Array;
  private readonly idle: Connection[] = [];
  private startedAt = 0;
  private sent = 0;
  private answered = 0;

  constructor(private readonly load: Load) {
    this.latenciesMs = new Float64Array(load.requests.count);
    this.answeredAt = new Float64Array(load.requests.count);
  }

  readonly fail = (error: Error): void => this.end.reject(error);

  async over(connections: readonly Connection[]): Promise<LoadResult> {
    this.idle.push(...connections);
    const cpuBefore = process.cpuUsage();
    this.startedAt = nowMs();
    this.sendDue();
    const ticking = this.load.perSecond === undefined ? null : setInterval(() => this.sendDue(), TICK_MS);
    try {
      await this.end.promise;
    } finally {
      if (ticking !== null) clearInterval(ticking);
    }
    const durationMs = nowMs() - this.startedAt;
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      durationMs,
      statuses: this.statuses,
      latenciesMs: this.latenciesMs.subarray(0, this.answered),
      answeredAt: this.answeredAt.subarray(0, this.answered),
      generatorCpu: (user + system) / 1_000 / durationMs,
    };
  }

  /** Sends as many requests as are due and find a connection. */
  private sendDue(): void {
    const due = this.dueCount();
    while (this.sent < due) {
      // The one that has rested longest, so that none rests until the server closes it.
      const connection = this.idle.shift();
      if (connection === undefined) return;
      this.send(connection, this.sent++);
    }
  }

  private dueCount(): number {
    const { requests, perSecond, stopAfterMs = Infinity } = this.load;
    const elapsedMs = nowMs() - this.startedAt;
    if (elapsedMs >= stopAfterMs) return this.sent;
    if (perSecond === undefined) return requests.count;
    return Math.min(Math.floor((elapsedMs * perSecond) / 1_000) + 1, requests.count);
  }

  private send(connection: Connection, index: number): void {
    const { requests, perSecond } = this.load;
    const dueAt = perSecond === undefined ? nowMs() : this.startedAt + (index * 1_000) / perSecond;
    connection.request(requests.at(index), (status) => {
      const now = nowMs();
      this.latenciesMs[index] = now - dueAt;
      this.answeredAt[index] = now;
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      this.answered++;
      this.idle.push(connection);
      this.sendDue();
      if (this.answered === this.sent && this.isOver()) this.end.resolve();
    });
  }

  private isOver(): boolean {
    const { requests, stopAfterMs = Infinity } = this.load;
    return this.sent === requests.count || nowMs() - this.startedAt >= stopAfterMs;
  }
}

/** @throws Error where any answer has another status */
export function expectAll(expected: 200 | 202, { statuses }: LoadResult, what: string): void {
  const others = [...statuses].filter(([status]) => status !== expected);
  if (others.length === 0) return;
  const counts = others.map(([status, count]) => `${count} × ${status}`).join(', ');
  throw new Error(`${what}: not every answer was ${expected}, but ${counts}`);
}
