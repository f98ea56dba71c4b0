import { Injectable, Logger } from '@nestjs/common';
import { RedisConnection } from '../../redis/redis-connection';
import { KeptSummaries } from './kept-summaries';
import { SharedSummaries } from './shared-summaries';
import type { Summary } from './summary-answer';
import { SummaryReader } from './summary-reader';
import type { SummaryWindow } from './summary-window';
import type { SummaryView } from './summary-views';

type Compute = () => Promise<Summary>;

/**
 * Summaries, each kept for a minute and computed by one at a time: within a process all who ask share one promise,
 * and of several processes one computes while the others wait for Redis to have it. Without Redis, or while it is
 * away, each process keeps its own.
 */
@Injectable()
export class Summaries {
  private readonly logger = new Logger('Summaries');
  private readonly underWay = new Map<string, Promise<SummaryView>>();
  private readonly kept = new KeptSummaries();
  private readonly shared: SharedSummaries;

  constructor(
    private readonly redis: RedisConnection,
    private readonly reader: SummaryReader,
  ) {
    this.shared = new SharedSummaries(redis);
  }

  /** The summary of an account, up to a minute old. */
  async of(account_id: string, window: SummaryWindow): Promise<SummaryView> {
    const key = `summary:${account_id}:${window}`;
    const known = this.underWay.get(key);
    if (known !== undefined) return known;
    const finding = this.find(key, () => this.reader.read(account_id, window));
    this.underWay.set(key, finding);
    try {
      return await finding;
    } finally {
      this.underWay.delete(key);
    }
  }

  private async find(key: string, compute: Compute): Promise<SummaryView> {
    const turn = this.redis.isUsable ? await this.attempt(() => this.shared.findOrTurn(key)) : null;
    if (turn === null) return this.findHere(key, compute);
    if (!('keep' in turn)) return { ...turn, cached: true };
    try {
      const summary = await compute();
      await this.attempt(() => turn.keep(summary));
      return { ...summary, cached: false };
    } finally {
      await this.attempt(() => turn.end());
    }
  }

  private async findHere(key: string, compute: Compute): Promise<SummaryView> {
    const kept = this.kept.find(key, Date.now());
    if (kept !== null) return { ...kept, cached: true };
    const summary = await compute();
    this.kept.keep(key, summary, Date.now());
    return { ...summary, cached: false };
  }

  /** Null where Redis fails: then it goes on without. */
  private async attempt<T>(command: () => Promise<T>): Promise<T | null> {
    try {
      return await command();
    } catch (error) {
      this.logger.debug({ err: error }, 'a summary is kept without Redis');
      return null;
    }
  }
}
