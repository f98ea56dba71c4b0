import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { ACCOUNT_ID } from '../normalization/account-id';
import { DEFAULT_ACCOUNT } from '../normalization/normalized-event';

/** Says whose event is meant. */
export class AccountQuery {
  @ApiPropertyOptional({ default: DEFAULT_ACCOUNT })
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id: string = DEFAULT_ACCOUNT;
}
