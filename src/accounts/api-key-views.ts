import { ApiProperty } from '@nestjs/swagger';
import { iso, isoOrNull } from '../normalization/instant';
import type { ApiKeyEntity } from './api-key.entity';
import { SCOPES, type Scope } from './scope';

/** A key that was just made: the only time that it is shown. */
export class CreatedApiKeyView {
  @ApiProperty({ example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  id!: string;

  @ApiProperty({
    description: 'For `Authorization: Bearer`. Shown this once.',
    example: 'sbx_k3Hq9ZbT_mXo0cV5uW1yR7sJ2aLd8eKfNgPqBhTzCiUvDxEwYjM4',
  })
  key!: string;

  @ApiProperty({ description: 'By this it is recognized in lists', example: 'sbx_k3Hq9ZbT' })
  prefix!: string;
}

/** A key, as lists show it. */
export class ApiKeyView {
  @ApiProperty({ example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  id!: string;

  @ApiProperty({ example: 'sbx_k3Hq9ZbT' })
  prefix!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['ingest', 'read'] })
  scopes!: Scope[];

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ type: String, nullable: true, example: '2030-01-15T10:00:00.000Z' })
  expires_at!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  revoked_at!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'To the minute',
    example: '2026-01-15T10:00:00.000Z',
  })
  last_used_at!: string | null;
}

/** One page of an account's keys, oldest first. */
export class ApiKeyListView {
  @ApiProperty({ type: [ApiKeyView] })
  keys!: ApiKeyView[];

  @ApiProperty({ type: String, nullable: true, example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  next_cursor!: string | null;
}

/** Makes the API's form of a key. */
export function apiKeyView(key: ApiKeyEntity): ApiKeyView {
  return {
    id: key.id,
    prefix: key.prefix,
    scopes: key.scopes,
    created_at: iso(key.created_at),
    expires_at: isoOrNull(key.expires_at),
    revoked_at: isoOrNull(key.revoked_at),
    last_used_at: isoOrNull(key.last_used_at),
  };
}
