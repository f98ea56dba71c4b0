import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsString, Matches } from 'class-validator';
import { IsOmittable } from '../http/is-omittable';
import { AccountParams } from './account-requests';
import { SCOPES, type Scope } from './scope';

/** Which key of which account is meant. */
export class ApiKeyParams extends AccountParams {
  @ApiProperty({ example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  @Matches(/^[0-9a-f-]{36}$/, { message: 'key_id is not the id of a key' })
  key_id!: string;
}

/** What a new key is for, and until when. */
export class CreateApiKeyRequest {
  @ApiProperty({ enum: SCOPES, isArray: true, example: ['ingest', 'read'] })
  @IsArray()
  @ArrayNotEmpty({ message: 'scopes must not be empty' })
  @ArrayUnique({ message: 'scopes must name each scope once' })
  @IsIn(SCOPES, { each: true, message: `scopes must be of ${SCOPES.join(', ')}` })
  scopes!: Scope[];

  @ApiPropertyOptional({
    description: 'An instant of ISO 8601, with its zone. Without it the key holds until it is revoked.',
    example: '2030-01-15T10:00:00.000Z',
  })
  @IsOmittable()
  @IsString()
  expires_at?: string;
}
