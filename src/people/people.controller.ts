import { Body, Controller, Delete, Get, HttpCode, Logger, Param, Patch, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccountParams } from '../accounts/account-requests';
import { notFound } from '../accounts/accounts.controller';
import { AccountsRepository } from '../accounts/accounts.repository';
import type { Author } from '../accounts/actor';
import { By } from '../accounts/author';
import { accountOf, Caller, forbidden, type CallerIdentity } from '../accounts/caller';
import { Needs } from '../accounts/needs';
import { PageQuery, pageOf } from '../accounts/page.query';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { ChangeMemberRequest, MemberListView, MemberParams, MemberView, memberView } from './people-views';
import { PeopleRepository, type MemberRefusal } from './people.repository';

const NO_ACCOUNT = 'There is no such account.';

const REFUSALS: Record<MemberRefusal, { readonly status: number; readonly message: string }> = {
  person_not_found: { status: 404, message: 'This account has no such person.' },
  last_admin: { status: 409, message: 'The account would have no admin any more.' },
};

/** Who belongs to an account, and what they are there. */
@ApiTags('people')
@Controller('accounts/:id/people')
@Needs('manage')
export class PeopleController {
  private readonly logger = new Logger('People');

  constructor(
    private readonly accounts: AccountsRepository,
    private readonly people: PeopleRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'People of an account' })
  @ApiOkResponse({ type: MemberListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  @ApiFailure(404, { account_not_found: NO_ACCOUNT })
  async list(
    @Param() { id }: AccountParams,
    @Query() { limit, cursor }: PageQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<MemberListView> {
    accountOf(caller, id);
    if ((await this.accounts.find(id)) === null) throw notFound();
    const { page, next_cursor } = pageOf(await this.people.list(id, limit + 1, cursor), limit);
    return { people: page.map(memberView), next_cursor };
  }

  @Patch(':person_id')
  @ApiOperation({
    summary: 'Changes what a person is',
    description: 'At once in the process that is asked, within twenty seconds in all others.',
  })
  @ApiOkResponse({ type: MemberView })
  @ApiFailure(400, { invalid_request: 'role must be one of viewer, operator, admin' })
  @ApiFailure(404, { person_not_found: REFUSALS.person_not_found.message })
  @ApiFailure(409, { last_admin: REFUSALS.last_admin.message })
  async change(
    @Param() { id, person_id }: MemberParams,
    @Body() body: ChangeMemberRequest,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<MemberView> {
    accountOf(caller, id);
    const { role, operator } = body ?? {};
    if (operator !== undefined && !mayNameOperators(caller)) throw forbidden();
    const choice = { account_id: id, id: person_id, keepsAnAdmin: !caller.isOperator };
    const change = {
      ...(role === undefined ? {} : { role }),
      ...(operator === undefined ? {} : { isOperator: operator }),
    };
    const member = await this.people.change(author, choice, change);
    if (typeof member === 'string') throw refused(member);
    this.logger.log({ account_id: id, person_id, ...body }, 'person changed');
    return memberView(member);
  }

  @Delete(':person_id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Takes a person out of an account',
    description: 'Who then belongs to none is forgotten, and can be invited anew.',
  })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: 'person_id is not the id of a person' })
  @ApiFailure(404, { person_not_found: REFUSALS.person_not_found.message })
  @ApiFailure(409, { last_admin: REFUSALS.last_admin.message })
  async remove(
    @Param() { id, person_id }: MemberParams,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<void> {
    accountOf(caller, id);
    const choice = { account_id: id, id: person_id, keepsAnAdmin: !caller.isOperator };
    const refusal = await this.people.remove(author, choice);
    if (refusal !== null) throw refused(refusal);
    this.logger.log({ account_id: id, person_id }, 'person removed');
  }
}

/** ADMIN_TOKEN alone, or anybody where there are no credentials: an operator must not make others. */
function mayNameOperators({ by }: CallerIdentity): boolean {
  return by.kind === 'admin_token' || by.kind === 'anybody';
}

function refused(refusal: MemberRefusal): ApiError {
  const { status, message } = REFUSALS[refusal];
  return new ApiError(status, refusal, message);
}
