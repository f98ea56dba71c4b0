import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccountFilterQuery } from '../accounts/account-filter.query';
import { accountOf, Caller, type CallerIdentity } from '../accounts/caller';
import { Needs } from '../accounts/needs';
import { ApiFailure } from '../http/api-failure';
import { DEFAULT_ACCOUNT } from '../normalization/normalized-event';
import { SourcesReader } from './sources-reader';
import { SourcesView } from './sources-views';

/** Where signals come from. */
@ApiTags('services')
@Controller('sources')
@Needs('read')
export class SourcesController {
  constructor(private readonly sources: SourcesReader) {}

  @Get()
  @ApiOperation({
    summary: 'How signals come in: status pages, Stripe’s webhooks and monitors',
    description:
      'Of one account; for operators who name none, of `default`. Of monitors, how many are in which state.',
  })
  @ApiOkResponse({ type: SourcesView })
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  show(@Query() { account_id }: AccountFilterQuery, @Caller() caller: CallerIdentity): Promise<SourcesView> {
    return this.sources.read(accountOf(caller, account_id) ?? DEFAULT_ACCOUNT);
  }
}
