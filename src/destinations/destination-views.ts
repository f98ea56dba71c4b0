import { ApiProperty } from '@nestjs/swagger';
import { ORIGINS, type Origin } from '../definition-files/origin';
import { iso } from '../normalization/instant';
import { OUTCOMES } from '../outbox/outcome';
import { ACTIONS, type Action } from '../outbox/delivery.entity';
import type { StoredDestination } from './destinations.repository';
import { shownSettings } from './fields';
import { DESTINATION_TYPES, type DestinationType, type Kind } from './kind';

/** A destination, as the API shows it. */
export class DestinationView {
  @ApiProperty({ description: 'What deliveries call it', example: 'webhook-9f2c41d07be3' })
  id!: string;

  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ example: 'on-call' })
  name!: string;

  @ApiProperty({ enum: DESTINATION_TYPES, example: 'webhook' })
  type!: DestinationType;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Secrets as `[redacted]`. Null where no key of the service opens them',
    example: { url: 'https://hooks.example.com/signalbox', secret: '[redacted]', previous_secrets: [] },
  })
  settings!: Record<string, unknown> | null;

  @ApiProperty({ description: 'Whether new events go there', example: true })
  enabled!: boolean;

  @ApiProperty({ enum: ORIGINS, description: '`file`: changed by DESTINATIONS_FILE alone', example: 'api' })
  origin!: Origin;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  updated_at!: string;
}

/** One page of destinations, by their ids. */
export class DestinationListView {
  @ApiProperty({ type: [DestinationView] })
  destinations!: DestinationView[];

  @ApiProperty({ type: String, nullable: true, example: 'webhook-9f2c41d07be3' })
  next_cursor!: string | null;
}

/** What became of one message of a test. */
export class TestedMessageView {
  @ApiProperty({ enum: ACTIONS, example: 'trigger' })
  action!: Action;

  @ApiProperty({ enum: Object.keys(OUTCOMES), example: 'delivered' })
  outcome!: string;

  @ApiProperty({ type: Number, nullable: true, example: 202 })
  http_status!: number | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  error!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Beginning of the answer', example: 'ok' })
  response!: string | null;

  @ApiProperty({ example: 84 })
  duration_ms!: number;
}

/** What became of a test. */
export class DestinationTestView {
  @ApiProperty({ description: 'Whether all of it was', example: true })
  delivered!: boolean;

  @ApiProperty({ type: [TestedMessageView], description: 'In the order of sending' })
  messages!: TestedMessageView[];
}

/** Makes the API's form of a destination. */
export function destinationView({ row, settings }: StoredDestination, kind: Kind): DestinationView {
  return {
    id: row.id,
    account_id: row.account_id,
    name: row.name,
    type: row.type,
    settings:
      settings === null ? null : shownSettings(kind.fields, JSON.parse(settings) as Record<string, unknown>),
    enabled: row.enabled,
    origin: row.origin,
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
  };
}
