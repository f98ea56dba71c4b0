import { Body, Controller, Get, HttpCode, Logger, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { accountOf, Caller, type CallerIdentity } from '../accounts/caller';
import { Needs } from '../accounts/needs';
import { ApiError } from '../http/api-error';
import { UpstreamNormalizer } from '../normalization/normalization.module';
import { DEFAULT_ACCOUNT } from '../normalization/normalized-event';
import { newEventId } from '../normalization/tenant-event-id';
import { AddedEvents } from './added-events';
import { ApiAddEvent, ApiUpstreamList, ApiUserEvents } from './upstream-api';
import { UpstreamClient } from './upstream-client';
import type { AdditionAnswer, UpstreamDocument } from './upstream-documents';
import { addError, readError, refusal } from './upstream-errors';
import { AddEventRequest, UserEventsQuery, UserParams } from './upstream-requests';
import type { PartialEvents } from './upstream-views';
import { UserEvents } from './user-events';

/** The front of the upstream API: as slow as it is, asked no more often than needed, and left alone while it is down. */
@ApiTags('upstream')
@Controller('api')
export class UpstreamController {
  private readonly logger = new Logger('Upstream');

  constructor(
    private readonly reader: UserEvents,
    private readonly client: UpstreamClient,
    private readonly normalizer: UpstreamNormalizer,
    private readonly added: AddedEvents,
  ) {}

  @Get('getUsers')
  @Needs('read')
  @ApiUpstreamList('users')
  users(): Promise<readonly UpstreamDocument[]> {
    return this.reading(() => this.reader.list('/getUsers'));
  }

  @Get('getEvents')
  @Needs('read')
  @ApiUpstreamList('events')
  events(): Promise<readonly UpstreamDocument[]> {
    return this.reading(() => this.reader.list('/getEvents'));
  }

  @Get('getEventsByUserId/:id')
  @Needs('read')
  @ApiUserEvents()
  eventsOf(
    @Param() { id }: UserParams,
    @Query() { partial }: UserEventsQuery,
  ): Promise<readonly UpstreamDocument[] | PartialEvents> {
    return partial === 'true'
      ? this.reading(() => this.readable(id))
      : this.reading(() => this.reader.all(id));
  }

  /** Add, record, answer: what the upstream API has taken is a success, whatever becomes of the record. */
  @Post('addEvent')
  @HttpCode(200)
  @Needs('ingest')
  @ApiAddEvent()
  async add(
    @Body() addition: AddEventRequest,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
  ): Promise<AdditionAnswer> {
    const answer = await this.sent(addition, request.id);
    if (!answer.success) throw refusal(answer);
    const event = this.normalizer.normalize({
      account_id: accountOf(caller, undefined) ?? DEFAULT_ACCOUNT,
      request: addition,
      answer,
      addedAt: Date.now(),
      makeId: newEventId,
    });
    const { account_id, event_id } = event;
    this.logger.log({ account_id, event_id }, 'an event was added to the upstream API');
    await this.added.record(event, request.id);
    return answer;
  }

  private async readable(userId: string): Promise<PartialEvents> {
    const { events, unreadable } = await this.reader.readable(userId);
    const failures = unreadable.map(({ event_id, failure }) => ({ event_id, reason: failure.reason }));
    if (failures.length > 0) {
      this.logger.warn({ failed: failures.length, ...failures[0] }, 'events of the upstream API are missing');
    }
    return { events, failures };
  }

  private async reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw this.logged(readError(error));
    }
  }

  private async sent(addition: AddEventRequest, requestId: string): Promise<AdditionAnswer> {
    try {
      return await this.client.add(addition, requestId);
    } catch (error) {
      throw this.logged(addError(error, Date.now()));
    }
  }

  /** The breaker has said already that it is open, and a defect is logged as one elsewhere. */
  private logged(error: unknown): unknown {
    const isFailure = error instanceof ApiError && error.getStatus() === 502;
    if (isFailure) this.logger.warn({ err: error, code: error.code }, 'the upstream API failed');
    return error;
  }
}
