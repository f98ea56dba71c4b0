import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiFailure } from '../../http/api-failure';
import { AccountsRepository } from '../accounts.repository';
import { accountOf, Caller, type CallerIdentity } from '../caller';
import { Needs } from '../needs';
import { Audit } from './audit';
import { AuditListView, auditEntryView, ListAuditQuery } from './audit-views';

/** Reading who changed what. */
@ApiTags('audit')
@Controller('audit')
@Needs('manage')
export class AuditController {
  constructor(
    private readonly audit: Audit,
    private readonly accounts: AccountsRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What was changed, by whom and from where, newest first' })
  @ApiOkResponse({ type: AuditListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  async list(
    @Query() { account_id, action, by, limit, cursor }: ListAuditQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<AuditListView> {
    const before = cursor === undefined ? undefined : Number(cursor);
    const filter = {
      ...{ account_id: accountOf(caller, account_id), action, actor_name: by, before },
      since: await this.sinceFor(caller),
    };
    const rows = await this.audit.list(filter, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      entries: page.map(auditEntryView),
      next_cursor: rows.length > limit && last !== undefined ? String(last.id) : null,
    };
  }

  /** Of an account whose id somebody had before, that one's entries are the operator's alone. */
  private async sinceFor(caller: CallerIdentity): Promise<number | undefined> {
    if (caller.isOperator) return undefined;
    return (await this.accounts.findEver(caller.account_id))?.created_at;
  }
}
