import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength, ValidateBy } from 'class-validator';
import { IsOmittable } from '../http/is-omittable';
import { isObject } from '../normalization/json-document';
import { UPSTREAM_ID } from './upstream-documents';
import type { Addition } from './upstream-client';

const MAX_DETAILS = 10_000;

const ID_MESSAGE = '$property must be 1 to 128 letters, digits and ._:@-, and begin with a letter or digit';

/** Text of a bounded length, or an object. */
function IsDetails(): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    typeof value === 'string' ? value.length <= MAX_DETAILS : isObject(value);
  const defaultMessage = (): string =>
    `details must be an object, or text of up to ${MAX_DETAILS} characters`;
  return ValidateBy({ name: 'isDetails', validator: { validate, defaultMessage } });
}

/** Whose events are meant. */
export class UserParams {
  @ApiProperty({ example: 'u-ada' })
  @Matches(UPSTREAM_ID, { message: ID_MESSAGE })
  id!: string;
}

/** What to do about events that cannot be read. */
export class UserEventsQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    description: 'Answer with what can be read, and say what cannot',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  partial?: 'true' | 'false';
}

/** Body of `POST /api/addEvent`. */
export class AddEventRequest implements Addition {
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Order placed' })
  @IsString()
  @MaxLength(200)
  @Matches(/\S/, { message: 'name must not be blank' })
  name!: string;

  @ApiProperty({ example: 'u-ada' })
  @Matches(UPSTREAM_ID, { message: ID_MESSAGE })
  userId!: string;

  @ApiPropertyOptional({
    oneOf: [
      { type: 'string', maxLength: MAX_DETAILS },
      { type: 'object', additionalProperties: true },
    ],
    example: 'Two tickets',
  })
  @IsOmittable()
  @IsDetails()
  details?: string | Readonly<Record<string, unknown>>;
}
