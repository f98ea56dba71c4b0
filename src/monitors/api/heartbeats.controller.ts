import {
  applyDecorators,
  Controller,
  createParamDecorator,
  Get,
  HttpCode,
  Post,
  type ExecutionContext,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NeedsNothing } from '../../accounts/needs';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { RAW_BODY } from '../../http/body-parser';
import { QUIET_LOG } from '../../http/request-log';
import { ThrottleGuard } from '../../http/throttle.guard';
import { Heartbeats, type BeatKind } from '../run/heartbeats';

const NOT_FOUND = 'Nobody is waiting for this call.';

/** What a token looks like; nothing else is looked up. */
const TOKEN = /^[A-Za-z0-9_-]{32}$/;

const DONE = 'A job has done its work';
const BEGUN = 'A job has begun';
const FAILED = 'A job has failed';

/** A call, and who makes it. */
interface BeatCall {
  readonly token: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const Call = createParamDecorator((_data: unknown, context: ExecutionContext): BeatCall => {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest<{ Params: { token: string } }>>();
  return { token: request.params.token, request, reply: http.getResponse<FastifyReply>() };
});

/** The answer to a call. */
export class BeatReceipt {
  @ApiProperty({ description: 'The call is stored, and on disk', example: true })
  received!: true;
}

/** A call takes whatever comes with it, as jobs like to send their output, and ignores it. */
function Beat(summary: string): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    RouteConfig({ ...RAW_BODY, ...QUIET_LOG }),
    ApiOperation({ summary, description: 'GET, HEAD and POST do the same. A body is ignored.' }),
    ApiParam({ name: 'token', example: 'mXo0cV5uW1yR7sJ2aLd8eKfNgPqBhTzC' }),
    ApiOkResponse({ type: BeatReceipt }),
    ApiFailure(404, { heartbeat_not_found: NOT_FOUND }),
    ApiFailure(503, { storage_unavailable: 'Nothing can be stored or read right now. Try again.' }),
  );
}

/**
 * Where jobs call in. The token is the credential; calls that nobody waits for count for the address's throttle, and
 * those that somebody waits for are never too many.
 */
@ApiTags('heartbeats')
@Controller('heartbeats/:token')
@SkipThrottle()
@NeedsNothing()
export class HeartbeatsController {
  constructor(
    private readonly heartbeats: Heartbeats,
    private readonly throttle: ThrottleGuard,
  ) {}

  @Post()
  @Beat(DONE)
  end(@Call() call: BeatCall): Promise<BeatReceipt> {
    return this.take(call, 'end');
  }

  @Get()
  @Beat(DONE)
  endByGet(@Call() call: BeatCall): Promise<BeatReceipt> {
    return this.take(call, 'end');
  }

  @Post('start')
  @Beat(BEGUN)
  start(@Call() call: BeatCall): Promise<BeatReceipt> {
    return this.take(call, 'start');
  }

  @Get('start')
  @Beat(BEGUN)
  startByGet(@Call() call: BeatCall): Promise<BeatReceipt> {
    return this.take(call, 'start');
  }

  @Post('fail')
  @Beat(FAILED)
  fail(@Call() call: BeatCall): Promise<BeatReceipt> {
    return this.take(call, 'fail');
  }

  @Get('fail')
  @Beat(FAILED)
  failByGet(@Call() call: BeatCall): Promise<BeatReceipt> {
    return this.take(call, 'fail');
  }

  private async take({ token, request, reply }: BeatCall, kind: BeatKind): Promise<BeatReceipt> {
    const isKnown = TOKEN.test(token) && (await this.heartbeats.beat(token, kind));
    if (isKnown) return { received: true };
    await this.throttle.count(request, reply);
    throw new ApiError(404, 'heartbeat_not_found', NOT_FOUND);
  }
}
