import { isUtf8 } from 'node:buffer';
import { Controller, Headers, HttpCode, Logger, Param, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiBody,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NeedsNothing } from '../accounts/needs';
import { EventsRepository } from '../events/events.repository';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { RAW_BODY } from '../http/body-parser';
import { noteOn } from '../http/request-notes';
import { ThrottleGuard } from '../http/throttle.guard';
import { DEFAULT_ACCOUNT, type NormalizedEvent } from '../normalization/normalized-event';
import { StripeNormalizer } from '../normalization/normalization.module';
import { StripeBodyError } from '../normalization/stripe';
import { Recorder } from '../recording/recorder';
import { IngestMetrics } from './ingest-metrics';
import { ADVICE, BODY_FAULTS } from './stripe-faults';
import { StripeRefusals } from './stripe-refusals';
import { StripeSecrets } from './stripe-secrets';
import { findSignatureFault } from './stripe-signature';

/** The answer to an accepted webhook. */
export class StripeReceipt {
  @ApiProperty({ description: 'The event is stored, and on disk', example: true })
  received!: true;

  @ApiPropertyOptional({ description: 'Only there where the event was known', example: true })
  deduped?: true;
}

const NOT_CONFIGURED = 'STRIPE_WEBHOOK_SECRET is not set.';

const SIGNATURE_HEADER = {
  name: 'stripe-signature',
  required: true,
  description: 't=<unix s>,v1=<hex>[,v1=<hex>]',
};

const BODY = {
  schema: { type: 'object', required: ['id', 'type'], example: { id: 'evt_1abc', type: 'payout.failed' } },
};

/** Where a webhook came, and what it may be signed with there. */
interface Endpoint {
  readonly account_id: string;
  readonly secrets: readonly string[];
}

/** Stripe's webhooks. */
@ApiTags('ingest')
@Controller('ingest/stripe')
@SkipThrottle()
@NeedsNothing()
export class StripeController {
  private readonly logger = new Logger('Stripe');

  constructor(
    private readonly secrets: StripeSecrets,
    private readonly normalizer: StripeNormalizer,
    private readonly recorder: Recorder,
    private readonly events: EventsRepository,
    private readonly throttle: ThrottleGuard,
    private readonly metrics: IngestMetrics,
    private readonly refusals: StripeRefusals,
  ) {}

  @Post()
  @HttpCode(200)
  @RouteConfig(RAW_BODY)
  @ApiOperation({
    summary: "Takes a Stripe webhook, signed over the body's bytes",
    description:
      'Known ids answer 200 with `deduped`. Rightly signed webhooks are not throttled, others are.',
  })
  @ApiHeader(SIGNATURE_HEADER)
  @ApiBody(BODY)
  @ApiOkResponse({ type: StripeReceipt })
  @ApiFailure(400, { ...ADVICE, ...BODY_FAULTS })
  @ApiFailure(503, { stripe_not_configured: NOT_CONFIGURED })
  async receive(
    @Headers('stripe-signature') signature: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StripeReceipt> {
    noteOn(request, { accounts: [DEFAULT_ACCOUNT] });
    const { all: secrets } = this.secrets;
    if (secrets.length === 0) throw new ApiError(503, 'stripe_not_configured', NOT_CONFIGURED);
    const endpoint = { account_id: DEFAULT_ACCOUNT, secrets };
    return this.take(await this.verifyAndNormalize(endpoint, signature, request, reply), request);
  }

  @Post(':account_id')
  @HttpCode(200)
  @RouteConfig(RAW_BODY)
  @ApiOperation({
    summary: "Takes a webhook of an account's own Stripe endpoint",
    description:
      'Signed with one of the `stripe_webhook_secrets` of the account. One that has none, and an account that is ' +
      'not there, answer as one whose secret is another.',
  })
  @ApiParam({ name: 'account_id', example: 'acme' })
  @ApiHeader(SIGNATURE_HEADER)
  @ApiBody(BODY)
  @ApiOkResponse({ type: StripeReceipt })
  @ApiFailure(400, { ...ADVICE, ...BODY_FAULTS })
  async receiveFor(
    @Param('account_id') accountId: string,
    @Headers('stripe-signature') signature: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StripeReceipt> {
    noteOn(request, { accounts: [accountId] });
    const endpoint = { account_id: accountId, secrets: await this.secrets.of(accountId) };
    return this.take(await this.verifyAndNormalize(endpoint, signature, request, reply), request);
  }

  /** What is verified and normalized is recorded: answered only after the commit is on disk. */
  private async take(event: NormalizedEvent, request: FastifyRequest): Promise<StripeReceipt> {
    const [recorded] = await this.recorder.record([event], { requestId: request.id, sender: 'vendor' });
    const isKnown = recorded?.outcome !== 'stored';
    this.logger.log(
      {
        account_id: event.account_id,
        event_id: event.event_id,
        type: event.type,
        severity: event.severity,
        outcome: recorded?.outcome,
        triggered: recorded?.is_triggered,
        request_id: request.id,
      },
      'stripe webhook',
    );
    if (!isKnown) return { received: true };
    await this.noteReusedId(event);
    return { received: true, deduped: true };
  }

  private async verifyAndNormalize(
    { account_id, secrets }: Endpoint,
    signature: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<NormalizedEvent> {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const now = Date.now();
    const fault = findSignatureFault(signature, body, secrets, now);
    if (fault !== null) {
      const refusal = this.refusal(account_id, fault, ADVICE[fault], request);
      await this.throttle.count(request, reply);
      throw refusal;
    }
    if (!isUtf8(body)) {
      throw this.refusal(account_id, 'body_not_utf8', BODY_FAULTS.body_not_utf8, request);
    }
    try {
      return this.normalizer.normalize({ account_id, body: body.toString('utf8'), receivedAt: now });
    } catch (error) {
      if (!(error instanceof StripeBodyError)) throw error;
      throw this.refusal(account_id, error.fault, error.message, request);
    }
  }

  private refusal(accountId: string, code: string, message: string, request: FastifyRequest): ApiError {
    this.refusals.note(accountId, code, Date.now());
    this.logger.warn({ code, ip: request.ip, request_id: request.id }, `stripe webhook refused: ${message}`);
    this.metrics.noteRejected('stripe', code);
    return new ApiError(400, code, message);
  }

  /** Stripe's "send test webhook" uses one id for every type: the first stays, the operator should know. */
  private async noteReusedId(event: NormalizedEvent): Promise<void> {
    const stored = await this.events.find(event.account_id, event.event_id);
    if (stored === null || stored.raw === event.raw) return;
    this.logger.warn(
      { event_id: event.event_id, stored_type: stored.type, type: event.type },
      'a webhook with a known id has another body: the first one stays',
    );
  }
}
