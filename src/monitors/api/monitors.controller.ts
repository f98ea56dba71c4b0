import { Body, Controller, Delete, Get, HttpCode, Logger, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Author } from '../../accounts/actor';
import { By } from '../../accounts/author';
import { accountOf, Caller, may, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { ACCOUNT_DELETED, OpenAccounts } from '../../accounts/open-accounts';
import { pageOf } from '../../accounts/page.query';
import { Settings } from '../../config/settings';
import { AccountQuery } from '../../events/account.query';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { NO_KEY } from '../../http/error.filter';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import { userTargets, type AddressRule } from '../../reliability/address-guard';
import { changeDefinition, readDefinition } from '../model/definition';
import type { MonitorEntity } from '../storage/monitor.entity';
import { MonitorsRepository } from '../storage/monitors.repository';
import { takeAccountId } from './account-field';
import { admissible } from './admissible';
import { ApiRefusedDefinition } from '../../http/definition/api-refused-definition';
import { ApiMonitorBody, ApiMonitorChange } from './monitor-api';
import { ListOwnedQuery, MonitorParams } from './monitor-requests';
import { MonitorListView, MonitorView, monitorView } from './monitor-views';
import { monitorNotFound, NO_MONITOR, OwnedMonitors } from './owned-monitors';
import { restoreHeaders } from '../model/redacted-headers';
import { refusedDefinition } from '../../http/definition/refused-definition';

const OF_FILE = 'It comes from MONITORS_FILE: change it there.';
const TOO_MANY = 'The account has as many monitors as it may have (ACCOUNT_MONITORS).';
const NO_ACCOUNT_ID = 'account_id is not an account id';

/** What is watched. */
@ApiTags('monitors')
@Controller('monitors')
@Needs('manage')
export class MonitorsController {
  private readonly logger = new Logger('Monitors');
  private readonly addresses: AddressRule;

  constructor(
    private readonly settings: Settings,
    private readonly monitors: MonitorsRepository,
    private readonly owned: OwnedMonitors,
    private readonly accounts: OpenAccounts,
  ) {
    this.addresses = userTargets(settings);
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Adds a monitor',
    description: 'It is checked at once. All faults of a definition are told together.',
  })
  @ApiMonitorBody()
  @ApiCreatedResponse({ type: MonitorView })
  @ApiRefusedDefinition('invalid_monitor')
  @ApiFailure(409, { too_many_monitors: TOO_MANY, account_deleted: ACCOUNT_DELETED })
  @ApiFailure(503, { encryption_not_configured: NO_KEY })
  async create(
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<MonitorView> {
    const { account_id: requested, rest, faults } = takeAccountId(body);
    const account_id = await this.accounts.forNew(caller, requested);
    const reading = admissible(readDefinition(rest), this.addresses);
    const all = [...faults, ...('faults' in reading ? reading.faults : [])];
    if ('faults' in reading || all.length > 0) throw refusedDefinition('invalid_monitor', all);
    const { definition } = reading;
    const added = { account_id, definition, origin: 'api', origin_key: null } as const;
    const monitor = await this.monitors.create(author, added, this.settings.ACCOUNT_MONITORS);
    if (monitor === null) throw new ApiError(409, 'too_many_monitors', TOO_MANY);
    this.logger.log({ account_id, monitor_id: monitor.id, type: monitor.type }, 'monitor added');
    return this.view(monitor, caller);
  }

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Monitors of an account, in the order of their ids' })
  @ApiOkResponse({ type: MonitorListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  async list(
    @Query() { account_id, limit, cursor }: ListOwnedQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<MonitorListView> {
    const accountId = accountOf(caller, account_id) ?? DEFAULT_ACCOUNT;
    const { page, next_cursor } = pageOf(await this.monitors.list(accountId, limit + 1, cursor), limit);
    return { monitors: await this.views(page, caller), next_cursor };
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ summary: 'One monitor, and how its target is' })
  @ApiOkResponse({ type: MonitorView })
  @ApiFailure(400, { invalid_request: NO_ACCOUNT_ID })
  @ApiFailure(404, { monitor_not_found: NO_MONITOR })
  async show(
    @Param() { id }: MonitorParams,
    @Query() { account_id }: AccountQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<MonitorView> {
    return this.view(await this.owned.find(caller, account_id, id), caller);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Changes a monitor',
    description:
      'What is left out stays as it is; `headers`, `expect.json` and `expect.headers` are replaced whole. A pause, and ' +
      'a change of what is asked, resolves an open incident and begins anew.',
  })
  @ApiMonitorChange()
  @ApiOkResponse({ type: MonitorView })
  @ApiRefusedDefinition('invalid_monitor')
  @ApiFailure(404, { monitor_not_found: NO_MONITOR })
  @ApiFailure(409, { managed_by_file: OF_FILE })
  @ApiFailure(503, { encryption_not_configured: NO_KEY })
  async change(
    @Param() { id }: MonitorParams,
    @Query() { account_id }: AccountQuery,
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<MonitorView> {
    for (;;) {
      const known = await this.findOwn(caller, account_id, id);
      const change = restoreHeaders(body, known.definition);
      const reading = admissible(changeDefinition(known.definition, change), this.addresses);
      if ('faults' in reading) throw refusedDefinition('invalid_monitor', reading.faults);
      const monitor = await this.monitors.change(author, known, reading.definition);
      // Somebody else has changed it meanwhile: what is to be changed is another definition now.
      if (monitor === null) continue;
      this.logger.log({ account_id: monitor.account_id, monitor_id: id }, 'monitor changed');
      return this.view(monitor, caller);
    }
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a monitor', description: 'Its open incident is resolved.' })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: NO_ACCOUNT_ID })
  @ApiFailure(404, { monitor_not_found: NO_MONITOR })
  @ApiFailure(409, { managed_by_file: OF_FILE })
  async delete(
    @Param() { id }: MonitorParams,
    @Query() { account_id }: AccountQuery,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<void> {
    const monitor = await this.findOwn(caller, account_id, id);
    // False where it was changed meanwhile, too.
    while (!(await this.monitors.remove(author, monitor))) await this.findOwn(caller, account_id, id);
    this.logger.log({ account_id: monitor.account_id, monitor_id: id }, 'monitor deleted');
  }

  /** A monitor that the API may change. */
  private async findOwn(
    caller: CallerIdentity,
    accountId: string | undefined,
    id: string,
  ): Promise<MonitorEntity> {
    const monitor = await this.owned.find(caller, accountId, id);
    if (monitor.origin === 'file') throw new ApiError(409, 'managed_by_file', OF_FILE);
    return monitor;
  }

  private async view(monitor: MonitorEntity, caller: CallerIdentity): Promise<MonitorView> {
    const [view] = await this.views([monitor], caller);
    if (view === undefined) throw monitorNotFound();
    return view;
  }

  /** Those that are deleted meanwhile are left out. */
  private async views(monitors: readonly MonitorEntity[], caller: CallerIdentity): Promise<MonitorView[]> {
    const states = await this.monitors.statesOf(monitors.map(({ id }) => id));
    const byId = new Map(states.map((state) => [state.monitor_id, state]));
    return monitors.flatMap((monitor) => {
      const state = byId.get(monitor.id);
      return state === undefined ? [] : [monitorView(monitor, state, { mayChange: may(caller, 'manage') })];
    });
  }
}
