import { ApiProperty } from '@nestjs/swagger';
import { WINDOWS, type SummaryWindow } from './summary-window';

/** How many events had a type. */
export class TypeCountView {
  @ApiProperty({ example: 'order.created' })
  type!: string;

  @ApiProperty({ type: 'integer', example: 1_200 })
  count!: number;
}

/** How many events a user caused. */
export class UserCountView {
  @ApiProperty({ example: 'user-17' })
  user_id!: string;

  @ApiProperty({ type: 'integer', example: 48 })
  count!: number;
}

/** How many events were how bad when they arrived. */
export class SeverityCountsView {
  @ApiProperty({ type: 'integer', example: 1_180 })
  info!: number;

  @ApiProperty({ type: 'integer', example: 19 })
  warning!: number;

  @ApiProperty({ type: 'integer', example: 1 })
  critical!: number;
}

/** What happened in an account. */
export class SummaryView {
  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ enum: WINDOWS, example: '24h' })
  window!: SummaryWindow;

  @ApiProperty({
    description:
      'Beginning of the window, included: a full hour, of `1h` a full minute. It ends at `generated_at`.',
    example: '2026-01-15T10:00:00.000Z',
  })
  window_start!: string;

  @ApiProperty({
    type: 'integer',
    description: 'New events that were received in the window',
    example: 1_200,
  })
  total!: number;

  @ApiProperty({
    type: [TypeCountView],
    description: 'Highest count first. At most 50 types; `total` and the other counts hold the others too.',
  })
  by_type!: TypeCountView[];

  @ApiProperty({ type: SeverityCountsView })
  by_severity!: SeverityCountsView;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'By source',
    example: { app: 1_199, stripe: 1 },
  })
  by_source!: Record<string, number>;

  @ApiProperty({
    type: 'integer',
    description:
      'Unresolved events of kind incident or status, whenever they were received; counted up to 10,000',
    example: 1,
  })
  open_incidents!: number;

  @ApiProperty({
    type: [UserCountView],
    description:
      'The most active users, highest count first, at most 10. Of the 100 most active users that are kept of each hour ' +
      'and day; a count is never too high for those hours. Of `1h`: of the full hours that the window touches.',
  })
  top_users!: UserCountView[];

  @ApiProperty({
    description:
      'Whether anything here is not exact: an account had more than 200 types in a day (`by_type` leaves some out) or ' +
      'more than 100 users in an hour or day (`top_users` may be too low by a hundredth of all events), `top_users` of ' +
      '`1h` holds events from before the window, or there are more than 10,000 open incidents. The other counts are exact.',
    example: false,
  })
  approximate!: boolean;

  @ApiProperty({ example: '2026-01-16T10:12:30.250Z' })
  generated_at!: string;

  @ApiProperty({
    description: 'Whether this was kept from an earlier request, up to 60 seconds ago',
    example: false,
  })
  cached!: boolean;
}
