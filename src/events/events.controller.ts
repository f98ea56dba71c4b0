import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { accountOf, Caller, type CallerIdentity } from '../accounts/caller';
import { Needs } from '../accounts/needs';
import { identityOf } from '../normalization/event-identity';
import { DEFAULT_ACCOUNT } from '../normalization/normalized-event';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { deliveryView } from '../outbox/delivery-view';
import { OutboxRepository } from '../outbox/outbox.repository';
import { AccountQuery } from './account.query';
import { decodeCursor, encodeCursor } from './event-cursor';
import { eventJson, revisionJson } from './event-json';
import { EventDetailView, EventListView } from './event-views';
import { EventsRepository } from './events.repository';
import { ListEventsQuery } from './list-events.query';

const JSON_TEXT = ['content-type', 'application/json; charset=utf-8'] as const;

/** Reading what happened. */
@ApiTags('events')
@Controller('events')
@Needs('read')
export class EventsController {
  constructor(
    private readonly events: EventsRepository,
    private readonly outbox: OutboxRepository,
  ) {}

  @Get()
  @Header(...JSON_TEXT)
  @ApiOperation({ summary: 'Events, newest first', description: 'A page ends early at 8 MB of signals.' })
  @ApiOkResponse({ type: EventListView })
  @ApiFailure(400, {
    invalid_request: 'limit must be a whole number from 1 to 500',
    invalid_cursor: 'cursor is not one of ours.',
  })
  async list(@Query() query: ListEventsQuery, @Caller() caller: CallerIdentity): Promise<string> {
    const { limit, cursor, open, ...filter } = query;
    const account_id = accountOf(caller, filter.account_id);
    const after = cursor === undefined ? null : decodeCursor(cursor);
    if (cursor !== undefined && after === null)
      throw new ApiError(400, 'invalid_cursor', 'cursor is not one of ours.');
    const page = await this.events.list(
      { ...filter, account_id, open: open === undefined ? open : open === 'true' },
      limit,
      after,
    );
    const routed = page.events.filter((event) => event.routed);
    const delivered = Map.groupBy(await this.outbox.deliveredTo(routed), identityOf);
    const items = page.events.map((event) => {
      return eventJson(event, delivered.get(identityOf(event))?.map(({ destination }) => destination) ?? []);
    });
    const next = page.next === null ? null : encodeCursor(page.next);
    return `{"events":[${items.join(',')}],"next_cursor":${JSON.stringify(next)}}`;
  }

  @Get(':event_id')
  @Header(...JSON_TEXT)
  @ApiOperation({ summary: 'One event, its time line, and what was sent about it' })
  @ApiOkResponse({ type: EventDetailView })
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  @ApiFailure(404, { event_not_found: 'There is no such event in this account.' })
  async show(
    @Param('event_id') eventId: string,
    @Query() query: AccountQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<string> {
    const accountId = accountOf(caller, query.account_id) ?? DEFAULT_ACCOUNT;
    const event = await this.events.find(accountId, eventId);
    if (event === null) throw new ApiError(404, 'event_not_found', 'There is no such event in this account.');
    const [revisions, deliveries, delivered] = await Promise.all([
      this.events.revisionsOf(event),
      this.outbox.ofEvent(event),
      this.outbox.deliveredTo([event]),
    ]);
    const attempts = await this.outbox.attemptsOf(deliveries);
    const views = deliveries.map((delivery) => deliveryView(delivery, attempts));
    const more = `,"revisions":[${revisions.map(revisionJson).join(',')}],"deliveries":${JSON.stringify(views)}`;
    return eventJson(
      event,
      delivered.map(({ destination }) => destination),
      more,
    );
  }
}
