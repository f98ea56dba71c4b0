import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { IsOmittable } from '../http/is-omittable';
import { UPTIME_WINDOWS, type UptimeWindow } from '../monitors/model/uptime';
import { MAX_SHOWN_SERVICES, SLUG } from './public-page';

const SERVICES = `services must be a list of 1 to ${MAX_SHOWN_SERVICES}`;

/** A service to be shown to everybody. */
export class ShownServiceRequest {
  @ApiPropertyOptional({
    description: 'Its name in the addresses of badges; made from `name` where it is left out',
    example: 'card-payments',
  })
  @IsOmittable()
  @Matches(SLUG, { message: 'an id of a service must be 1 to 63 of a-z, 0-9 and -' })
  id?: string;

  @ApiProperty({
    maxLength: 1_024,
    description: 'What it is called here, as in `GET /services`',
    example: 'adyen',
  })
  @IsString({ message: 'service must be the name of a service' })
  @Length(1, 1_024, { message: 'service must have 1 to 1,024 characters' })
  service!: string;

  @ApiProperty({ maxLength: 80, description: 'What everybody reads', example: 'Card payments' })
  @IsString({ message: 'the name of a service must be text' })
  @Length(1, 80, { message: 'the name of a service must have 1 to 80 characters' })
  @Matches(/\S/, { message: 'the name of a service must not be blank' })
  name!: string;
}

/** Body of `PUT /accounts/:id/public-page`: the whole page. */
export class PutPublicPageRequest {
  @ApiProperty({
    description: 'Its part of the address `/status/<slug>`: 1 to 63 of a-z, 0-9 and -',
    example: 'acme',
  })
  @Matches(SLUG, { message: 'slug must be 1 to 63 of a-z, 0-9 and -, with no - at its ends' })
  slug!: string;

  @ApiProperty({ maxLength: 80, example: 'Acme' })
  @IsString({ message: 'title must be text' })
  @Length(1, 80, { message: 'title must have 1 to 80 characters' })
  @Matches(/\S/, { message: 'title must not be blank' })
  title!: string;

  @ApiPropertyOptional({ description: 'Whether everybody may see it', default: false, example: true })
  @IsOmittable()
  @IsBoolean({ message: 'enabled must be true or false' })
  enabled: boolean = false;

  @ApiPropertyOptional({
    description: 'Whether incidents are told with their summary as it is stored, of a monitor with its name',
    default: false,
    example: false,
  })
  @IsOmittable()
  @IsBoolean({ message: 'show_summaries must be true or false' })
  show_summaries: boolean = false;

  @ApiProperty({ type: [ShownServiceRequest], description: 'What is shown, in this order, and nothing else' })
  @IsArray({ message: SERVICES })
  @ArrayMinSize(1, { message: SERVICES })
  @ArrayMaxSize(MAX_SHOWN_SERVICES, { message: SERVICES })
  @ArrayUnique((one: ShownServiceRequest) => one?.service, { message: 'no service may be shown twice' })
  @ArrayUnique((one: ShownServiceRequest) => one?.id ?? one, { message: 'no id may be given twice' })
  @ValidateNested({ each: true })
  @Type(() => ShownServiceRequest)
  services!: ShownServiceRequest[];
}

/** Which page is meant. What no page can be called is none. */
export class PublicPageParams {
  @ApiProperty({ example: 'acme' })
  @IsString()
  slug!: string;
}

/** How a page is asked for. */
export class PublicPageQuery {
  @ApiPropertyOptional({ description: 'Of a link to a preview, which shows a page that is not enabled' })
  @IsOmittable()
  @IsString({ message: 'preview must be text' })
  preview?: string;
}

/** What a badge is to say. */
export class BadgeQuery {
  @ApiPropertyOptional({
    description: 'An id of a service of the page; left out, the whole page',
    example: 'card-payments',
  })
  @IsOmittable()
  @Matches(SLUG, { message: 'service must be 1 to 63 of a-z, 0-9 and -' })
  service?: string;

  @ApiPropertyOptional({
    enum: ['status', 'uptime'],
    default: 'status',
    description: 'How it is, or its uptime; of a page the lowest of its services',
  })
  @IsOmittable()
  @IsIn(['status', 'uptime'], { message: 'metric must be status or uptime' })
  metric: 'status' | 'uptime' = 'status';

  @ApiPropertyOptional({ enum: Object.keys(UPTIME_WINDOWS), default: '90d' })
  @IsOmittable()
  @IsIn(Object.keys(UPTIME_WINDOWS), {
    message: `window must be one of ${Object.keys(UPTIME_WINDOWS).join(', ')}`,
  })
  window: UptimeWindow = '90d';
}
