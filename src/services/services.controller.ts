import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { accountOf, Caller, type CallerIdentity } from '../accounts/caller';
import { AccountFilterQuery } from '../accounts/account-filter.query';
import { Needs } from '../accounts/needs';
import { ApiFailure } from '../http/api-failure';

import { ServicesReader } from './services-reader';
import { ServicesView } from './services-views';

/** What is broken now. */
@ApiTags('services')
@Controller('services')
@Needs('read')
export class ServicesController {
  constructor(private readonly services: ServicesReader) {}

  @Get()
  @ApiOperation({
    summary: 'What is broken now, for whom, since when, and whether the page was delivered',
    description:
      'Every service that a status page, a monitor, or an incident of the last 90 days names, the worst first, with what ' +
      'says so. Services of vendors are those of the account `default`.',
  })
  @ApiOkResponse({ type: ServicesView })
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  list(@Query() { account_id }: AccountFilterQuery, @Caller() caller: CallerIdentity): Promise<ServicesView> {
    return this.services.read(accountOf(caller, account_id));
  }
}
