import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ErrorBody } from '../http/api-error';
import { KINDS, SEVERITIES, type Kind, type Severity } from '../normalization/normalized-event';
import type { TenantEvent } from '../normalization/tenant-event';
import type { EventFault } from '../normalization/tenant-events';

/** An event as a tenant posts it. Checked by hand (normalization/tenant-event.ts); this describes it. */
export class TenantEventBody implements TenantEvent {
  @ApiPropertyOptional({
    maxLength: 1_024,
    description: 'Unique within the account, at most 1,024 bytes of UTF-8. Made where there is none.',
    example: 'order-4711-failed',
  })
  event_id?: string;

  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ maxLength: 256, example: 'user-17' })
  user_id!: string;

  @ApiProperty({ maxLength: 200, example: 'checkout.failed' })
  type!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'ISO 8601 with a zone. For kinds incident and status the time of this state.',
    example: '2026-01-15T10:40:00.000Z',
  })
  timestamp!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description:
      'Anything. A page is titled by `type` and the first text among `summary`, `title`, `message`, `error` and ' +
      "`reason`; `description` becomes the event's.",
    example: { message: 'Card processor answers 503', order: 4711 },
  })
  metadata?: Record<string, unknown>;

  @ApiPropertyOptional({ enum: SEVERITIES, default: 'info', description: '`critical` pages.' })
  severity?: Severity;

  @ApiPropertyOptional({
    enum: KINDS,
    default: 'activity',
    description: 'Of `incident` and `status` a later post with the same `event_id` is the next state.',
  })
  kind?: Kind;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'ISO 8601 with a zone. Closes what was opened.',
    example: null,
  })
  resolved_at?: string | null;
}

/** What became of a post. */
export class TenantReceipt {
  @ApiProperty({ description: 'New events, and new states of known ones', example: 2 })
  accepted!: number;

  @ApiPropertyOptional({ description: 'Known already, or older than what is known', example: 0 })
  deduped?: number;

  @ApiProperty({
    type: [String],
    description: 'In the order of the post',
    example: ['order-4711-failed', 'order-4712'],
  })
  event_ids!: string[];

  @ApiProperty({
    enum: ['committed', 'queued'],
    description: '`committed`: stored and on disk. `queued`: as durable as Redis, and stored later.',
    example: 'committed',
  })
  durability!: 'committed' | 'queued';
}

/** One fault of one event. */
export class EventFaultView implements EventFault {
  @ApiProperty({ description: "The event's place in the post, from 0", example: 1 })
  index!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null where it is no object',
    example: 'severity',
  })
  field!: string | null;

  @ApiProperty({ example: 'must be one of info, warning, critical' })
  message!: string;
}

/** A refused post. The further fields are those of `invalid_event`: the first fault, and up to ten of all. */
export class RefusedPost extends ErrorBody {
  @ApiPropertyOptional({ example: 1 })
  index?: number;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'severity' })
  field?: string | null;

  @ApiPropertyOptional({ type: [EventFaultView] })
  faults?: EventFaultView[];
}
