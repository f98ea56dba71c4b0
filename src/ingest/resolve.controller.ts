import { Body, Controller, HttpCode, Logger, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import type { Author } from '../accounts/actor';
import { Audit } from '../accounts/audit/audit';
import { By } from '../accounts/author';
import { accountOf, Caller, type CallerIdentity } from '../accounts/caller';
import { Needs } from '../accounts/needs';
import { Statement } from '../database/statement';
import { AccountQuery } from '../events/account.query';
import type { EventEntity } from '../events/event.entity';
import { EventsRepository } from '../events/events.repository';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { IsOmittable } from '../http/is-omittable';
import { iso } from '../normalization/instant';
import { DEFAULT_ACCOUNT } from '../normalization/normalized-event';
import { storable } from '../normalization/plain-text';
import { Recorder } from '../recording/recorder';

/** Why somebody says that it is over. */
export class ResolveRequest {
  @ApiPropertyOptional({ maxLength: 2_000, example: 'Bank details corrected, payout sent again' })
  @IsOmittable()
  @IsString()
  @MaxLength(2_000)
  note?: string;
}

/** The event's end. */
export class ResolveAnswer {
  @ApiProperty({ example: 'evt_1abc' })
  event_id!: string;

  @ApiProperty({ example: '2026-01-15T12:00:00.000Z' })
  resolved_at!: string;

  @ApiProperty({ description: 'False where it was resolved already', example: true })
  changed!: boolean;
}

/** Whether a request has ended an event: a revision that it made. The first one is its source's. */
const TAKEN = new Statement(
  () => `
  SELECT 1 FROM event_revisions
  WHERE account_id = ? AND event_id = ? AND revision > 1 AND request_id = ? AND resolved_at = ?`,
);

/** Ends by hand what its source will never close. */
@ApiTags('events')
@Controller('events/:event_id/resolve')
@Needs('ingest')
export class ResolveController {
  private readonly logger = new Logger('Resolve');

  constructor(
    private readonly events: EventsRepository,
    private readonly recorder: Recorder,
    private readonly audit: Audit,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Resolves an event by hand',
    description:
      'Also closes it wherever it was opened. What its source says about an earlier time does not reopen it.',
  })
  @ApiOkResponse({ type: ResolveAnswer })
  @ApiFailure(400, { invalid_request: 'note must be a string' })
  @ApiFailure(404, { event_not_found: 'There is no such event in this account.' })
  async resolve(
    @Param('event_id') eventId: string,
    @Query() query: AccountQuery,
    @Body() body: ResolveRequest,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
    @Req() request: FastifyRequest,
  ): Promise<ResolveAnswer> {
    const account_id = accountOf(caller, query.account_id) ?? DEFAULT_ACCOUNT;
    const note = storable(body?.note ?? '') || null;
    for (;;) {
      const event = await this.events.find(account_id, eventId);
      if (event === null)
        throw new ApiError(404, 'event_not_found', 'There is no such event in this account.');
      if (event.resolved_at !== null) return answer(event, event.resolved_at, false);
      const resolved = resolvedByHand(event, Date.now());
      const context = {
        requestId: request.id,
        byOperator: { note },
        alongside: (tx: EntityManager) => this.noteIfTaken(tx, author, resolved, note),
      };
      const [recorded] = await this.recorder.record([resolved], context);
      this.logger.log(
        { account_id, event_id: eventId, outcome: recorded?.outcome, request_id: request.id },
        'resolved by hand',
      );
      if (recorded?.outcome === 'changed') return answer(event, resolved.resolved_at, true);
      // Its source was faster: what is to be resolved is another state now.
    }
  }

  /** Where its source was faster, nothing was resolved, and there is nothing to note. */
  private async noteIfTaken(
    tx: EntityManager,
    author: Author,
    { account_id, event_id, resolved_at }: EventEntity & { readonly resolved_at: number },
    note: string | null,
  ): Promise<void> {
    const taken = await TAKEN.run(tx, [account_id, event_id, author.request_id, resolved_at]);
    if (taken.length === 0) return;
    await this.audit.note(tx, resolved_at, author, {
      account_id,
      action: 'event.resolved',
      subject: event_id,
      after: { resolved_at: iso(resolved_at), note },
    });
  }
}

/** Dated later than anything its source has said, so that a repeat of that is stale and does not reopen it. */
function resolvedByHand(event: EventEntity, now: number): EventEntity & { resolved_at: number } {
  return { ...event, resolved_at: now, updated_at: Math.max(now, event.updated_at + 1) };
}

function answer({ event_id }: EventEntity, resolvedAt: number, changed: boolean): ResolveAnswer {
  return { event_id, resolved_at: iso(resolvedAt), changed };
}
