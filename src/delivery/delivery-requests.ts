import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  NotContains,
} from 'class-validator';
import { IsOmittable } from '../http/is-omittable';
import { ACCOUNT_ID } from '../normalization/account-id';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../outbox/delivery.entity';
import { DeliveryView } from '../outbox/delivery-view';

const LIMIT = 'limit must be a whole number from 1 to 500';

/** What `GET /deliveries` can be asked for. */
export class ListDeliveriesQuery {
  @ApiPropertyOptional({ example: 'default' })
  @IsOptional()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;

  @ApiPropertyOptional({ enum: DELIVERY_STATUSES })
  @IsOptional()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;

  @ApiPropertyOptional({ example: 'pagerduty' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @NotContains('\0', { message: '$property must not hold NUL' })
  destination?: string;

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

/** One page of deliveries, newest first. */
export class DeliveryListView {
  @ApiProperty({ type: [DeliveryView] })
  deliveries!: DeliveryView[];

  @ApiProperty({ type: String, nullable: true, example: '17' })
  next_cursor!: string | null;
}

/** Which delivery is meant. */
export class DeliveryParams {
  @ApiProperty({ type: 'integer', example: 17 })
  @Matches(/^\d{1,15}$/, { message: 'id must be a whole number' })
  id!: string;
}

/** Which deliveries to replay. */
export class ReplayManyRequest {
  @ApiPropertyOptional({ enum: ['dead', 'skipped'], default: 'dead' })
  @IsOmittable()
  @IsIn(['dead', 'skipped'], { message: 'only dead and skipped deliveries can be replayed' })
  status: 'dead' | 'skipped' = 'dead';

  @ApiPropertyOptional({ example: 'pagerduty' })
  @IsOmittable()
  @IsString()
  @MaxLength(200)
  @NotContains('\0', { message: '$property must not hold NUL' })
  destination?: string;

  @ApiPropertyOptional({
    description: 'Without it a person’s own account, and all accounts for operators',
    example: 'acme',
  })
  @IsOmittable()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;

  @ApiPropertyOptional({ default: false, description: 'Only counts, and sends nothing', example: false })
  @IsOmittable()
  @IsBoolean()
  dry_run?: boolean;
}

/** How many were replayed. */
export class ReplayManyAnswer {
  @ApiProperty({ description: 'With `dry_run` how many there are to replay, at most', example: 3 })
  replayed!: number;
}
