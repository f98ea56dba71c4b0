import { Body, Controller, Delete, Get, HttpCode, Logger, Param, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccountParams } from '../accounts/account-requests';
import type { Author } from '../accounts/actor';
import { By } from '../accounts/author';
import { accountOf, Caller, type CallerIdentity } from '../accounts/caller';
import { Needs } from '../accounts/needs';
import { ACCOUNT_DELETED, OpenAccounts } from '../accounts/open-accounts';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { storable } from '../normalization/plain-text';
import { PutPublicPageRequest } from './public-page-requests';
import { AccountPublicPageView, PublicPageView, publicPageView } from './public-page-views';
import { PublicPagesRepository } from './public-pages.repository';
import { PublicStatuses } from './public-statuses';

const TAKEN = 'Another page has this slug: choose another one.';

/** What an account shows to everybody, as its people decide. */
@ApiTags('public pages')
@Controller('accounts/:id/public-page')
@Needs('manage')
export class AccountPublicPageController {
  private readonly logger = new Logger('PublicPages');

  constructor(
    private readonly pages: PublicPagesRepository,
    private readonly statuses: PublicStatuses,
    private readonly accounts: OpenAccounts,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'The public status page of an account, if it has one' })
  @ApiOkResponse({ type: AccountPublicPageView })
  @ApiFailure(400, { invalid_request: 'id is not an account id' })
  async show(
    @Param() { id }: AccountParams,
    @Caller() caller: CallerIdentity,
  ): Promise<AccountPublicPageView> {
    accountOf(caller, id);
    const page = await this.pages.find(id);
    return { public_page: page === null ? null : publicPageView(page, Date.now()) };
  }

  @Put()
  @ApiOperation({
    summary: 'Makes the public status page of an account, or replaces it whole',
    description:
      'Everybody may see it at `/status/<slug>` once it is enabled: the title and the services that are listed, under their ' +
      'public names, how they are and were, and nothing else.',
  })
  @ApiOkResponse({ type: PublicPageView })
  @ApiFailure(400, { invalid_request: 'title must have 1 to 80 characters' })
  @ApiFailure(409, { slug_taken: TAKEN, account_deleted: ACCOUNT_DELETED })
  async put(
    @Param() { id }: AccountParams,
    @Body() body: PutPublicPageRequest,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<PublicPageView> {
    const accountId = await this.accounts.forNew(caller, id);
    const { slug, title, enabled, show_summaries, services } = body;
    const before = await this.pages.find(accountId);
    const page = await this.pages.put(author, accountId, {
      slug,
      title: storable(title),
      enabled,
      show_summaries,
      services: services.map((one) => ({
        id: one.id,
        service: storable(one.service),
        name: storable(one.name),
      })),
    });
    if (page === null) throw new ApiError(409, 'slug_taken', TAKEN);
    for (const known of [before?.slug, slug]) if (known !== undefined) this.statuses.forget(known);
    this.logger.log({ account_id: accountId, slug, enabled }, 'public page changed');
    return publicPageView(page, Date.now());
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Removes the public status page of an account',
    description:
      'Its address is nobody’s within seconds. Ids of incidents and badges do not come back with a new one.',
  })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: 'id is not an account id' })
  async delete(
    @Param() { id }: AccountParams,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<void> {
    accountOf(caller, id);
    const removed = await this.pages.remove(author, id);
    if (removed === null) return;
    this.statuses.forget(removed.slug);
    this.logger.log({ account_id: id, slug: removed.slug }, 'public page removed');
  }
}
