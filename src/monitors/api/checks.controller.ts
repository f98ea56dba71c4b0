import { Controller, Get, HttpCode, Logger, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { AccountQuery } from '../../events/account.query';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { CheckRunner } from '../run/check-runner';
import { ChecksRepository } from '../storage/checks.repository';
import { CheckListView, checkView, CheckView } from './check-views';
import { ListChecksQuery, MonitorParams } from './monitor-requests';
import { NO_MONITOR, OwnedMonitors } from './owned-monitors';

/** Why there is no check to answer with. */
const REFUSALS = {
  nothing_to_check: 'A heartbeat asks nobody: its job calls in.',
  monitor_paused: 'The monitor is paused.',
  check_not_kept: 'The monitor was changed while it was checked, or this process stops. Try again.',
} as const;

/** What the checks of a monitor said. */
@ApiTags('monitors')
@Controller('monitors/:id')
@Needs('read')
export class ChecksController {
  private readonly logger = new Logger('Monitors');

  constructor(
    private readonly owned: OwnedMonitors,
    private readonly checks: ChecksRepository,
    private readonly runner: CheckRunner,
  ) {}

  @Post('check')
  @Needs('operate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Checks a monitor now',
    description: 'The check counts like any other. Regular ones go on as they would have.',
  })
  @ApiOkResponse({ type: CheckView })
  @ApiFailure(400, { invalid_request: 'id is not the id of a monitor' })
  @ApiFailure(404, { monitor_not_found: NO_MONITOR })
  @ApiFailure(409, REFUSALS)
  async check(
    @Param() { id }: MonitorParams,
    @Query() { account_id }: AccountQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<CheckView> {
    const { type, definition } = await this.owned.find(caller, account_id, id);
    if (type === 'heartbeat') throw refusal('nothing_to_check');
    if (definition.paused) throw refusal('monitor_paused');
    const check = await this.runner.checkNow(id);
    if (check === null) throw refusal('check_not_kept');
    this.logger.log({ monitor_id: id, class: check.class, reason: check.reason }, 'checked by hand');
    return checkView(check);
  }

  @Get('checks')
  @ApiOperation({
    summary: 'Checks of a monitor, newest first',
    description: 'Those of the last 7 days. Of a heartbeat: calls, and deadlines that passed without one.',
  })
  @ApiOkResponse({ type: CheckListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  @ApiFailure(404, { monitor_not_found: NO_MONITOR })
  async list(
    @Param() { id }: MonitorParams,
    @Query() { account_id, state, limit, cursor }: ListChecksQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<CheckListView> {
    const monitor = await this.owned.find(caller, account_id, id);
    const before_slot_at = cursor === undefined ? undefined : Number(cursor);
    const rows = await this.checks.list(monitor.id, { class: state, before_slot_at, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      checks: page.map(checkView),
      next_cursor: rows.length > limit && last !== undefined ? String(last.slot_at) : null,
    };
  }
}

function refusal(code: keyof typeof REFUSALS): ApiError {
  return new ApiError(409, code, REFUSALS[code]);
}
