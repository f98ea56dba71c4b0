import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { ApiFailure } from '../../http/api-failure';
import { MonitorParams } from '../api/monitor-requests';
import { NO_MONITOR, OwnedMonitors } from '../api/owned-monitors';
import { UPTIME_WINDOWS } from '../model/uptime';
import { UptimeHistoryView } from './uptime-history-views';
import { UptimeReader } from './uptime-reader';
import { UptimeQuery } from './uptime.query';
import { UptimeView } from './uptime-views';

/** How well a monitor's target did. */
@ApiTags('monitors')
@Controller('monitors/:id/uptime')
@Needs('read')
export class UptimeController {
  constructor(
    private readonly owned: OwnedMonitors,
    private readonly reader: UptimeReader,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Uptime, coverage, latency and incidents of a monitor' })
  @ApiOkResponse({ type: UptimeView })
  @ApiFailure(400, {
    invalid_request: `window must be one of ${Object.keys(UPTIME_WINDOWS).join(', ')}`,
  })
  @ApiFailure(404, { monitor_not_found: NO_MONITOR })
  async show(
    @Param() { id }: MonitorParams,
    @Query() { account_id, window }: UptimeQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<UptimeView> {
    return this.reader.read(await this.owned.find(caller, account_id, id), window);
  }

  @Get('history')
  @ApiOperation({ summary: 'Checks and latency of a monitor by hours, of 30d and 90d by days' })
  @ApiOkResponse({ type: UptimeHistoryView })
  @ApiFailure(400, {
    invalid_request: `window must be one of ${Object.keys(UPTIME_WINDOWS).join(', ')}`,
  })
  @ApiFailure(404, { monitor_not_found: NO_MONITOR })
  async history(
    @Param() { id }: MonitorParams,
    @Query() { account_id, window }: UptimeQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<UptimeHistoryView> {
    return this.reader.history(await this.owned.find(caller, account_id, id), window);
  }
}
