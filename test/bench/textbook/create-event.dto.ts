import { IsIn, IsISO8601, IsNotEmpty, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';

/** One event as a tenant posts it. */
export class CreateEventDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_024)
  event_id!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  account_id!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  user_id!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(128)
  type!: string;

  @IsISO8601({ strict: true })
  timestamp!: string;

  @IsOptional()
  @IsObject()
  metadata?: Record<string, unknown>;

  @IsOptional()
  @IsIn(['info', 'warning', 'critical'])
  severity?: string;
}
