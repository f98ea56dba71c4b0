import { ApiProperty } from '@nestjs/swagger';
import { iso } from '../normalization/instant';
import type { AccountEntity } from './account.entity';
import type { AccountLimit } from './token-bucket';

/** The limits that an account was given. */
export class LimitsView {
  @ApiProperty({ type: Number, nullable: true, description: 'Null: the default', example: 6_000 })
  events_per_minute!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Null: the default', example: null })
  burst!: number | null;
}

/** The limits that hold. */
export class EffectiveLimitsView {
  @ApiProperty({ example: 6_000 })
  events_per_minute!: number;

  @ApiProperty({ description: 'Events at once, after a pause', example: 50_000 })
  burst!: number;
}

/** An account, as the API shows it. */
export class AccountView {
  @ApiProperty({ example: 'acme' })
  id!: string;

  @ApiProperty({ example: 'Acme Corporation' })
  name!: string;

  @ApiProperty({ type: LimitsView })
  limits!: LimitsView;

  @ApiProperty({ type: EffectiveLimitsView })
  effective_limits!: EffectiveLimitsView;

  @ApiProperty({ description: 'Whether it has a Stripe endpoint of its own', example: false })
  stripe_configured!: boolean;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  updated_at!: string;
}

/** One page of accounts, by their ids. */
export class AccountListView {
  @ApiProperty({ type: [AccountView] })
  accounts!: AccountView[];

  @ApiProperty({ type: String, nullable: true, example: 'acme' })
  next_cursor!: string | null;
}

/** Makes the API's form of an account. */
export function accountView(account: AccountEntity, effective: AccountLimit): AccountView {
  return {
    id: account.id,
    name: account.name,
    limits: { events_per_minute: account.events_per_minute, burst: account.burst },
    effective_limits: { ...effective },
    stripe_configured: account.stripe_secrets !== null,
    created_at: iso(account.created_at),
    updated_at: iso(account.updated_at),
  };
}
