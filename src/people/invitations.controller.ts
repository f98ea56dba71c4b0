import { Body, Controller, Delete, Get, HttpCode, Logger, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { AccountParams } from '../accounts/account-requests';
import { notFound } from '../accounts/accounts.controller';
import { AccountsRepository } from '../accounts/accounts.repository';
import type { Author } from '../accounts/actor';
import { By } from '../accounts/author';
import { accountOf, Caller, type CallerIdentity } from '../accounts/caller';
import { Needs } from '../accounts/needs';
import { PageQuery, pageOf } from '../accounts/page.query';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { iso } from '../normalization/instant';
import {
  CreatedInvitationView,
  InvitationListView,
  InvitationParams,
  invitationView,
  InviteRequest,
} from './invitation-views';
import { InvitationsRepository } from './invitations.repository';
import { keptOf, makeToken } from './secret-token';

const NO_ACCOUNT = 'There is no such account.';
const NO_INVITATION = 'This account has no such invitation.';
const IS_MEMBER = 'Whoever has this address belongs to the account already.';

/** Letting people into an account: nobody registers by themself. */
@ApiTags('people')
@Controller('accounts/:id/invitations')
@Needs('manage')
export class InvitationsController {
  private readonly logger = new Logger('People');

  constructor(
    private readonly accounts: AccountsRepository,
    private readonly invitations: InvitationsRepository,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Invites somebody to an account',
    description: 'Within seven days, once. It takes the place of an earlier invitation of the same address.',
  })
  @ApiCreatedResponse({ type: CreatedInvitationView })
  @ApiFailure(400, { invalid_request: 'email must be an e-mail address' })
  @ApiFailure(404, { account_not_found: NO_ACCOUNT })
  @ApiFailure(409, { already_member: IS_MEMBER })
  async invite(
    @Param() { id }: AccountParams,
    @Body() { email, role }: InviteRequest,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<CreatedInvitationView> {
    accountOf(caller, id);
    const token = makeToken('sbi');
    const invitation = { account_id: id, email, role, hash: keptOf(token) };
    const added = await this.invitations.add(author, invitation);
    if (added === 'account_not_found') throw notFound();
    if (added === 'already_member') throw new ApiError(409, added, IS_MEMBER);
    this.logger.log({ account_id: id, invitation_id: added.id, role }, 'person invited');
    return { id: added.id, token, expires_at: iso(added.expires_at) };
  }

  @Get()
  @ApiOperation({
    summary: 'Invitations of an account, oldest first, those that are not open any more included',
  })
  @ApiOkResponse({ type: InvitationListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  @ApiFailure(404, { account_not_found: NO_ACCOUNT })
  async list(
    @Param() { id }: AccountParams,
    @Query() { limit, cursor }: PageQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<InvitationListView> {
    accountOf(caller, id);
    if ((await this.accounts.find(id)) === null) throw notFound();
    const { page, next_cursor } = pageOf(await this.invitations.list(id, limit + 1, cursor), limit);
    return { invitations: page.map(invitationView), next_cursor };
  }

  @Delete(':invitation_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revokes an invitation' })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: 'invitation_id is not the id of an invitation' })
  @ApiFailure(404, { invitation_not_found: NO_INVITATION })
  async revoke(
    @Param() { id, invitation_id }: InvitationParams,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<void> {
    accountOf(caller, id);
    const isThere = await this.invitations.revoke(author, id, invitation_id);
    if (!isThere) throw new ApiError(404, 'invitation_not_found', NO_INVITATION);
    this.logger.log({ account_id: id, invitation_id }, 'invitation revoked');
  }
}
