import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AccountParams } from '../../accounts/account-requests';
import { accountOf, Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { ApiFailure } from '../../http/api-failure';
import { noteOn } from '../../http/request-notes';
import { Summaries } from './summaries';
import { SummaryQuery } from './summary.query';
import { SummaryView } from './summary-views';

/** What happened in an account, in numbers. */
@ApiTags('events')
@Controller('accounts')
@Needs('read')
export class SummaryController {
  constructor(private readonly summaries: Summaries) {}

  @Get(':id/summary')
  @ApiOperation({
    summary: 'What happened in an account, in numbers',
    description:
      'New events by the time they were received; repeats and later states of an event do not count again. Kept for ' +
      '60 seconds. An account that nobody has heard of has zeros.',
  })
  @ApiOkResponse({ type: SummaryView })
  @ApiFailure(400, { invalid_request: 'window must be one of 1h, 24h, 7d, 30d' })
  async show(
    @Param() { id }: AccountParams,
    @Query() { window }: SummaryQuery,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
  ): Promise<SummaryView> {
    accountOf(caller, id);
    noteOn(request, { accounts: [id] });
    const summary = await this.summaries.of(id, window);
    noteOn(request, { accounts: [id], cache: summary.cached ? 'hit' : 'miss' });
    return summary;
  }
}
