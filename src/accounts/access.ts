import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error';
import type { Need } from '../http/need';
import { ThrottleGuard } from '../http/throttle.guard';
import { forbidden, identifyCaller } from './caller';
import { callerOf, opens } from './credential';
import { Credentials } from './credentials';

/** So many wrong tokens an address may show within the time; right ones always open. */
const FAILURES = { name: 'credentials', limit: 20, ttlMs: 60_000 };

/** RFC 6750, section 2.1, and RFC 9110, section 11.1: the scheme's name in whatever letters. */
const BEARER = /^bearer +(\S+) *$/i;

/** Decides who is let in. */
@Injectable()
export class Access {
  constructor(
    private readonly credentials: Credentials,
    private readonly throttle: ThrottleGuard,
  ) {}

  /**
   * Lets a request in that has what it needs, and notes on whose behalf it comes.
   *
   * Who is not let in counts for the throttle, on routes too that it passes over.
   *
   * @throws ApiError 401 without a right credential, 403 with one that does not reach so far, 429 where the address has
   *   shown too many wrong ones
   * @throws StorageUnavailableError where it cannot be known, because the database is away
   */
  async admit(request: FastifyRequest, reply: FastifyReply, need: Need): Promise<void> {
    if (need === 'none') return;
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (!this.credentials.areNeeded) {
      identifyCaller(request, { isOperator: true, by: await this.credentials.nameOf(token, Date.now()) });
      return;
    }
    const credential = token === undefined ? null : await this.credentials.find(token, Date.now());
    if (credential === null) return this.refuse(request, reply);
    if (!opens(credential, need)) {
      await this.throttle.count(request, reply);
      throw forbidden();
    }
    const caller = callerOf(credential);
    if (caller !== null) identifyCaller(request, caller);
  }

  /** One answer to all, so that nobody learns how near it came. Who shows nothing guesses nothing, and is not counted. */
  private async refuse(request: FastifyRequest, reply: FastifyReply): Promise<never> {
    await this.throttle.count(request, reply);
    if (request.headers.authorization !== undefined) await this.throttle.countOf(FAILURES, request, reply);
    throw new ApiError(401, 'unauthenticated', 'Send a valid credential: Authorization: Bearer <key>.');
  }
}
