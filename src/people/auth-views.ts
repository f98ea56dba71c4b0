import { ApiProperty } from '@nestjs/swagger';
import { ACCOUNT_ROLES, type AccountRole } from '../config/account-role';

/** A person. */
export class PersonView {
  @ApiProperty({ example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  id!: string;

  @ApiProperty({ example: 'ada@acme.example' })
  email!: string;

  @ApiProperty({ description: 'Whether they may do everything, for all accounts', example: false })
  operator!: boolean;
}

/** What a person has logged in with. */
export class LoginView {
  @ApiProperty({
    description: 'For `Authorization: Bearer`',
    example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk5In0.c2lnbmF0dXJl',
  })
  access_token!: string;

  @ApiProperty({ enum: ['Bearer'], example: 'Bearer' })
  token_type!: 'Bearer';

  @ApiProperty({ description: 'Seconds that the access token holds', example: 600 })
  expires_in!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'For `POST /auth/refresh`, once. Null where it is in the cookie',
    example: 'sbr_k3Hq9ZbTmXo0cV5uW1yR7sJ2aLd8eKfNgPqBhTzCiUv',
  })
  refresh_token!: string | null;

  @ApiProperty({ type: PersonView })
  person!: PersonView;

  @ApiProperty({ description: 'The one it is for', example: 'acme' })
  account_id!: string;

  @ApiProperty({ enum: ACCOUNT_ROLES, example: 'operator' })
  role!: AccountRole;
}

/** What somebody is in an account. */
export class AccountRoleView {
  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ enum: ACCOUNT_ROLES, example: 'operator' })
  role!: AccountRole;
}

const KINDS = ['person', 'key', 'admin_token', 'anybody'] as const;

/** Whose credential it is. */
export class MeView {
  @ApiProperty({
    enum: KINDS,
    description: '`anybody` where there is no `ADMIN_TOKEN`, and so everything is open',
    example: 'person',
  })
  kind!: (typeof KINDS)[number];

  @ApiProperty({
    type: PersonView,
    nullable: true,
    example: { id: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11', email: 'ada@acme.example', operator: false },
  })
  person!: PersonView | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The one that the token is for',
    example: 'acme',
  })
  account_id!: string | null;

  @ApiProperty({ type: [AccountRoleView], description: 'All accounts of the person' })
  accounts!: AccountRoleView[];
}
