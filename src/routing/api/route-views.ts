import {
  ApiProperty,
  ApiPropertyOptional,
  getSchemaPath,
  IntersectionType,
  PartialType,
} from '@nestjs/swagger';
import { KINDS, SEVERITIES } from '../../normalization/normalized-event';
import { WEEKDAYS } from '../../normalization/zoned-time';
import type { DestinationNames } from '../destination-names';
import { MAX_ROUTES, type Route } from '../route';
import { routeFields } from '../route-fields';

const PATTERNS = {
  type: [String] as [StringConstructor],
  maxItems: 50,
  description: 'Any of these; one alone may stand without a list. `*` stands for any text',
};

/** Hours of the week by the clocks of a zone. */
export class TimeWindowView {
  @ApiPropertyOptional({
    enum: WEEKDAYS,
    isArray: true,
    description: 'Days on which it begins; without them every day',
    example: ['mon', 'tue', 'wed', 'thu', 'fri'],
  })
  days?: readonly string[];

  @ApiPropertyOptional({ description: 'With `to`, or neither: all day', example: '09:00' })
  from?: string;

  @ApiPropertyOptional({
    description: 'Excluded. Before `from` it is of the next day, which counts as the day of the beginning',
    example: '17:00',
  })
  to?: string;

  @ApiProperty({ description: 'IANA time zone', example: 'Europe/Berlin' })
  timezone!: string;
}

/** Which events a route is for. All conditions have to hold; without any it is for all. */
export class RouteMatchView {
  @ApiPropertyOptional({ ...PATTERNS, example: ['stripe', '*_status'] })
  source?: readonly string[];

  @ApiPropertyOptional({ ...PATTERNS, example: ['payments*'] })
  service?: readonly string[];

  @ApiPropertyOptional({ ...PATTERNS, example: ['payout.*'] })
  type?: readonly string[];

  @ApiPropertyOptional({ enum: KINDS, isArray: true, example: ['incident', 'status'] })
  kind?: readonly string[];

  @ApiPropertyOptional({
    enum: SEVERITIES,
    isArray: true,
    description: 'Also `{"from":"warning"}`: that, and what is worse',
    example: ['warning', 'critical'],
  })
  severity?: readonly string[];

  @ApiPropertyOptional({ type: TimeWindowView, description: 'Judged when it is decided what is sent' })
  time?: TimeWindowView;
}

/** What a route is. Read by hand (`readRoute`); this describes it. */
export class RouteFieldsView {
  @ApiProperty({ maxLength: 64, description: 'Unique within the account', example: 'Payments by night' })
  name!: string;

  @ApiPropertyOptional({ default: true, example: true })
  enabled?: boolean;

  @ApiPropertyOptional({ type: RouteMatchView, example: { service: ['payments*'], severity: ['critical'] } })
  match?: RouteMatchView;

  @ApiProperty({
    type: [String],
    description: 'Names of destinations, or `pagerduty`: the operator’s. None: nobody is told',
    example: ['on-call', 'pagerduty'],
  })
  to!: readonly string[];

  @ApiPropertyOptional({
    default: false,
    description: 'Whether the routes behind it are asked too',
    example: false,
  })
  continue?: boolean;

  @ApiPropertyOptional({
    default: false,
    description:
      'Only tried out: what it would send is noted as skipped deliveries, and all goes on as if it did not match',
    example: false,
  })
  shadow?: boolean;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 100,
    default: 100,
    description: 'For so many events in a hundred, chosen by a hash of their ids; the others do not match',
    example: 100,
  })
  percent?: number;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description:
      'Until then nothing is opened, at most 366 days ahead; what is open still is told afterwards',
    example: null,
  })
  mute_until?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 86_400,
    nullable: true,
    description: 'Seconds. What ends sooner is told to nobody',
    example: 120,
  })
  min_duration_s?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 60,
    maximum: 604_800,
    nullable: true,
    description: 'Seconds. While it is open it is told again so often',
    example: 3_600,
  })
  remind_every_s?: number | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'The destination that is told where one of `to` refuses, or does not answer in time',
    example: null,
  })
  fallback?: string | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 86_400, default: 300, example: 300 })
  fallback_after_s?: number;
}

class RouteIdField {
  @ApiProperty({ example: 'route-9f2c41d07be3' })
  id!: string;
}

class OptionalIdField {
  @ApiPropertyOptional({
    type: String,
    description: 'Without it a route of the same name keeps its id',
    example: 'route-9f2c41d07be3',
  })
  id?: string;
}

class PlaceFields {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: '0 is the first; without it the last',
    example: 0,
  })
  position?: number;
}

class AccountField {
  @ApiPropertyOptional({
    description: 'Without it the account of the key or person, else `default`',
    example: 'acme',
  })
  account_id?: string;
}

/** A route, as lists show it: it can be sent back as it is. */
export class RouteView extends IntersectionType(RouteIdField, RouteFieldsView) {}

/** One route in a list that is sent. */
export class ListedRouteBody extends IntersectionType(OptionalIdField, RouteFieldsView) {}

/** A new route. */
export class CreateRouteBody extends IntersectionType(AccountField, PlaceFields, RouteFieldsView) {}

/** What of a route is to be another way. `match` is replaced whole. */
export class ChangeRouteBody extends PartialType(IntersectionType(PlaceFields, RouteFieldsView)) {}

/** All routes of an account, in their order. */
export class ReplaceRoutesBody extends AccountField {
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Refused where the account’s routes have another by now',
    example: 3,
  })
  version?: number;

  @ApiProperty({ type: 'array', items: { $ref: getSchemaPath(ListedRouteBody) }, maxItems: MAX_ROUTES })
  routes!: readonly ListedRouteBody[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'The built-in route, as it is shown: not looked at, because it cannot be changed',
  })
  default?: object;
}

/** One route of an account. */
export class OwnedRouteView extends RouteView {
  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ description: 'Of the account’s routes', example: 4 })
  version!: number;

  @ApiProperty({ description: '0 is the first', example: 0 })
  position!: number;
}

/** All routes of an account. */
export class RouteListView {
  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ description: 'Rises with every change', example: 4 })
  version!: number;

  @ApiProperty({ type: [RouteView], description: 'In their order' })
  routes!: readonly RouteView[];

  @ApiProperty({
    type: RouteView,
    description: 'The built-in one behind them, which cannot be changed',
    example: {
      id: 'default',
      name: 'default',
      enabled: true,
      match: { severity: ['critical'] },
      to: ['pagerduty', 'on-call'],
      continue: false,
      shadow: false,
      percent: 100,
      mute_until: null,
      min_duration_s: null,
      remind_every_s: null,
      fallback: null,
      fallback_after_s: 0,
    },
  })
  default!: RouteView;
}

/** Makes the API's form of all routes of an account. */
export function routeListView(
  { account_id, version, routes }: { account_id: string; version: number; routes: readonly Route[] },
  last: Route,
  names: DestinationNames,
): RouteListView {
  return {
    account_id,
    version,
    routes: routes.map((route) => routeFields(route, names)),
    default: routeFields(last, names),
  };
}
