import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../accounts/needs';
import { ApiError } from '../http/api-error';
import { AllPagesFailed, answerOf, errorsIn, PullAnswer } from './pull-answer';
import { StatusPoller } from './status-poller';

@ApiTags('ingest')
@Controller('ingest')
@Needs('admin')
export class StatuspageController {
  constructor(private readonly poller: StatusPoller) {}

  @Post('pull-status')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Read every configured status page now',
    description:
      'Pages without a URL are read from fixtures, except in production. Calls that come while a poll runs share it.',
  })
  @ApiResponse({
    status: 200,
    type: PullAnswer,
    description: 'At least one page was read, or there is none.',
  })
  @ApiResponse({
    status: 502,
    type: AllPagesFailed,
    description: 'No page could be read (`all_pages_failed`).',
  })
  async pull(@Req() request: FastifyRequest): Promise<PullAnswer> {
    const outcomes = await this.poller.poll('all', request.id);
    const errors = errorsIn(outcomes);
    if (errors.length > 0 && errors.length === outcomes.length) {
      throw new ApiError(502, 'all_pages_failed', 'No status page could be read.', { fields: { errors } });
    }
    return answerOf(outcomes);
  }
}
