import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SEVERITIES, type Severity } from '../../normalization/normalized-event';
import {
  METHODS,
  PRIORITIES,
  type Expectations,
  type JsonValue,
  type Method,
  type Priority,
} from '../model/monitor';

/**
 * The fields of monitors, for the API's documentation. What they may hold is decided by `readDefinition`, for the API
 * and for MONITORS_FILE alike.
 */
export class ExpectationFields implements Partial<Expectations> {
  @ApiPropertyOptional({
    type: [String],
    default: ['200-299'],
    description: 'Statuses and ranges of them; one has to fit',
    example: ['200-299'],
  })
  status?: readonly string[];

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Text that the body must hold',
    example: null,
  })
  body_contains?: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'What the body must hold as JSON, by path',
    example: { '$.status': 'ok' },
  })
  json?: Readonly<Record<string, JsonValue>>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    description: 'What headers must be; null: there must be none of that name',
    example: { 'content-type': 'application/json' },
  })
  headers?: Readonly<Record<string, string | null>>;

  @ApiPropertyOptional({
    oneOf: [
      { type: 'integer', minimum: 1 },
      { type: 'string', enum: ['auto'] },
    ],
    nullable: true,
    description: 'Slower is degraded; `auto` learns the limit from the same hour of the last 14 days',
    example: null,
  })
  degraded_above_ms?: number | 'auto' | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    nullable: true,
    description: 'Slower is down',
    example: null,
  })
  down_above_ms?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    nullable: true,
    description: 'A certificate that has fewer days left is degraded',
    example: 14,
  })
  tls_days_left?: number | null;
}

/** What every monitor has. */
export class NamedFields {
  @ApiProperty({ maxLength: 200, example: 'Checkout API' })
  name!: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    nullable: true,
    description: 'What its incidents are about; null: its name',
    example: 'checkout',
  })
  service?: string | null;

  @ApiPropertyOptional({
    enum: SEVERITIES,
    default: 'critical',
    description: 'Of its incidents while it is down; `critical` pages',
    example: 'critical',
  })
  severity?: Severity;

  @ApiPropertyOptional({
    default: false,
    description: 'Nothing is checked, nothing is missed',
    example: false,
  })
  paused?: boolean;
}

/** What a monitor has that asks a URL. */
export class HttpFields {
  @ApiProperty({
    maxLength: 2_048,
    description: 'http or https, without a user name and password',
    example: 'https://api.example.com/health',
  })
  url!: string;

  @ApiPropertyOptional({ enum: METHODS, default: 'GET', example: 'GET' })
  method?: Method;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Headers to send. Answers show their names; a change may send `[redacted]` to keep a value.',
    example: { authorization: '[redacted]' },
  })
  headers?: Readonly<Record<string, string>>;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'Not for GET and HEAD', example: null })
  body?: string | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 86_400, default: 60, example: 60 })
  interval_s?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    default: 15,
    description: 'From check to check while the newest one has yet to be confirmed',
    example: 15,
  })
  retry_s?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'For the whole check, below the interval. Default: 10000, or four fifths of the interval',
    example: 10_000,
  })
  timeout_ms?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 3,
    description: 'So many bad checks in a row are an outage',
    example: 3,
  })
  failure_threshold?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 2,
    description: 'So many good checks in a row end it',
    example: 2,
  })
  success_threshold?: number;

  @ApiPropertyOptional({
    enum: PRIORITIES,
    default: 'normal',
    description: 'Who goes first where checks wait for each other',
    example: 'normal',
  })
  priority?: Priority;

  @ApiPropertyOptional({ type: ExpectationFields, description: 'What an answer must be like' })
  expect?: ExpectationFields;
}

/** What a monitor has that waits for a job to call in. */
export class HeartbeatFields {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: 31_622_400,
    description: 'From call to call',
    example: 86_400,
  })
  period_s!: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    default: 300,
    description: 'So much later is still in time',
    example: 300,
  })
  grace_s?: number;
}
