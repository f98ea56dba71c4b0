import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error';

/** Counts requests per client address, over all routes together. */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  private readonly seen = new WeakSet<FastifyRequest>();

  /** Whether a request has come as far as this guard, which then has counted it or let it pass on purpose. */
  hasSeen(request: FastifyRequest): boolean {
    return this.seen.has(request);
  }

  override canActivate(context: ExecutionContext): Promise<boolean> {
    this.seen.add(context.switchToHttp().getRequest<FastifyRequest>());
    return super.canActivate(context);
  }

  /**
   * Counts something that the guard itself let pass uncounted, such as a webhook whose signature turned out
   * to be wrong.
   *
   * @throws ApiError 429 where the address has used up its share
   */
  async count(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const [throttler] = this.throttlers;
    const { limit, ttl } = throttler as { limit: number; ttl: number };
    if (limit === 0) return;
    const key = await this.getTracker(request);
    const { isBlocked, timeToBlockExpire } = await this.storageService.increment(
      key,
      ttl,
      limit,
      ttl,
      'default',
    );
    if (!isBlocked) return;
    void reply.header('retry-after', timeToBlockExpire);
    this.refuse();
  }

  protected override generateKey(_context: ExecutionContext, tracker: string): string {
    return tracker;
  }

  protected override throwThrottlingException(): Promise<void> {
    return this.refuse();
  }

  private refuse(): never {
    throw new ApiError(429, 'too_many_requests', 'Too many requests from this address. See Retry-After.');
  }
}
