import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { ACCOUNT_ID } from '../normalization/account-id';

/** Says whose event is meant. */
export class AccountQuery {
  @ApiPropertyOptional({ description: 'Without it the account of the key, else `default`' })
  @IsOptional()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;
}
