import { Controller, Headers, HttpCode, Logger, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { assertMayWrite, Caller, type CallerIdentity } from '../accounts/caller';
import { limitHeaders } from '../accounts/limit-headers';
import { Needs } from '../accounts/needs';
import { ApiError } from '../http/api-error';
import { TEXT_BODY } from '../http/body-parser';
import { QUIET_LOG } from '../http/request-log';
import { noteOn } from '../http/request-notes';
import { ThrottleGuard } from '../http/throttle.guard';
import { InvalidJsonError } from '../normalization/json-document';
import { TenantNormalizer } from '../normalization/normalization.module';
import type { NormalizedEvent } from '../normalization/normalized-event';
import { derivedEventId, newEventId } from '../normalization/tenant-event-id';
import { TenantPostError } from '../normalization/tenant-events';
import { IntakeBuffer } from '../recording/intake-buffer';
import { readIdempotencyKey } from './idempotency-key';
import { IngestMetrics } from './ingest-metrics';
import { countByAccount, PostLimit } from './post-limit';
import { TenantIntake } from './tenant-intake';
import type { TenantReceipt } from './tenant-post';
import { ApiTenantPost, LIMIT_MESSAGE } from './tenant-post-api';

/** A post that is right. */
interface ReadPost {
  readonly events: readonly NormalizedEvent[];
  /** How many of them each account has. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Tenants' own events. Accounts have limits of their own, and so only refused posts count for the address. */
@ApiTags('ingest')
@Controller('events')
@SkipThrottle()
@Needs('ingest')
export class TenantEventsController {
  private readonly logger = new Logger('Tenants');

  constructor(
    private readonly buffer: IntakeBuffer,
    private readonly normalizer: TenantNormalizer,
    private readonly limit: PostLimit,
    private readonly intake: TenantIntake,
    private readonly throttle: ThrottleGuard,
    private readonly metrics: IngestMetrics,
  ) {}

  /** Read, normalize, keep within the limits, take: answered only when the sender need not send it again. */
  @Post()
  @HttpCode(202)
  @RouteConfig({ ...TEXT_BODY, ...QUIET_LOG })
  @ApiTenantPost()
  async receive(
    @Caller() caller: CallerIdentity,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantReceipt> {
    this.buffer.assertHasRoomFor('tenant');
    const { events, counts } = await this.read(caller, idempotencyKey, request, reply);
    const decision = await this.limit.take(counts);
    void reply.headers(limitHeaders(decision));
    if (!decision.isAllowed) {
      throw this.refusal(new ApiError(429, 'account_limit_exceeded', LIMIT_MESSAGE), request);
    }
    const receipt = await this.intake.take(events, request.id);
    const { accepted, deduped, durability } = receipt;
    // Not at info: a line for each of ten thousand posts a second would cost more than reading them.
    this.logger.debug({ accepted, deduped, durability, request_id: request.id }, "tenant's events");
    return receipt;
  }

  /** The post's events, if they are all right and the caller may write them. */
  private async read(
    caller: CallerIdentity,
    header: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ReadPost> {
    try {
      const key = readIdempotencyKey(header);
      const makeEventId =
        key === null ? newEventId : (account: string, index: number) => derivedEventId(key, account, index);
      const body = typeof request.body === 'string' ? request.body : '';
      const events = this.normalizer.normalize({ body, makeEventId });
      const counts = countByAccount(events);
      assertMayWrite(caller, counts.keys());
      noteOn(request, { accounts: [...counts.keys()] });
      return { events, counts };
    } catch (error) {
      const refusal = this.refusal(toApiError(error), request);
      await this.throttle.count(request, reply);
      throw refusal;
    }
  }

  private refusal(error: ApiError, request: FastifyRequest): ApiError {
    const { code, message } = error;
    this.metrics.noteRejected('app', code);
    this.logger.warn({ code, ip: request.ip, request_id: request.id }, `tenant's events refused: ${message}`);
    return error;
  }
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof InvalidJsonError) {
    return new ApiError(400, `body_${error.fault}`, `The body is ${error.message}.`, { cause: error });
  }
  if (!(error instanceof TenantPostError)) throw error;
  const { fault, message, faults } = error;
  const [first] = faults;
  const fields = first === undefined ? {} : { index: first.index, field: first.field, faults };
  return new ApiError(400, fault, message, { fields, cause: error });
}
