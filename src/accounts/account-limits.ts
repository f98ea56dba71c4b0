import { Injectable, Logger } from '@nestjs/common';
import { RedisConnection } from '../redis/redis-connection';
import { BoundedMap } from './bounded-map';
import { KnownAccounts } from './known-accounts';
import { takeFromShared } from './shared-bucket';
import {
  decisionOf,
  FULL_BUCKET,
  takeFrom,
  type AccountLimit,
  type Bucket,
  type LimitDecision,
} from './token-bucket';
import { within } from '../reliability/within';

const REDIS_WAIT_MS = 100;

/** So many accounts' buckets are kept in this process; one that is forgotten is full again. */
const MAX_BUCKETS = 100_000;

/**
 * Keeps accounts within what they may post, so that one who posts much hurts nobody else. All processes share the
 * buckets in Redis; without one, or while it is away, each has its own.
 */
@Injectable()
export class AccountLimits {
  /** A Redis that takes longer, in milliseconds, is as good as away: this process decides by itself. */
  answerWithinMs = REDIS_WAIT_MS;
  private readonly logger = new Logger('Accounts');
  private readonly buckets = new BoundedMap<string, Bucket>(MAX_BUCKETS);
  private isShared = true;

  constructor(
    private readonly accounts: KnownAccounts,
    private readonly redis: RedisConnection,
  ) {}

  /**
   * Asks whether an account may post so many events now, and counts them where it may.
   *
   * @throws ApiError 403 where the account is deleted
   */
  async take(account_id: string, events: number): Promise<LimitDecision> {
    const limit = await this.accounts.limitOf(account_id);
    if (!this.redis.isConfigured) return this.takeHere(account_id, limit, events);
    try {
      const key = this.redis.key('limit', account_id);
      const taken = await within(this.answerWithinMs, takeFromShared(this.redis.client, key, limit, events));
      this.noteWhetherShared(null);
      return decisionOf(limit, events, taken);
    } catch (error) {
      this.noteWhetherShared(error);
      return this.takeHere(account_id, limit, events);
    }
  }

  private takeHere(id: string, limit: AccountLimit, events: number): LimitDecision {
    const { bucket, decision } = takeFrom(this.buckets.get(id) ?? FULL_BUCKET, limit, events, Date.now());
    this.buckets.set(id, bucket);
    return decision;
  }

  private noteWhetherShared(fault: unknown): void {
    const isShared = fault === null;
    if (isShared === this.isShared) return;
    this.isShared = isShared;
    if (isShared) this.logger.log('limits of accounts are shared again, by way of Redis');
    else this.logger.warn({ err: fault }, 'limits of accounts hold in each process by itself: no Redis');
  }
}
