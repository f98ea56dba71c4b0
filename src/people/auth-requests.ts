import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsString, Matches, MaxLength } from 'class-validator';
import { IsOmittable } from '../http/is-omittable';
import { ACCOUNT_ID } from '../normalization/account-id';
import { IsAnEmail, LONGEST_EMAIL } from './email';
import { LONGEST_PASSWORD_TEXT, SHORTEST_PASSWORD, LONGEST_PASSWORD } from './password-rules';

const PASSWORD = 'a quite long sentence of mine';
const REFRESH_TOKEN = 'sbr_k3Hq9ZbTmXo0cV5uW1yR7sJ2aLd8eKfNgPqBhTzCiUv';
const LONGEST_TOKEN = 100;

/** How the tokens are to be handed out. */
export class TokenRequest {
  @ApiPropertyOptional({
    default: false,
    description:
      'For browsers: the refresh token comes in a cookie that no script can read, and not in the answer',
    example: false,
  })
  @IsOmittable()
  @IsBoolean()
  cookie?: boolean;
}

/** Who logs in. */
export class LoginRequest extends TokenRequest {
  @ApiProperty({ format: 'email', maxLength: LONGEST_EMAIL, example: 'ada@acme.example' })
  @IsAnEmail()
  email!: string;

  @ApiProperty({ format: 'password', maxLength: LONGEST_PASSWORD_TEXT, example: PASSWORD })
  @IsString()
  @MaxLength(LONGEST_PASSWORD_TEXT)
  password!: string;

  @ApiPropertyOptional({ description: 'Of several accounts, the one to work in', example: 'acme' })
  @IsOmittable()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;
}

/** Which session is to go on. */
export class RefreshRequest {
  @ApiPropertyOptional({ description: 'Without it the cookie', example: REFRESH_TOKEN })
  @IsOmittable()
  @IsString()
  @MaxLength(LONGEST_TOKEN)
  refresh_token?: string;

  @ApiPropertyOptional({ description: 'Of several accounts, the one to work in', example: 'acme' })
  @IsOmittable()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;
}

/** What to end. */
export class LogoutRequest {
  @ApiPropertyOptional({ description: 'Without it the cookie', example: REFRESH_TOKEN })
  @IsOmittable()
  @IsString()
  @MaxLength(LONGEST_TOKEN)
  refresh_token?: string;

  @ApiPropertyOptional({ default: false, description: 'All sessions of the person', example: false })
  @IsOmittable()
  @IsBoolean()
  everywhere?: boolean;
}

/** Who accepts an invitation. */
export class AcceptRequest extends TokenRequest {
  @ApiProperty({ example: 'sbi_k3Hq9ZbTmXo0cV5uW1yR7sJ2aLd8eKfNgPqBhTzCiUv' })
  @IsString()
  @MaxLength(LONGEST_TOKEN)
  token!: string;

  @ApiProperty({
    format: 'password',
    description:
      `A new person chooses one, of ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters; ` +
      'who has one already, for another account, shows it',
    example: PASSWORD,
  })
  @IsString()
  @MaxLength(LONGEST_PASSWORD_TEXT)
  password!: string;
}

/** A new password. */
export class ChangePasswordRequest {
  @ApiProperty({ format: 'password', example: PASSWORD })
  @IsString()
  @MaxLength(LONGEST_PASSWORD_TEXT)
  current_password!: string;

  @ApiProperty({
    format: 'password',
    minLength: SHORTEST_PASSWORD,
    maxLength: LONGEST_PASSWORD,
    example: 'another quite long sentence',
  })
  @IsString()
  @MaxLength(LONGEST_PASSWORD_TEXT)
  new_password!: string;
}
