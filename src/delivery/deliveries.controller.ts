import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Author } from '../accounts/actor';
import { By } from '../accounts/author';
import { accountOf, Caller, type CallerIdentity } from '../accounts/caller';
import { Needs } from '../accounts/needs';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { DeliveryView, deliveryView } from '../outbox/delivery-view';
import { OutboxRepository } from '../outbox/outbox.repository';
import {
  DeliveryListView,
  DeliveryParams,
  ListDeliveriesQuery,
  ReplayManyAnswer,
  ReplayManyRequest,
} from './delivery-requests';
import { Replay, ReplayRefusedError, type ReplayRefusal } from './replay';

const REFUSALS: Record<ReplayRefusal, { readonly status: number; readonly message: string }> = {
  delivery_not_found: { status: 404, message: 'There is no such delivery.' },
  delivery_not_ended: { status: 409, message: 'It is pending or delivered, itself or by an earlier replay.' },
  event_is_open: {
    status: 409,
    message: 'Its event is open again: a resolve now would be a false recovery.',
  },
};

/** What was sent, what is waiting, what failed for good, and sending it again. */
@ApiTags('deliveries')
@Controller('deliveries')
@Needs('operate')
export class DeliveriesController {
  constructor(
    private readonly outbox: OutboxRepository,
    private readonly replay: Replay,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Deliveries, newest first, each with its newest attempt' })
  @ApiOkResponse({ type: DeliveryListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  async list(
    @Query() { cursor, limit, ...filter }: ListDeliveriesQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<DeliveryListView> {
    const account_id = accountOf(caller, filter.account_id);
    const before_id = cursor === undefined ? undefined : Number(cursor);
    const rows = await this.outbox.list({ ...filter, account_id, before_id, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const attempts = await this.outbox.newestAttemptsOf(page);
    const last = page.at(-1);
    return {
      deliveries: page.map((row) => deliveryView(row, attempts)),
      next_cursor: rows.length > limit && last !== undefined ? String(last.id) : null,
    };
  }

  @Post('replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sends again everything that is dead',
    description:
      'Of several that ended alike for one event and destination, the newest. Nothing that is pending. ' +
      'Of a person’s own account; of all where an operator of the service asks.',
  })
  @ApiBody({ type: ReplayManyRequest, required: false })
  @ApiOkResponse({ type: ReplayManyAnswer })
  @ApiFailure(400, { invalid_request: 'only dead and skipped deliveries can be replayed' })
  async replayMany(
    @Body() body: ReplayManyRequest,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<ReplayManyAnswer> {
    const { status = 'dead', destination, account_id, dry_run = false } = body ?? {};
    const which = { status, destination, account_id: accountOf(caller, account_id) };
    const replayed = dry_run ? await this.replay.count(which) : await this.replay.many(author, which);
    return { replayed };
  }

  @Post(':id/replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sends a dead or skipped delivery again, as a new one at the end of its event’s order',
  })
  @ApiOkResponse({ type: DeliveryView, description: 'The new delivery' })
  @ApiFailure(400, { invalid_request: 'id must be a whole number' })
  @ApiFailure(404, { delivery_not_found: REFUSALS.delivery_not_found.message })
  @ApiFailure(409, {
    delivery_not_ended: REFUSALS.delivery_not_ended.message,
    event_is_open: REFUSALS.event_is_open.message,
  })
  async replayOne(
    @Param() { id }: DeliveryParams,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<DeliveryView> {
    try {
      const account_id = accountOf(caller, undefined);
      return deliveryView(await this.replay.one(author, Number(id), account_id), []);
    } catch (error) {
      if (!(error instanceof ReplayRefusedError)) throw error;
      const { status, message } = REFUSALS[error.reason];
      throw new ApiError(status, error.reason, message, { cause: error });
    }
  }
}
