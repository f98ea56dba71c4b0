import type { OutgoingHttpHeaders } from 'node:http';
import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountFilterQuery } from '../../accounts/account-filter.query';
import { Access } from '../../accounts/access';
import { accountOf, Caller, callerOfRequest, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';

import { EventStreams, TOO_MANY_STREAMS } from './event-streams';

const PLACE = /^\d{1,15}$/;
const NO_PLACE = 'Last-Event-ID is not one of ours.';

/** What happens, as it happens. */
@ApiTags('events')
@Controller('events/stream')
@Needs('read')
export class EventStreamController {
  constructor(
    private readonly streams: EventStreams,
    private readonly access: Access,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'New events and revisions, as server-sent events',
    description:
      'Each `revision` carries the place of a state in the order in which states became known, as its id. Who sends the ' +
      'last one as `Last-Event-ID`, to whichever process, misses nothing. `ready` begins; `missed` says that there was ' +
      'too much to tell, and that lists are to be read anew.',
  })
  @ApiHeader({ name: 'last-event-id', required: false, description: 'The last id that was received' })
  @ApiOkResponse({
    description: 'Lasts until either side ends it.',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example: 'id: 17\nevent: revision\ndata: {"seq":17,"event_id":"evt_1abc","revision":1}\n\n',
      },
    },
  })
  @ApiFailure(400, { invalid_request: 'account_id is not an account id', invalid_last_event_id: NO_PLACE })
  @ApiFailure(503, { too_many_streams: TOO_MANY_STREAMS })
  async open(
    @Query() query: AccountFilterQuery,
    @Headers('last-event-id') lastId: string | undefined,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const accountId = accountOf(caller, query.account_id);
    if (lastId !== undefined && !PLACE.test(lastId)) {
      throw new ApiError(400, 'invalid_last_event_id', NO_PLACE);
    }
    this.streams.assertRoom(accountId);
    // From here on the answer is the stream's: neither Nest nor the request's time limit has a say in it.
    reply.hijack();
    void reply.headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
    await this.streams.run(reply.raw, {
      accountId,
      after: lastId === undefined ? null : Number(lastId),
      mayGoOn: () => this.mayGoOn(request, reply, accountId),
    });
  }

  /** A credential that is revoked stops showing things; a database that is away revokes none. */
  private async mayGoOn(
    request: FastifyRequest,
    reply: FastifyReply,
    accountId: string | undefined,
  ): Promise<boolean> {
    try {
      await this.access.admit(request, reply, 'read');
      return accountOf(callerOfRequest(request), accountId) === accountId;
    } catch (error) {
      return !(error instanceof ApiError);
    }
  }
}
