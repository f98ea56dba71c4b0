import { Body, Controller, Delete, Get, HttpCode, Logger, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Author } from '../../accounts/actor';
import { By } from '../../accounts/author';
import { accountOf, Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { ACCOUNT_DELETED, OpenAccounts } from '../../accounts/open-accounts';
import { pageOf } from '../../accounts/page.query';
import { Database } from '../../database/database';
import { AccountQuery } from '../../events/account.query';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import type { DefinitionFault } from '../../http/definition/definition-fields';
import type { MaintenanceWindowEntity } from '../storage/maintenance-window.entity';
import { MaintenanceWindowsRepository, type WindowFields } from '../storage/maintenance-windows.repository';
import { takeAccountId } from './account-field';
import { KnownMonitors } from './known-monitors';
import { changeWindow, readWindow, type WindowDefinition } from './maintenance-request';
import {
  ChangeMaintenanceWindowBody,
  MaintenanceWindowBody,
  MaintenanceWindowListView,
  MaintenanceWindowView,
  maintenanceWindowView,
} from './maintenance-views';
import { ApiRefusedDefinition } from '../../http/definition/api-refused-definition';
import { ListOwnedQuery, MaintenanceWindowParams } from './monitor-requests';
import { refusedDefinition } from '../../http/definition/refused-definition';

/** Whether a check is in maintenance is asked at each of them, and so an account has no more windows. */
const MAX_WINDOWS = 200;

const NOT_FOUND = 'There is no such maintenance window in this account.';
const OF_FILE = 'It comes from MONITORS_FILE: change it there.';
const TOO_MANY = `The account has as many maintenance windows as it may have (${MAX_WINDOWS}).`;

const ONCE = {
  account_id: 'acme',
  name: 'Database upgrade',
  starts_at: '2026-01-18T02:00:00.000Z',
  ends_at: '2026-01-18T04:00:00.000Z',
};

const WEEKLY = {
  account_id: 'acme',
  name: 'Deployments',
  monitor_ids: null,
  repeats: 'weekly',
  on: ['sun'],
  local_time: '02:30',
  time_zone: 'Europe/Berlin',
  duration_s: 3_600,
};

/** When somebody works on the targets. */
@ApiTags('monitors')
@Controller('maintenance-windows')
@Needs('manage')
export class MaintenanceWindowsController {
  private readonly logger = new Logger('Monitors');

  constructor(
    private readonly windows: MaintenanceWindowsRepository,
    private readonly monitors: KnownMonitors,
    private readonly accounts: OpenAccounts,
    private readonly database: Database,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Adds a maintenance window',
    description: 'Checks go on, nobody is paged, and the time is left out of uptime.',
  })
  @ApiBody({
    type: MaintenanceWindowBody,
    examples: {
      once: { summary: 'Once', value: ONCE },
      weekly: { summary: 'Every Sunday', value: WEEKLY },
    },
  })
  @ApiCreatedResponse({ type: MaintenanceWindowView })
  @ApiRefusedDefinition('invalid_maintenance_window')
  @ApiFailure(409, { too_many_maintenance_windows: TOO_MANY, account_deleted: ACCOUNT_DELETED })
  async create(
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<MaintenanceWindowView> {
    const { account_id: requested, rest, faults } = takeAccountId(body);
    const account_id = await this.accounts.forNew(caller, requested);
    const reading = readWindow(rest);
    const all = [...faults, ...('faults' in reading ? reading.faults : [])];
    if ('faults' in reading || all.length > 0) throw refused(all);
    const now = await this.database.now();
    const { schedule } = reading.window;
    if (schedule.repeats === 'once' && schedule.ends_at <= now) {
      throw refused([{ field: 'ends_at', message: 'must be in the future' }]);
    }
    await this.refuseUnknown(account_id, reading.window.monitor_ids ?? []);
    const added = { account_id, ...fieldsOf(reading.window), origin: 'api', origin_key: null } as const;
    const window = await this.windows.create(author, added, MAX_WINDOWS);
    if (window === null) throw new ApiError(409, 'too_many_maintenance_windows', TOO_MANY);
    this.logger.log({ account_id, window_id: window.id }, 'maintenance window added');
    return maintenanceWindowView(window, now);
  }

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Maintenance windows of an account, in the order of their ids' })
  @ApiOkResponse({ type: MaintenanceWindowListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  async list(
    @Query() { account_id, limit, cursor }: ListOwnedQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<MaintenanceWindowListView> {
    const accountId = accountOf(caller, account_id) ?? DEFAULT_ACCOUNT;
    const { page, next_cursor } = pageOf(await this.windows.list(accountId, limit + 1, cursor), limit);
    const now = await this.database.now();
    return { maintenance_windows: page.map((window) => maintenanceWindowView(window, now)), next_cursor };
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ summary: 'One maintenance window, and when it comes next' })
  @ApiOkResponse({ type: MaintenanceWindowView })
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  @ApiFailure(404, { maintenance_window_not_found: NOT_FOUND })
  async show(
    @Param() { id }: MaintenanceWindowParams,
    @Query() { account_id }: AccountQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<MaintenanceWindowView> {
    return maintenanceWindowView(await this.find(caller, account_id, id), await this.database.now());
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Changes a maintenance window',
    description: 'What is left out stays as it is; another `repeats` begins a new schedule.',
  })
  @ApiBody({
    type: ChangeMaintenanceWindowBody,
    examples: {
      longer: { summary: 'It takes longer', value: { ends_at: '2026-01-18T05:00:00.000Z' } },
    },
  })
  @ApiOkResponse({ type: MaintenanceWindowView })
  @ApiRefusedDefinition('invalid_maintenance_window')
  @ApiFailure(404, { maintenance_window_not_found: NOT_FOUND })
  @ApiFailure(409, { managed_by_file: OF_FILE })
  async change(
    @Param() { id }: MaintenanceWindowParams,
    @Query() { account_id }: AccountQuery,
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<MaintenanceWindowView> {
    const known = await this.findOwn(caller, account_id, id);
    const reading = changeWindow(known, body);
    if ('faults' in reading) throw refused(reading.faults);
    // A monitor that was deleted since is no reason to refuse another name.
    const added = (reading.window.monitor_ids ?? []).filter(
      (one) => known.monitor_ids?.includes(one) !== true,
    );
    await this.refuseUnknown(known.account_id, added);
    const window = await this.windows.change(author, known, fieldsOf(reading.window));
    if (window === null) throw notFound();
    this.logger.log({ account_id: window.account_id, window_id: id }, 'maintenance window changed');
    return maintenanceWindowView(window, await this.database.now());
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Deletes a maintenance window',
    description: 'One that is under way ends. Checks that were made in it stay out of uptime.',
  })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  @ApiFailure(404, { maintenance_window_not_found: NOT_FOUND })
  @ApiFailure(409, { managed_by_file: OF_FILE })
  async delete(
    @Param() { id }: MaintenanceWindowParams,
    @Query() { account_id }: AccountQuery,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<void> {
    const window = await this.findOwn(caller, account_id, id);
    if (!(await this.windows.remove(author, window))) throw notFound();
    this.logger.log({ account_id: window.account_id, window_id: id }, 'maintenance window deleted');
  }

  private async find(
    caller: CallerIdentity,
    accountId: string | undefined,
    id: string,
  ): Promise<MaintenanceWindowEntity> {
    const window = await this.windows.find(accountOf(caller, accountId) ?? DEFAULT_ACCOUNT, id);
    if (window === null) throw notFound();
    return window;
  }

  /** A window that the API may change. */
  private async findOwn(
    caller: CallerIdentity,
    accountId: string | undefined,
    id: string,
  ): Promise<MaintenanceWindowEntity> {
    const window = await this.find(caller, accountId, id);
    if (window.origin === 'file') throw new ApiError(409, 'managed_by_file', OF_FILE);
    return window;
  }

  private async refuseUnknown(accountId: string, ids: readonly string[]): Promise<void> {
    const unknown = await this.monitors.missingOf(accountId, ids);
    if (unknown.length === 0) return;
    throw refused([
      { field: 'monitor_ids', message: `names no monitor of the account: ${unknown.join(', ')}` },
    ]);
  }
}

function notFound(): ApiError {
  return new ApiError(404, 'maintenance_window_not_found', NOT_FOUND);
}

function refused(faults: readonly DefinitionFault[]): ApiError {
  return refusedDefinition('invalid_maintenance_window', faults);
}

function fieldsOf({ name, monitor_ids, schedule }: WindowDefinition): WindowFields {
  return { name, monitor_ids: monitor_ids === null ? null : [...monitor_ids], schedule };
}
