import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { accountOf, Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { ApiFailure } from '../../http/api-failure';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import { MonitorUptimesView } from './uptime-history-views';
import { UptimeReader } from './uptime-reader';
import { MOST_MONITORS, UptimesQuery } from './uptimes.query';

/** How well the targets of many monitors did, at a glance. */
@ApiTags('monitors')
@Controller('uptimes')
@Needs('read')
export class UptimesController {
  constructor(private readonly reader: UptimeReader) {}

  @Get()
  @ApiOperation({
    summary: 'Uptime of some monitors in all windows, and their last day by hours',
    description: `Of at most ${MOST_MONITORS} monitors of one account.`,
  })
  @ApiOkResponse({ type: MonitorUptimesView })
  @ApiFailure(400, { invalid_request: `monitor_ids must be 1 to ${MOST_MONITORS} ids with commas between` })
  async list(
    @Query() { account_id, monitor_ids }: UptimesQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<MonitorUptimesView> {
    const accountId = accountOf(caller, account_id) ?? DEFAULT_ACCOUNT;
    return { uptimes: await this.reader.readMany(accountId, monitor_ids.split(',')) };
  }
}
