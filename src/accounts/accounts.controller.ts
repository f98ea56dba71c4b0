import { Body, Controller, Delete, Get, HttpCode, Logger, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { NO_KEY } from '../http/error.filter';
import { storable } from '../normalization/plain-text';
import type { AccountEntity } from './account.entity';
import {
  AccountParams,
  ChangeAccountRequest,
  CreateAccountRequest,
  ListAccountsQuery,
} from './account-requests';
import { AccountListView, AccountView, accountView } from './account-views';
import { AccountsRepository, type AccountChange } from './accounts.repository';
import type { Author } from './actor';
import { By } from './author';
import { accountOf, Caller, forbidden, type CallerIdentity } from './caller';
import { KnownAccounts } from './known-accounts';
import { KnownKeys } from './known-keys';
import { KnownSessions } from './known-sessions';
import { Needs } from './needs';
import { pageOf } from './page.query';

const NOT_FOUND = 'There is no such account.';
const EXISTS = 'There is an account of this id.';
const DELETED = 'An account of this id was deleted. The id is free again when retention has removed it.';

/** Who the tenants are, and what each may do. */
@ApiTags('accounts')
@Controller('accounts')
@Needs('admin')
export class AccountsController {
  private readonly logger = new Logger('Accounts');

  constructor(
    private readonly accounts: AccountsRepository,
    private readonly knownAccounts: KnownAccounts,
    private readonly knownKeys: KnownKeys,
    private readonly knownSessions: KnownSessions,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Adds an account',
    description: 'An account that was never added can be used all the same, with the default limits.',
  })
  @ApiCreatedResponse({ type: AccountView })
  @ApiFailure(400, { invalid_request: 'name must not be blank' })
  @ApiFailure(409, { account_exists: EXISTS })
  @ApiFailure(503, { encryption_not_configured: NO_KEY })
  async create(@Body() { id, ...body }: CreateAccountRequest, @By() author: Author): Promise<AccountView> {
    const account = await this.accounts.add(author, id, { ...changeOf(body), name: storable(body.name) });
    if (account === null) throw await this.conflict(id);
    this.logger.log({ account_id: id }, 'account added');
    return this.changed(account);
  }

  @Get()
  @ApiOperation({ summary: 'Accounts, in the order of their ids' })
  @ApiOkResponse({ type: AccountListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  async list(@Query() { id, limit, cursor }: ListAccountsQuery): Promise<AccountListView> {
    if (id !== undefined) {
      const account = await this.accounts.find(id);
      return { accounts: account === null ? [] : [this.view(account)], next_cursor: null };
    }
    const { page, next_cursor } = pageOf(await this.accounts.list(limit + 1, cursor), limit);
    return { accounts: page.map((account) => this.view(account)), next_cursor };
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ summary: 'One account' })
  @ApiOkResponse({ type: AccountView })
  @ApiFailure(400, { invalid_request: 'id is not an account id' })
  @ApiFailure(404, { account_not_found: NOT_FOUND })
  async show(@Param() { id }: AccountParams, @Caller() caller: CallerIdentity): Promise<AccountView> {
    accountOf(caller, id);
    const account = await this.accounts.find(id);
    if (account === null) throw notFound();
    return this.view(account);
  }

  @Patch(':id')
  @Needs('manage')
  @ApiOperation({
    summary: 'Changes an account',
    description: 'What is left out stays as it is. Its limits are not for its own people to change.',
  })
  @ApiOkResponse({ type: AccountView })
  @ApiFailure(400, { invalid_request: 'name must not be blank' })
  @ApiFailure(404, { account_not_found: NOT_FOUND })
  @ApiFailure(503, { encryption_not_configured: NO_KEY })
  async change(
    @Param() { id }: AccountParams,
    @Body() body: ChangeAccountRequest,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<AccountView> {
    accountOf(caller, id);
    if (body?.limits !== undefined && !caller.isOperator) throw forbidden();
    const account = await this.accounts.change(author, id, changeOf(body ?? {}));
    if (account === null) throw notFound();
    this.logger.log({ account_id: id }, 'account changed');
    return this.changed(account);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Deletes an account',
    description:
      'Its keys are revoked, its people lose their roles, and its posts are refused. What is stored of it goes with its age.',
  })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: 'id is not an account id' })
  @ApiFailure(404, { account_not_found: NOT_FOUND })
  async delete(@Param() { id }: AccountParams, @By() author: Author): Promise<void> {
    const deleted = await this.accounts.markDeleted(author, id);
    if (deleted === null) throw notFound();
    this.knownAccounts.note(deleted.account);
    for (const key of deleted.keys) this.knownKeys.note(key);
    this.knownSessions.forget();
    this.logger.log({ account_id: id, keys: deleted.keys.length }, 'account deleted, and its keys revoked');
  }

  private changed(account: AccountEntity): AccountView {
    this.knownAccounts.note(account);
    return this.view(account);
  }

  private view(account: AccountEntity): AccountView {
    return accountView(account, this.knownAccounts.effectiveLimit(account));
  }

  private async conflict(id: string): Promise<ApiError> {
    const account = await this.accounts.findEver(id);
    const isDeleted = account !== null && account.deleted_at !== null;
    return new ApiError(409, 'account_exists', isDeleted ? DELETED : EXISTS);
  }
}

/** The answer of every route about an account that is not there. */
export function notFound(): ApiError {
  return new ApiError(404, 'account_not_found', NOT_FOUND);
}

/** The columns that a request changes. */
function changeOf({ name, limits, stripe_webhook_secrets }: ChangeAccountRequest): AccountChange {
  return {
    ...(name === undefined ? {} : { name: storable(name) }),
    ...limits,
    ...(stripe_webhook_secrets === undefined ? {} : { stripe_secrets: stripe_webhook_secrets }),
  };
}
