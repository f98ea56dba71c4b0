import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageQuery } from '../../accounts/page.query';
import { ACCOUNT_ID } from '../../normalization/account-id';

const ACCOUNT = { message: 'account_id is not an account id' };

/** What `GET /slos` can be asked for. */
export class ListSlosQuery extends OmitType(PageQuery, ['cursor']) {
  @ApiPropertyOptional({
    description: 'Without it the account of the key, or for operators all of them',
    example: 'acme',
  })
  @IsOptional()
  @Matches(ACCOUNT_ID, ACCOUNT)
  account_id?: string;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(400, { message: 'cursor is not one of ours' })
  cursor?: string;
}

/** What `GET /slos/:id` can be asked for. */
export class SloQuery {
  @ApiPropertyOptional({
    description:
      'Whose; without it the account of the key, or for operators the one for all accounts together',
    example: 'acme',
  })
  @IsOptional()
  @Matches(ACCOUNT_ID, ACCOUNT)
  account_id?: string;
}

/** Which objective is meant. */
export class SloParams {
  @ApiProperty({ example: 'events-availability' })
  @IsString()
  @MaxLength(200, { message: 'id is too long' })
  id!: string;
}
