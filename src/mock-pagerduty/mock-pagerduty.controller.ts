import {
  Body,
  Controller,
  Get,
  Header,
  Headers,
  HttpCode,
  Logger,
  Post,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import { Needs } from '../accounts/needs';
import { ApiFailure } from '../http/api-failure';
import { MockPagerDutyStore } from './mock-pagerduty.store';
import { NoMockWithRoutingKeyGuard } from './no-mock-with-routing-key.guard';
import { EventAccepted, EventRefused, MockPagerDutyAnswer } from './pagerduty-answers';
import { REQUEST_EXAMPLES } from './request-examples';
import { identityFaults, isNormalizedEvent, translateEvent } from './translate-event';
import { validate, type ValidMessage } from './validate';

/** Longest body, in bytes: PagerDuty's "512 KB" (its Events API v2 reference), in its larger reading. */
const MAX_BODY_BYTES = 512 * 1_024;

/**
 * The mock PagerDuty: takes, checks and answers what `POST https://events.pagerduty.com/v2/enqueue` would, in
 * PagerDuty's own shapes, and shows what it got. It is there only as long as no routing key is configured.
 */
@ApiTags('mock PagerDuty')
@ApiFailure(404, { not_found: 'There is no mock PagerDuty where PAGERDUTY_ROUTING_KEY is set' })
@SkipThrottle()
@UseGuards(NoMockWithRoutingKeyGuard)
@Controller('destinations/pagerduty')
@Needs('admin')
export class MockPagerDutyController {
  private readonly logger = new Logger(MockPagerDutyController.name);

  constructor(private readonly store: MockPagerDutyStore) {}

  @Post(['', 'v2/enqueue'])
  @Needs('service')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Send an event to the mock PagerDuty',
    description:
      "Takes an Events API v2 body or one of Signalbox's own events, and checks it as PagerDuty would.",
  })
  @ApiBody({ schema: { type: 'object', additionalProperties: true }, examples: REQUEST_EXAMPLES })
  @ApiResponse({ status: 202, type: EventAccepted, description: 'Accepted.' })
  @ApiResponse({ status: 400, type: EventRefused, description: 'Invalid; `errors` names every fault.' })
  @ApiResponse({ status: 413, type: EventRefused, description: 'The body is longer than 512 KB.' })
  enqueue(
    @Body() body: unknown,
    @Headers('content-length') contentLength: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): EventAccepted | EventRefused {
    if (bytesOf(body, contentLength) > MAX_BODY_BYTES) {
      reply.status(413);
      return this.refuse(['Event object is too large (should be at most 512 KB)']);
    }
    const isEvent = isNormalizedEvent(body);
    const message = isEvent ? translateEvent(body) : body;
    const errors = [...(isEvent ? identityFaults(body) : []), ...validate(message)];
    if (errors.length > 0) {
      reply.status(400);
      return this.refuse(errors);
    }
    return this.accept(body as Record<string, unknown>, message as ValidMessage);
  }

  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOperation({ summary: 'What the mock PagerDuty has received, and the incidents it made of it' })
  @ApiResponse({ status: 200, type: MockPagerDutyAnswer, description: 'Both lists are oldest first.' })
  show(): string {
    return this.store.toJson();
  }

  private accept(received: Record<string, unknown>, message: ValidMessage): EventAccepted {
    const { dedup_key, state } = this.store.process(received, message, Date.now());
    const { event_action, payload } = message;
    this.logger.log(
      {
        event_action,
        dedup_key,
        incident_state: state,
        severity: payload?.severity,
        summary: payload?.summary,
      },
      'mock PagerDuty received an event',
    );
    return new EventAccepted(dedup_key);
  }

  private refuse(errors: readonly string[]): EventRefused {
    this.logger.warn({ errors }, 'mock PagerDuty refused an event');
    return new EventRefused(errors);
  }
}

/** Bytes of the body as it was sent; one sent in chunks is measured as it would be written without spaces. */
function bytesOf(body: unknown, contentLength: string | undefined): number {
  return contentLength === undefined
    ? Buffer.byteLength(JSON.stringify(body ?? null))
    : Number(contentLength);
}
