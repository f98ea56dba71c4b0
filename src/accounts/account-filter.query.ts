import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { ACCOUNT_ID } from '../normalization/account-id';

/** Says whose data is to be shown. */
export class AccountFilterQuery {
  @ApiPropertyOptional({ description: 'Without it a key’s own account, and all accounts for operators' })
  @IsOptional()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;
}
