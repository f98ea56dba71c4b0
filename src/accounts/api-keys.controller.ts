import { Body, Controller, Delete, Get, HttpCode, Logger, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { readStrictInstant } from '../normalization/strict-instant';
import { AccountParams } from './account-requests';
import { notFound } from './accounts.controller';
import { AccountsRepository } from './accounts.repository';
import type { Author } from './actor';
import { makeApiKey } from './api-key';
import { ApiKeyParams, CreateApiKeyRequest } from './api-key-requests';
import { ApiKeyListView, apiKeyView, CreatedApiKeyView } from './api-key-views';
import { ApiKeysRepository } from './api-keys.repository';
import { By } from './author';
import { accountOf, Caller, forbidden, type CallerIdentity } from './caller';
import { KnownKeys } from './known-keys';
import { Needs } from './needs';
import { PageQuery, pageOf } from './page.query';

const EXPIRY = 'expires_at must be an instant of ISO 8601, with its zone, in the future';
const NO_ACCOUNT = 'There is no such account.';
const NO_KEY = 'This account has no such key.';

/** The keys of an account. */
@ApiTags('accounts')
@Controller('accounts/:id/keys')
@Needs('manage')
export class ApiKeysController {
  private readonly logger = new Logger('Accounts');

  constructor(
    private readonly accounts: AccountsRepository,
    private readonly keys: ApiKeysRepository,
    private readonly knownKeys: KnownKeys,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Makes a key for an account',
    description:
      '`ingest`: may post events of its account. `read`: sees what is its account’s. `admin`: may do everything, ' +
      'for all accounts, as `ADMIN_TOKEN` may, and so only who may that makes such a key.',
  })
  @ApiCreatedResponse({ type: CreatedApiKeyView })
  @ApiFailure(400, { invalid_request: EXPIRY })
  @ApiFailure(404, { account_not_found: NO_ACCOUNT })
  async create(
    @Param() { id }: AccountParams,
    @Body() { scopes, expires_at }: CreateApiKeyRequest,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<CreatedApiKeyView> {
    accountOf(caller, id);
    if (scopes.includes('admin') && !caller.isOperator) throw forbidden();
    const expiresAt = expires_at === undefined ? null : readExpiry(expires_at, Date.now());
    const { key, prefix, hash } = makeApiKey();
    const added = await this.keys.add(author, {
      account_id: id,
      prefix,
      hash,
      scopes,
      expires_at: expiresAt,
    });
    if (added === null) throw notFound();
    this.knownKeys.note(added);
    this.logger.log({ account_id: id, key_id: added.id, prefix, scopes }, 'key made');
    return { id: added.id, key, prefix };
  }

  @Get()
  @ApiOperation({ summary: 'Keys of an account, oldest first, revoked ones included' })
  @ApiOkResponse({ type: ApiKeyListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  @ApiFailure(404, { account_not_found: NO_ACCOUNT })
  async list(
    @Param() { id }: AccountParams,
    @Query() { limit, cursor }: PageQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<ApiKeyListView> {
    accountOf(caller, id);
    if ((await this.accounts.find(id)) === null) throw notFound();
    const { page, next_cursor } = pageOf(await this.keys.list(id, limit + 1, cursor), limit);
    return { keys: page.map(apiKeyView), next_cursor };
  }

  @Delete(':key_id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Revokes a key',
    description: 'At once in the process that is asked, within twenty seconds in all others.',
  })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: 'key_id is not the id of a key' })
  @ApiFailure(404, { key_not_found: NO_KEY })
  async revoke(
    @Param() { id, key_id }: ApiKeyParams,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<void> {
    accountOf(caller, id);
    const key = await this.keys.revoke(author, id, key_id);
    if (key === null) throw new ApiError(404, 'key_not_found', NO_KEY);
    this.knownKeys.note(key);
    this.logger.log({ account_id: id, key_id, prefix: key.prefix }, 'key revoked');
  }
}

function readExpiry(text: string, now: number): number {
  const at = readStrictInstant(text);
  if (at === null || at <= now) throw new ApiError(400, 'invalid_request', EXPIRY);
  return at;
}
