import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ErrorBody } from '../http/api-error';
import type { UpstreamDocument } from './upstream-documents';
import type { UpstreamReason } from './upstream-failure';

/** An event as the built-in API has them. */
export const EVENT = { id: 'e-1', name: 'Signed up', userId: 'u-ada', details: 'From the landing page' };

/** An event that could not be read. */
export class UnreadableEvent {
  @ApiProperty({ example: 'e-2' })
  event_id!: string;

  @ApiProperty({ type: String, description: 'One of a closed set of words', example: 'http_5xx' })
  reason!: UpstreamReason;
}

/** Answer of `GET /api/getEventsByUserId/:id?partial=true`. */
export class PartialEvents {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, example: [EVENT] })
  events!: readonly UpstreamDocument[];

  @ApiProperty({ type: [UnreadableEvent], description: 'Empty where all could be read' })
  failures!: readonly UnreadableEvent[];
}

/** Answer of `POST /api/addEvent`: the upstream API's own. */
export class AddedAnswer {
  @ApiProperty({ example: true })
  success!: boolean;

  @ApiPropertyOptional({ description: 'Among whatever else it answers', example: 'e-77' })
  id?: string;
}

/** The upstream API gave no usable answer. */
export class UpstreamFailed extends ErrorBody {
  @ApiProperty({ type: String, description: 'One of a closed set of words', example: 'http_5xx' })
  reason!: UpstreamReason;
}

/** It gave none about a user, or about an event, which is named then. */
export class EventFailed extends UpstreamFailed {
  @ApiPropertyOptional({ description: 'The event that could not be read', example: 'e-2' })
  event_id?: string;
}

/** It gave none to a post. */
export class AdditionFailed extends UpstreamFailed {
  @ApiProperty({ description: 'Whether the event may have been added all the same', example: true })
  may_have_arrived!: boolean;
}
