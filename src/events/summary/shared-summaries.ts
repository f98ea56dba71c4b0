import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisConnection } from '../../redis/redis-connection';
import { KEPT_MS } from './kept-summaries';
import type { Summary } from './summary-answer';

/** A process that takes longer to compute a summary, or dies, no longer keeps the others from it. */
const LOCK_MS = 5_000;

/** So long one process waits for what another is computing, before it does so itself. */
const WAIT_MS = 2_000;

const POLL_MS = 40;

/** Removes a lock, unless it has run out and is somebody else's by now. */
const UNLOCK = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/** Leave to compute a summary. */
export interface Turn {
  /** Hands it to all processes. */
  keep(summary: Summary): Promise<void>;
  /** Lets the next one compute it, where it was not kept. */
  end(): Promise<void>;
}

/** Summaries that all processes keep together in Redis. Every method rejects where Redis does not answer. */
export class SharedSummaries {
  constructor(private readonly redis: RedisConnection) {}

  /** The summary of that key, or else leave to compute it, which one process gets at a time. */
  async findOrTurn(key: string): Promise<Summary | Turn> {
    const lock = this.redis.key(key, 'lock');
    const token = randomUUID();
    for (const deadline = performance.now() + WAIT_MS; ; await sleep(POLL_MS)) {
      const kept = await this.find(key);
      if (kept !== null) return kept;
      const isLocked = (await this.redis.client.set(lock, token, 'PX', LOCK_MS, 'NX')) === 'OK';
      if (!isLocked && performance.now() < deadline) continue;
      const turn: Turn = { keep: (summary) => this.keep(key, summary), end: () => this.unlock(lock, token) };
      // Whoever had the lock before may have kept the summary since it was looked for.
      const late = await this.find(key);
      if (late === null) return turn;
      await turn.end();
      return late;
    }
  }

  private async find(key: string): Promise<Summary | null> {
    const text = await this.redis.client.get(this.redis.key(key));
    return text === null ? null : (JSON.parse(text) as Summary);
  }

  private async keep(key: string, summary: Summary): Promise<void> {
    await this.redis.client.set(this.redis.key(key), JSON.stringify(summary), 'PX', KEPT_MS);
  }

  private async unlock(lock: string, token: string): Promise<void> {
    await this.redis.client.eval(UNLOCK, 1, lock, token);
  }
}
