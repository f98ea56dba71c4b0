import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Author } from '../../accounts/actor';
import { By } from '../../accounts/author';
import { accountOf, Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { Replay, ReplayRefusedError } from '../../delivery/replay';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { iso } from '../../normalization/instant';
import type { DeliveryEntity } from '../../outbox/delivery.entity';
import { OutboxRepository } from '../../outbox/outbox.repository';
import type { QueueName } from '../../redis/queue-names';
import type { DeadLetterEntity } from './dead-letter.entity';
import { DeadLetters } from './dead-letters';
import {
  DeadLetterListView,
  DeadLetterParams,
  DeadLetterView,
  ListDeadLettersQuery,
  ReplayDeadLettersRequest,
  ReplayedDeadLettersView,
  ReplayedDeadLetterView,
} from './dead-letter-views';

const NOT_FOUND = 'There is no such dead letter.';
const FAILED_AGAIN = 'It failed again, and stays.';

/** What was accepted and failed for good: events that could not be stored, deliveries that could not be sent. */
@ApiTags('dead letters')
@Controller('dead-letters')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly outbox: OutboxRepository,
    private readonly replay: Replay,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Dead letters of a queue, newest first' })
  @ApiOkResponse({ type: DeadLetterListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  async list(
    @Caller() caller: CallerIdentity,
    @Query() { queue, account_id, limit, cursor }: ListDeadLettersQuery,
  ): Promise<DeadLetterListView> {
    const accountId = accountOf(caller, account_id);
    const beforeId = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
    const views =
      queue === 'events'
        ? (await this.deadLetters.list(accountId, beforeId, limit + 1)).map(viewOfEvent)
        : (await this.deadDeliveries(accountId, beforeId, limit + 1)).map(viewOfDelivery);
    const page = views.slice(0, limit);
    const last = page.at(-1);
    return {
      dead_letters: page,
      next_cursor: views.length > limit && last !== undefined ? String(parseId(last.id).id) : null,
    };
  }

  @Post('replay')
  @HttpCode(200)
  @Needs('operate')
  @ApiOperation({
    summary: 'Tries all dead letters again',
    description: 'Of a queue or account, where one is named; of a person’s own account alone.',
  })
  @ApiBody({ type: ReplayDeadLettersRequest, required: false })
  @ApiOkResponse({ type: ReplayedDeadLettersView })
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  async replayMany(
    @Body() body: ReplayDeadLettersRequest,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<ReplayedDeadLettersView> {
    const { queue } = body ?? {};
    const account_id = accountOf(caller, body?.account_id);
    const ofEvents =
      queue === 'deliveries' ? { replayed: 0, failed: 0 } : await this.deadLetters.replayAll(account_id);
    const deliveries =
      queue === 'events' ? 0 : await this.replay.many(author, { status: 'dead', account_id });
    return { replayed: ofEvents.replayed + deliveries, failed: ofEvents.failed };
  }

  @Post(':id/replay')
  @HttpCode(200)
  @Needs('operate')
  @ApiOperation({ summary: 'Tries a dead letter again' })
  @ApiOkResponse({ type: ReplayedDeadLetterView })
  @ApiFailure(400, { invalid_request: 'id must be that of a dead letter' })
  @ApiFailure(404, { dead_letter_not_found: NOT_FOUND })
  @ApiFailure(409, { replay_failed: FAILED_AGAIN })
  async replayOne(
    @Param() { id }: DeadLetterParams,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<ReplayedDeadLetterView> {
    const account_id = accountOf(caller, undefined);
    const { queue, id: number } = parseId(id);
    if (queue === 'deliveries') return this.replayDelivery(author, { id, number, account_id });
    const deadLetter = await this.deadLetters.find(number);
    if (deadLetter === null || (account_id ?? deadLetter.account_id) !== deadLetter.account_id)
      throw notFound();
    const replayed = await this.deadLetters.replay(deadLetter);
    if (replayed.outcome !== 'failed') return { id, outcome: replayed.outcome };
    throw new ApiError(409, 'replay_failed', `${FAILED_AGAIN} ${replayed.error}`);
  }

  private async replayDelivery(
    author: Author,
    {
      id,
      number,
      account_id,
    }: { readonly id: string; readonly number: number; readonly account_id?: string | undefined },
  ): Promise<ReplayedDeadLetterView> {
    try {
      await this.replay.one(author, number, account_id);
      return { id, outcome: 'pending' };
    } catch (error) {
      if (!(error instanceof ReplayRefusedError)) throw error;
      if (error.reason === 'delivery_not_found') throw notFound();
      throw new ApiError(409, 'replay_failed', `It is not sent again: ${error.reason}.`, { cause: error });
    }
  }

  private deadDeliveries(
    account_id: string | undefined,
    before_id: number,
    limit: number,
  ): Promise<DeliveryEntity[]> {
    return this.outbox.list({
      status: 'dead',
      before_id,
      limit,
      ...(account_id === undefined ? {} : { account_id }),
    });
  }
}

function notFound(): ApiError {
  return new ApiError(404, 'dead_letter_not_found', NOT_FOUND);
}

/** The id as DeadLetterParams has let it through. */
function parseId(text: string): { queue: QueueName; id: number } {
  const [queue, id] = text.split('-');
  return { queue: queue as QueueName, id: Number(id) };
}

function viewOfEvent(letter: DeadLetterEntity): DeadLetterView {
  return {
    id: `events-${letter.id}`,
    queue: 'events',
    account_id: letter.account_id,
    event_id: letter.event_id,
    error: letter.error,
    attempts: letter.attempts,
    request_id: letter.request_id,
    dead_at: iso(letter.created_at),
  };
}

function viewOfDelivery(delivery: DeliveryEntity): DeadLetterView {
  return {
    id: `deliveries-${delivery.id}`,
    queue: 'deliveries',
    account_id: delivery.account_id,
    event_id: delivery.event_id,
    error: delivery.reason ?? 'unknown',
    attempts: delivery.attempts,
    request_id: delivery.request_id,
    dead_at: iso(delivery.finished_at ?? delivery.created_at),
  };
}
