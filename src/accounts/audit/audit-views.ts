import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { ACCOUNT_ID } from '../../normalization/account-id';
import { iso } from '../../normalization/instant';
import type { AuditEntryEntity } from './audit-entry.entity';
import type { Changes } from './changes';

const LIMIT = 'limit must be a whole number from 1 to 500';
const ACTORS = ['person', 'key', 'admin_token', 'anybody', 'system'] as const;

/** What `GET /audit` can be asked for. */
export class ListAuditQuery {
  @ApiPropertyOptional({ description: 'Without it a person’s own account, and all accounts for operators' })
  @IsOptional()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;

  @ApiPropertyOptional({ description: 'Only this action', example: 'key.revoked' })
  @IsOptional()
  @Matches(/^[a-z_]{1,40}\.[a-z_]{1,40}$/, { message: 'action must be of the form key.revoked' })
  action?: string;

  @ApiPropertyOptional({
    maxLength: 320,
    description: 'Only what this person or key did: an e-mail address or a key’s prefix, exactly',
    example: 'ada@acme.example',
  })
  @IsOptional()
  @IsString()
  @MaxLength(320, { message: 'by must be of at most 320 characters' })
  by?: string;

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

/** Who changed something. */
export class AuditActorView {
  @ApiProperty({ enum: ACTORS, example: 'person' })
  kind!: (typeof ACTORS)[number];

  @ApiProperty({ type: String, nullable: true, example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  id!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'A person’s e-mail address, a key’s prefix',
    example: 'ada@acme.example',
  })
  name!: string | null;
}

/** One change. */
export class AuditEntryView {
  @ApiProperty({ example: '17' })
  id!: string;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  at!: string;

  @ApiProperty({ type: String, nullable: true, example: 'acme' })
  account_id!: string | null;

  @ApiProperty({ example: 'person.role_changed' })
  action!: string;

  @ApiProperty({ description: 'What was changed', example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a12' })
  subject!: string;

  @ApiProperty({ type: AuditActorView })
  by!: AuditActorView;

  @ApiProperty({ type: String, nullable: true, example: '192.0.2.17' })
  address!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a13' })
  request_id!: string | null;

  @ApiProperty({
    type: Object,
    additionalProperties: true,
    description: 'What each field was and is; never a secret',
    example: { role: { from: 'viewer', to: 'operator' } },
  })
  changes!: Changes;
}

/** One page of the audit log, newest first. */
export class AuditListView {
  @ApiProperty({ type: [AuditEntryView] })
  entries!: AuditEntryView[];

  @ApiProperty({ type: String, nullable: true, example: '17' })
  next_cursor!: string | null;
}

/** Makes the API's form of an entry. */
export function auditEntryView(entry: AuditEntryEntity): AuditEntryView {
  const { id, at, account_id, action, subject, address, request_id } = entry;
  return {
    id: String(id),
    at: iso(at),
    account_id,
    action,
    subject,
    by: { kind: entry.actor_kind, id: entry.actor_id, name: entry.actor_name },
    address,
    request_id,
    changes: JSON.parse(entry.changes ?? '{}') as Changes,
  };
}
