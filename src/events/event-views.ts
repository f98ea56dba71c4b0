import { ApiProperty } from '@nestjs/swagger';
import { KINDS, SEVERITIES, type Kind, type Severity } from '../normalization/normalized-event';
import { DeliveryView } from '../outbox/delivery-view';

/** An event as the API shows it. */
export class EventView {
  @ApiProperty({ example: 'default' })
  account_id!: string;

  @ApiProperty({ example: 'evt_1abc' })
  event_id!: string;

  @ApiProperty({ description: '1 for the first known state', example: 1 })
  revision!: number;

  @ApiProperty({ example: 'stripe' })
  source!: string;

  @ApiProperty({ enum: KINDS, example: 'payment' })
  kind!: Kind;

  @ApiProperty({ enum: SEVERITIES, example: 'critical' })
  severity!: Severity;

  @ApiProperty({ example: 'stripe' })
  service!: string;

  @ApiProperty({ description: "The source's own word", example: 'payout.failed' })
  type!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  user_id!: string | null;

  @ApiProperty({ example: 'payout.failed: po_123' })
  summary!: string;

  @ApiProperty({ type: String, nullable: true, example: 'Insufficient funds' })
  description!: string | null;

  @ApiProperty({ example: '2024-01-15T10:40:00.000Z' })
  started_at!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  resolved_at!: string | null;

  @ApiProperty({ description: "The source's own time of this state", example: '2024-01-15T10:40:00.000Z' })
  updated_at!: string;

  @ApiProperty({ description: 'When it was first stored', example: '2026-01-15T10:00:00.000Z' })
  received_at!: string;

  @ApiProperty({ description: 'Whether any destination was to hear of it', example: true })
  routed!: boolean;

  @ApiProperty({
    type: [String],
    description: 'Destinations that confirmed a trigger',
    example: ['pagerduty'],
  })
  delivered_to!: string[];

  @ApiProperty({ type: String, nullable: true, example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  request_id!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The signal as it came',
    example: { id: 'evt_1abc', type: 'payout.failed', data: { object: { id: 'po_123' } } },
  })
  raw!: unknown;
}

/** A state that an event had. */
export class RevisionView {
  @ApiProperty({ description: 'Order in which states became known, over all events', example: 1 })
  seq!: number;

  @ApiProperty({ example: 1 })
  revision!: number;

  @ApiProperty({ enum: ['source', 'operator'], example: 'source' })
  origin!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Remark of who resolved it by hand',
    example: null,
  })
  note!: string | null;

  @ApiProperty({ enum: SEVERITIES, example: 'critical' })
  severity!: Severity;

  @ApiProperty({ example: 'payout.failed: po_123' })
  summary!: string;

  @ApiProperty({ type: String, nullable: true, example: 'Insufficient funds' })
  description!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  resolved_at!: string | null;

  @ApiProperty({ example: '2024-01-15T10:40:00.000Z' })
  updated_at!: string;

  @ApiProperty({ description: 'When it was stored', example: '2026-01-15T10:00:00.000Z' })
  recorded_at!: string;

  @ApiProperty({ type: String, nullable: true, example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  request_id!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: "The signal of this state; null where it is the event's own",
    example: null,
  })
  raw!: unknown;
}

/** An event with its time line and what was sent about it. */
export class EventDetailView extends EventView {
  @ApiProperty({ type: [RevisionView], description: 'Oldest first; the newest 500, within 8 MB of signals' })
  revisions!: RevisionView[];

  @ApiProperty({ type: [DeliveryView], description: 'Oldest first; the newest 100, with 100 attempts each' })
  deliveries!: DeliveryView[];
}

/** One page of events, newest first. */
export class EventListView {
  @ApiProperty({ type: [EventView] })
  events!: EventView[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Hand it back as `cursor` for the next page; null on the last one',
    example: 'WzE3Njg0NzE2MDAwMDAsImRlZmF1bHQiLCJldnRfMWFiYyJd',
  })
  next_cursor!: string | null;
}
