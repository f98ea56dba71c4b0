import { ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { AccountParams } from '../accounts/account-requests';
import { ACCOUNT_ROLES, type AccountRole } from '../config/account-role';
import { iso, isoOrNull } from '../normalization/instant';
import { IsAnEmail, LONGEST_EMAIL } from './email';
import type { InvitationEntity } from './invitation.entity';

/** Which invitation of which account is meant. */
export class InvitationParams extends AccountParams {
  @ApiProperty({ example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  @Matches(/^[0-9a-f-]{36}$/, { message: 'invitation_id is not the id of an invitation' })
  invitation_id!: string;
}

/** Whom to invite. */
export class InviteRequest {
  @ApiProperty({ format: 'email', maxLength: LONGEST_EMAIL, example: 'ada@acme.example' })
  @IsAnEmail()
  email!: string;

  @ApiProperty({ enum: ACCOUNT_ROLES, example: 'operator' })
  @IsIn(ACCOUNT_ROLES, { message: `role must be one of ${ACCOUNT_ROLES.join(', ')}` })
  role!: AccountRole;
}

/** An invitation that was just made: the only time that its token is shown. */
export class CreatedInvitationView {
  @ApiProperty({ example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  id!: string;

  @ApiProperty({
    description: 'For `POST /auth/accept`, once. Shown this once: hand it on yourself.',
    example: 'sbi_k3Hq9ZbTmXo0cV5uW1yR7sJ2aLd8eKfNgPqBhTzCiUv',
  })
  token!: string;

  @ApiProperty({ example: '2026-01-22T10:00:00.000Z' })
  expires_at!: string;
}

/** An invitation, as lists show it. */
export class InvitationView {
  @ApiProperty({ example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  id!: string;

  @ApiProperty({ example: 'ada@acme.example' })
  email!: string;

  @ApiProperty({ enum: ACCOUNT_ROLES, example: 'operator' })
  role!: AccountRole;

  @ApiProperty({
    description: 'A person’s e-mail address, a key’s prefix, or admin_token',
    example: 'admin_token',
  })
  invited_by!: string;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ example: '2026-01-22T10:00:00.000Z' })
  expires_at!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  accepted_at!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  revoked_at!: string | null;
}

/** One page of an account's invitations, oldest first. */
export class InvitationListView {
  @ApiProperty({ type: [InvitationView] })
  invitations!: InvitationView[];

  @ApiProperty({ type: String, nullable: true, example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  next_cursor!: string | null;
}

/** Makes the API's form of an invitation. */
export function invitationView(invitation: InvitationEntity): InvitationView {
  const { id, email, role, invited_by } = invitation;
  return {
    id,
    email,
    role,
    invited_by,
    created_at: iso(invitation.created_at),
    expires_at: iso(invitation.expires_at),
    accepted_at: isoOrNull(invitation.accepted_at),
    revoked_at: isoOrNull(invitation.revoked_at),
  };
}
