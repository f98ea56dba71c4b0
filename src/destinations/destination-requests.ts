import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsObject, IsOptional, Matches } from 'class-validator';
import { PageQuery } from '../accounts/page.query';
import { IsOmittable } from '../http/is-omittable';
import { ACCOUNT_ID } from '../normalization/account-id';
import { DESTINATION_TYPES, type DestinationType } from './kind';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const SETTINGS_OF = `Of \`webhook\`: \`url\`, \`secret\` (\`whsec_\` and 24 to 64 bytes in base64), \`previous_secrets\`. Of
\`slack\`: \`url\`. Of \`email\`: \`to\`, a list. Of \`pagerduty\`: \`routing_key\`, \`region\` (\`us\` or \`eu\`).`;

/** Which destination is meant. */
export class DestinationParams {
  @ApiProperty({ example: 'webhook-9f2c41d07be3' })
  @Matches(/^[\w.-]{1,64}$/, { message: 'id is not the id of a destination' })
  id!: string;
}

/** What `GET /destinations` can be asked for. */
export class ListDestinationsQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'default' })
  @IsOptional()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;
}

/** What can be changed of a destination. What is left out stays as it is. */
export class ChangeDestinationRequest {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: `${SETTINGS_OF} One that is left out stays as it is; null brings back the default.`,
    example: { previous_secrets: [] },
  })
  @IsOmittable()
  @IsObject({ message: 'settings must be an object' })
  settings?: Record<string, unknown>;

  @ApiPropertyOptional({ description: 'Whether new events go there', example: true })
  @IsOmittable()
  @IsBoolean({ message: 'enabled must be true or false' })
  enabled?: boolean;
}

/** A new destination. */
export class CreateDestinationRequest {
  @ApiPropertyOptional({ description: 'Without it one’s own, else `default`', example: 'acme' })
  @IsOmittable()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;

  @ApiProperty({ pattern: NAME.source, description: 'Unique within the account', example: 'on-call' })
  @Matches(NAME, { message: 'name must be 1 to 64 letters, digits, dots, dashes and underscores' })
  name!: string;

  @ApiProperty({ enum: DESTINATION_TYPES, example: 'webhook' })
  @IsIn(DESTINATION_TYPES, { message: `type must be one of ${DESTINATION_TYPES.join(', ')}` })
  type!: DestinationType;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: SETTINGS_OF,
    example: {
      url: 'https://hooks.example.com/signalbox',
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    },
  })
  @IsObject({ message: 'settings must be an object' })
  settings!: Record<string, unknown>;

  @ApiPropertyOptional({ default: true, description: 'Whether new events go there', example: true })
  @IsOmittable()
  @IsBoolean({ message: 'enabled must be true or false' })
  enabled: boolean = true;
}
