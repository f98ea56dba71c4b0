import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { IsOmittable } from '../../http/is-omittable';
import { ACCOUNT_ID } from '../../normalization/account-id';
import { QUEUES, type QueueName } from '../../redis/queue-names';

const LIMIT = 'limit must be a whole number from 1 to 500';
const ACCOUNT = { message: 'account_id is not an account id' };

/** Which dead letters to show. */
export class ListDeadLettersQuery {
  @ApiPropertyOptional({ enum: QUEUES, default: 'events' })
  @IsOptional()
  @IsIn(QUEUES)
  queue: QueueName = 'events';

  @ApiPropertyOptional({ example: 'acme' })
  @IsOptional()
  @Matches(ACCOUNT_ID, ACCOUNT)
  account_id?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 500, default: 50 })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (/^\d{1,9}$/.test(String(value)) ? Number(value) : value))
  @IsInt({ message: LIMIT })
  @Min(1, { message: LIMIT })
  @Max(500, { message: LIMIT })
  limit: number = 50;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before' })
  @IsOptional()
  @Matches(/^\d{1,15}$/, { message: 'cursor is not one of ours' })
  cursor?: string;
}

/** Something that was accepted and failed for good. */
export class DeadLetterView {
  @ApiProperty({ description: 'To replay it by', example: 'events-17' })
  id!: string;

  @ApiProperty({ enum: QUEUES, example: 'events' })
  queue!: QueueName;

  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ example: 'order-4711-failed' })
  event_id!: string;

  @ApiProperty({ description: 'What went wrong at the last try', example: 'value too long' })
  error!: string;

  @ApiProperty({ example: 3 })
  attempts!: number;

  @ApiProperty({ type: String, nullable: true, example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  request_id!: string | null;

  @ApiProperty({ description: 'Since when it is dead', example: '2026-01-15T10:00:02.000Z' })
  dead_at!: string;
}

/** One page of dead letters, newest first. */
export class DeadLetterListView {
  @ApiProperty({ type: [DeadLetterView] })
  dead_letters!: DeadLetterView[];

  @ApiProperty({ type: String, nullable: true, example: '17' })
  next_cursor!: string | null;
}

/** Which dead letter is meant. */
export class DeadLetterParams {
  @ApiProperty({ example: 'events-17' })
  @Matches(/^(events|deliveries)-\d{1,15}$/, { message: 'id must be that of a dead letter' })
  id!: string;
}

/** Which dead letters to replay: all, where nothing is said. */
export class ReplayDeadLettersRequest {
  @ApiPropertyOptional({ enum: QUEUES })
  @IsOmittable()
  @IsIn(QUEUES)
  queue?: QueueName;

  @ApiPropertyOptional({ example: 'acme' })
  @IsOmittable()
  @Matches(ACCOUNT_ID, ACCOUNT)
  account_id?: string;
}

/** What came of replaying one. */
export class ReplayedDeadLetterView {
  @ApiProperty({ example: 'events-17' })
  id!: string;

  @ApiProperty({
    enum: ['stored', 'changed', 'duplicate', 'stale', 'pending'],
    description: 'What became of the event; `pending` for a delivery, which is sent again',
    example: 'stored',
  })
  outcome!: string;
}

/** What came of replaying many. */
export class ReplayedDeadLettersView {
  @ApiProperty({ example: 12 })
  replayed!: number;

  @ApiProperty({ description: 'Those that failed again, and stay', example: 0 })
  failed!: number;
}
