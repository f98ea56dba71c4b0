import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
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
import { ACCOUNT_ID } from '../normalization/account-id';
import { KINDS, SEVERITIES, type Kind, type Severity } from '../normalization/normalized-event';

/** Reads a number, and nothing that merely can be made one. */
const toInteger = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;

/** The calendar forms of ISO 8601. Its other forms (weeks, days of the year, no dashes) JavaScript cannot read. */
const INSTANT = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** Reads an instant, in UTC unless it says otherwise; anything else stays as it is, for the validator to refuse. */
const toInstant = ({ value }: { value: unknown }): unknown => {
  const [, date, time = '00:00', zone = 'Z'] = (typeof value === 'string' && INSTANT.exec(value)) || [];
  const at = Date.parse(`${date}T${time}${zone}`);
  const isDay = date !== undefined && new Date(Date.parse(date)).getUTCDate() === Number(date.slice(-2));
  return isDay && !Number.isNaN(at) ? at : value;
};

/** What `GET /events` can be asked for. */
export class ListEventsQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: 500, default: 50 })
  @IsOptional()
  @Transform(toInteger)
  @IsInt({ message: 'limit must be a whole number from 1 to 500' })
  @Min(1, { message: 'limit must be a whole number from 1 to 500' })
  @Max(500, { message: 'limit must be a whole number from 1 to 500' })
  limit: number = 50;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(12_000)
  cursor?: string;

  @ApiPropertyOptional({ example: 'default' })
  @IsOptional()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;

  @ApiPropertyOptional({ example: 'stripe' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @NotContains('\0', { message: '$property must not hold NUL' })
  source?: string;

  @ApiPropertyOptional({ enum: KINDS })
  @IsOptional()
  @IsIn(KINDS)
  kind?: Kind;

  @ApiPropertyOptional({ enum: SEVERITIES })
  @IsOptional()
  @IsIn(SEVERITIES)
  severity?: Severity;

  @ApiPropertyOptional({ example: 'spreedly' })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  @NotContains('\0', { message: '$property must not hold NUL' })
  service?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Unresolved, and of kind incident or status' })
  @IsOptional()
  @IsIn(['true', 'false'])
  open?: 'true' | 'false';

  @ApiPropertyOptional({
    type: String,
    description: 'Received at or after (ISO 8601)',
    example: '2026-01-15T00:00:00.000Z',
  })
  @IsOptional()
  @Transform(toInstant)
  @IsInt({ message: 'since must be a date, or a date and time, of ISO 8601' })
  since?: number;

  @ApiPropertyOptional({
    type: String,
    description: 'Received before (ISO 8601)',
    example: '2026-01-16T00:00:00.000Z',
  })
  @IsOptional()
  @Transform(toInstant)
  @IsInt({ message: 'until must be a date, or a date and time, of ISO 8601' })
  until?: number;
}
