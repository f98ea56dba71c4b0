import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { iso } from '../../normalization/instant';
import type { MaintenanceSchedule } from '../model/maintenance';
import type { MaintenanceWindowEntity } from '../storage/maintenance-window.entity';
import { ORIGINS, type Origin } from '../../definition-files/origin';
import { scheduleFields } from './maintenance-request';
import { nextOccurrences } from './next-occurrences';

const REPEATS = ['once', 'daily', 'weekly', 'monthly'] as const;

/** The fields of maintenance windows. Checked by hand (`readWindow`); this describes them. */
export class MaintenanceWindowFields {
  @ApiProperty({ maxLength: 200, example: 'Database upgrade' })
  name!: string;

  @ApiPropertyOptional({
    type: [String],
    maxItems: 500,
    nullable: true,
    description: 'Null: all monitors of the account',
    example: ['k3hq9zbtmxo0cv5u'],
  })
  monitor_ids?: string[] | null;

  @ApiPropertyOptional({ enum: REPEATS, default: 'once', example: 'once' })
  repeats?: MaintenanceSchedule['repeats'];

  @ApiPropertyOptional({ description: 'If it happens once', example: '2026-01-18T02:00:00.000Z' })
  starts_at?: string;

  @ApiPropertyOptional({
    description: 'If it happens once; at most 31 days later',
    example: '2026-01-18T04:00:00.000Z',
  })
  ends_at?: string;

  @ApiPropertyOptional({ description: 'If it repeats: by the clocks of the zone', example: '02:30' })
  local_time?: string;

  @ApiPropertyOptional({ description: 'If it repeats: IANA time zone', example: 'Europe/Berlin' })
  time_zone?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 60, description: 'If it repeats', example: 3_600 })
  duration_s?: number;

  @ApiPropertyOptional({
    type: 'array',
    items: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
    description: 'Weekly: `sun` to `sat`; monthly: 1 to 31 and `last`',
    example: ['sun'],
  })
  on?: (string | number)[];

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'If it repeats: none begins before',
    example: null,
  })
  from_at?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'If it repeats: none begins at or after',
    example: null,
  })
  until_at?: string | null;
}

/** A new maintenance window. */
export class MaintenanceWindowBody extends MaintenanceWindowFields {
  @ApiPropertyOptional({ default: 'default', example: 'acme' })
  account_id?: string;
}

/** What is to be another way. */
export class ChangeMaintenanceWindowBody extends PartialType(MaintenanceWindowFields) {}

/** One time of maintenance. */
export class OccurrenceView {
  @ApiProperty({ example: '2026-01-18T02:00:00.000Z' })
  starts_at!: string;

  @ApiProperty({ example: '2026-01-18T04:00:00.000Z' })
  ends_at!: string;
}

/** A maintenance window, as the API shows it. */
export class MaintenanceWindowView extends MaintenanceWindowFields {
  @ApiProperty({ example: 'd8ekfngpqbhtzciu' })
  id!: string;

  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ type: [OccurrenceView], description: 'The one under way, and the next, at most three' })
  next_occurrences!: OccurrenceView[];

  @ApiProperty({ enum: ORIGINS, description: '`file`: changed by MONITORS_FILE alone', example: 'api' })
  origin!: Origin;

  @ApiProperty({ type: String, nullable: true, description: 'Its key in MONITORS_FILE', example: null })
  key!: string | null;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  updated_at!: string;
}

/** One page of maintenance windows. */
export class MaintenanceWindowListView {
  @ApiProperty({ type: [MaintenanceWindowView] })
  maintenance_windows!: MaintenanceWindowView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  next_cursor!: string | null;
}

/** Makes the API's form of a window. */
export function maintenanceWindowView(window: MaintenanceWindowEntity, now: number): MaintenanceWindowView {
  const { id, account_id, name, monitor_ids, schedule, origin, origin_key, created_at, updated_at } = window;
  return {
    id,
    account_id,
    name,
    monitor_ids,
    ...scheduleFields(schedule),
    next_occurrences: nextOccurrences(schedule, now).map(({ from_at, until_at }) => ({
      starts_at: iso(from_at),
      ends_at: iso(until_at),
    })),
    origin,
    key: origin_key,
    created_at: iso(created_at),
    updated_at: iso(updated_at),
  };
}
