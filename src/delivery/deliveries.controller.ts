import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, Query, Req } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBody,
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiError, ErrorBody } from '../http/api-error';
import { DeliveryView, deliveryView } from '../outbox/delivery-view';
import { OutboxRepository } from '../outbox/outbox.repository';
import {
  DeliveryListView,
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
export class DeliveriesController {
  constructor(
    private readonly outbox: OutboxRepository,
    private readonly replay: Replay,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Deliveries, newest first, each with its newest attempt' })
  @ApiOkResponse({ type: DeliveryListView })
  @ApiBadRequestResponse({ type: ErrorBody })
  async list(@Query() { cursor, limit, ...filter }: ListDeliveriesQuery): Promise<DeliveryListView> {
    const before = cursor === undefined ? {} : { before_id: Number(cursor) };
    const rows = await this.outbox.list({ ...filter, ...before, limit: limit + 1 });
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
      'Of several that ended alike for one event and destination, the newest. Nothing that is pending.',
  })
  @ApiBody({ type: ReplayManyRequest, required: false })
  @ApiOkResponse({ type: ReplayManyAnswer })
  @ApiBadRequestResponse({ type: ErrorBody })
  async replayMany(
    @Body() body: ReplayManyRequest,
    @Req() request: FastifyRequest,
  ): Promise<ReplayManyAnswer> {
    const { status = 'dead', destination } = body ?? {};
    return { replayed: await this.replay.many(status, destination, request.id) };
  }

  @Post(':id/replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sends a dead or skipped delivery again, as a new one at the end of its event’s order',
  })
  @ApiOkResponse({ type: DeliveryView, description: 'The new delivery' })
  @ApiBadRequestResponse({ type: ErrorBody })
  @ApiNotFoundResponse({ type: ErrorBody })
  @ApiConflictResponse({ type: ErrorBody })
  async replayOne(
    @Param('id', ParseIntPipe) id: number,
    @Req() request: FastifyRequest,
  ): Promise<DeliveryView> {
    try {
      return deliveryView(await this.replay.one(id, request.id), []);
    } catch (error) {
      if (!(error instanceof ReplayRefusedError)) throw error;
      const { status, message } = REFUSALS[error.reason];
      throw new ApiError(status, error.reason, message, { cause: error });
    }
  }
}
