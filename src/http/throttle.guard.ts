import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error';

/** How much of something an address may do within some time. */
export interface Share {
  readonly name: string;
  readonly limit: number;
  readonly ttlMs: number;
}

/** Counts requests per client address, over all routes together. */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  private readonly seen = new WeakSet<FastifyRequest>();
  private readonly counted = new WeakSet<FastifyRequest>();

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
   * to be wrong. No request counts twice.
   *
   * @throws ApiError 429 where the address has used up its share
   */
  async count(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const [throttler] = this.throttlers;
    const { limit, ttl } = throttler as { limit: number; ttl: number };
    this.seen.add(request);
    if (limit === 0 || this.counted.has(request)) return;
    this.counted.add(request);
    await this.countOf({ name: 'default', limit, ttlMs: ttl }, request, reply);
  }

  /**
   * Counts something of which an address has a share of its own.
   *
   * @throws ApiError 429 where it has used that up
   */
  async countOf(share: Share, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { name, limit, ttlMs } = share;
    const tracker = await this.getTracker(request);
    const key = name === 'default' ? tracker : `${name}:${tracker}`;
    const { isBlocked, timeToBlockExpire } = await this.storageService.increment(
      key,
      ttlMs,
      limit,
      ttlMs,
      name,
    );
    if (!isBlocked) return;
    void reply.header('retry-after', timeToBlockExpire);
    this.refuse();
  }

  protected override handleRequest(properties: ThrottlerRequest): Promise<boolean> {
    this.counted.add(properties.context.switchToHttp().getRequest<FastifyRequest>());
    return super.handleRequest(properties);
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
