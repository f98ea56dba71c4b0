import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsOmittable } from '../http/is-omittable';
import { ACCOUNT_ID } from '../normalization/account-id';
import { PageQuery } from './page.query';

const MOST_EVENTS = 1_000_000_000;
const NO_NUMBER = (name: string): { message: string } => ({
  message: `${name} must be a whole number from 1 to ${MOST_EVENTS}, or null for the default`,
});

/** Null stands for the default. */
const IsNoNull = (): PropertyDecorator =>
  ValidateIf((_object, value: unknown) => value !== undefined && value !== null);

/** Which account is meant. */
export class AccountParams {
  @ApiProperty({ example: 'acme' })
  @Matches(ACCOUNT_ID, { message: 'id is not an account id' })
  id!: string;
}

/** Which accounts are listed. */
export class ListAccountsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only this one; none where it was never added', example: 'acme' })
  @IsOptional()
  @Matches(ACCOUNT_ID, { message: 'id is not an account id' })
  id?: string;
}

/** Limits of an account's own. What is left out stays as it is; null brings back the default. */
export class LimitsRequest {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MOST_EVENTS,
    nullable: true,
    description: 'Default: `ACCOUNT_EVENTS_PER_MINUTE`',
    example: 6_000,
  })
  @IsNoNull()
  @IsInt(NO_NUMBER('events_per_minute'))
  @Min(1, NO_NUMBER('events_per_minute'))
  @Max(MOST_EVENTS, NO_NUMBER('events_per_minute'))
  events_per_minute?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MOST_EVENTS,
    nullable: true,
    description: 'Events at once, after a pause. Default: `ACCOUNT_BURST`',
    example: 1_000,
  })
  @IsNoNull()
  @IsInt(NO_NUMBER('burst'))
  @Min(1, NO_NUMBER('burst'))
  @Max(MOST_EVENTS, NO_NUMBER('burst'))
  burst?: number | null;
}

/** What can be changed of an account. What is left out stays as it is. */
export class ChangeAccountRequest {
  @ApiPropertyOptional({ maxLength: 200, example: 'Acme Corporation' })
  @IsOmittable()
  @IsString()
  @MaxLength(200)
  @Matches(/\S/, { message: 'name must not be blank' })
  name?: string;

  @ApiPropertyOptional({ type: LimitsRequest })
  @IsOmittable()
  @IsObject({ message: 'limits must be an object' })
  @ValidateNested()
  @Type(() => LimitsRequest)
  limits?: LimitsRequest;

  @ApiPropertyOptional({
    type: [String],
    maxItems: 5,
    description:
      'What the account’s own Stripe endpoint signs with; several while rotating, none to stop. Never shown.',
    example: ['whsec_of_acme'],
  })
  @IsOmittable()
  @IsArray()
  @ArrayMaxSize(5)
  @Matches(/^[\x21-\x7e]{8,256}$/, {
    each: true,
    message: 'stripe_webhook_secrets must be of 8 to 256 printable ASCII characters each',
  })
  stripe_webhook_secrets?: string[];
}

/** A new account. */
export class CreateAccountRequest extends ChangeAccountRequest {
  @ApiProperty({ pattern: ACCOUNT_ID.source, example: 'acme' })
  @Matches(ACCOUNT_ID, { message: 'id must be 1 to 64 letters, digits, dots, dashes and underscores' })
  id!: string;

  @ApiProperty({ maxLength: 200, example: 'Acme Corporation' })
  @IsString()
  @MaxLength(200)
  @Matches(/\S/, { message: 'name must not be blank' })
  declare name: string;
}
