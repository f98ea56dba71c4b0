import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, Matches } from 'class-validator';
import { AccountParams } from '../accounts/account-requests';
import { ACCOUNT_ROLES, type AccountRole } from '../config/account-role';
import { IsOmittable } from '../http/is-omittable';
import { iso, isoOrNull } from '../normalization/instant';
import type { Member } from './people.repository';

/** Which person of which account is meant. */
export class MemberParams extends AccountParams {
  @ApiProperty({ example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  @Matches(/^[0-9a-f-]{36}$/, { message: 'person_id is not the id of a person' })
  person_id!: string;
}

/** What a person becomes. What is left out stays as it is. */
export class ChangeMemberRequest {
  @ApiPropertyOptional({ enum: ACCOUNT_ROLES, example: 'operator' })
  @IsOmittable()
  @IsIn(ACCOUNT_ROLES, { message: `role must be one of ${ACCOUNT_ROLES.join(', ')}` })
  role?: AccountRole;

  @ApiPropertyOptional({
    description: 'Whether they may do everything, for all accounts. For `ADMIN_TOKEN` alone to say',
  })
  @IsOmittable()
  @IsBoolean()
  operator?: boolean;
}

/** A person of an account. */
export class MemberView {
  @ApiProperty({ example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  id!: string;

  @ApiProperty({ example: 'ada@acme.example' })
  email!: string;

  @ApiProperty({ enum: ACCOUNT_ROLES, example: 'operator' })
  role!: AccountRole;

  @ApiProperty({ description: 'Whether they may do everything, for all accounts', example: false })
  operator!: boolean;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  joined_at!: string;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:00:00.000Z' })
  last_login_at!: string | null;
}

/** One page of an account's people. */
export class MemberListView {
  @ApiProperty({ type: [MemberView] })
  people!: MemberView[];

  @ApiProperty({ type: String, nullable: true, example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  next_cursor!: string | null;
}

/** Makes the API's form of a person of an account. */
export function memberView({
  id,
  email,
  role,
  operator_since,
  created_at,
  last_login_at,
}: Member): MemberView {
  return {
    id,
    email,
    role,
    operator: operator_since !== null,
    joined_at: iso(created_at),
    last_login_at: isoOrNull(last_login_at),
  };
}
