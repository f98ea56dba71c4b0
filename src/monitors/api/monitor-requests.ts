import { ApiProperty, ApiPropertyOptional, IntersectionType, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { PageQuery } from '../../accounts/page.query';
import { AccountQuery } from '../../events/account.query';
import { ACCOUNT_ID } from '../../normalization/account-id';
import { RESULT_CLASSES, type ResultClass } from '../model/monitor';
import { HeartbeatFields, HttpFields, NamedFields } from './monitor-fields';

const LIMIT = 'limit must be a whole number from 1 to 500';
const ACCOUNT = { message: 'account_id is not an account id' };

/** Ids of monitors and of maintenance windows. */
export const MONITOR_ID = /^[a-z0-9]{16,32}$/;

class AccountField {
  @ApiPropertyOptional({ description: 'Without it one’s own, else `default`', example: 'acme' })
  account_id?: string;
}

/** A new monitor that asks a URL. Checked by hand (model/definition.ts); this describes it. */
export class HttpMonitorBody extends IntersectionType(AccountField, NamedFields, HttpFields) {
  @ApiPropertyOptional({ enum: ['http'], default: 'http' })
  type?: 'http';
}

/** A new monitor that waits for a job to call in. */
export class HeartbeatMonitorBody extends IntersectionType(AccountField, NamedFields, HeartbeatFields) {
  @ApiProperty({ enum: ['heartbeat'] })
  type!: 'heartbeat';
}

/** What is to be another way; `headers`, `expect.json` and `expect.headers` are replaced whole. */
export class ChangeMonitorBody extends PartialType(
  IntersectionType(NamedFields, HttpFields, HeartbeatFields),
) {}

/** What `GET /monitors` and `GET /maintenance-windows` can be asked for. */
export class ListOwnedQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Without it the account of the key, else `default`', example: 'acme' })
  @IsOptional()
  @Matches(ACCOUNT_ID, ACCOUNT)
  account_id?: string;
}

/** What `GET /monitors/:id/checks` can be asked for. */
export class ListChecksQuery extends AccountQuery {
  @ApiPropertyOptional({ enum: RESULT_CLASSES, description: 'How they ended' })
  @IsOptional()
  @IsIn(RESULT_CLASSES)
  state?: ResultClass;

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

/** Which monitor is meant. */
export class MonitorParams {
  @ApiProperty({ example: 'k3hq9zbtmxo0cv5u' })
  @Matches(MONITOR_ID, { message: 'id is not the id of a monitor' })
  id!: string;
}

/** Which maintenance window is meant. */
export class MaintenanceWindowParams {
  @ApiProperty({ example: 'd8ekfngpqbhtzciu' })
  @Matches(MONITOR_ID, { message: 'id is not the id of a maintenance window' })
  id!: string;
}
