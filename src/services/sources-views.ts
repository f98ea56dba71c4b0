import { ApiProperty } from '@nestjs/swagger';

/** How the reading of a status page goes. */
export class PageSourceView {
  @ApiProperty({ example: 'spreedly' })
  page!: string;

  @ApiProperty({ example: 'spreedly_status' })
  source!: string;

  @ApiProperty({ description: 'Whether it can be read now', example: true })
  is_readable!: boolean;

  @ApiProperty({ description: 'Unreadable for so long that there is an event about it', example: false })
  is_stale!: boolean;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:40:02.000Z' })
  last_attempt_at!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:40:02.000Z' })
  last_success_at!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When it last said something new',
    example: '2026-01-15T09:12:00.000Z',
  })
  last_change_at!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  failing_since!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it cannot be read', example: null })
  last_error_code!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  last_error_message!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null for a page without a URL: its fixture is read on request',
    example: '2026-01-15T10:41:00.000Z',
  })
  next_poll_at!: string | null;
}

/** How Stripe's webhooks come in. */
export class StripeSourceView {
  @ApiProperty({ description: 'Whether there is a secret to verify them with', example: true })
  is_configured!: boolean;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:39:40.120Z' })
  last_event_at!: string | null;

  @ApiProperty({
    type: 'integer',
    description: 'Webhooks that the process that answers has refused since its start',
    example: 1,
  })
  refused!: number;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:12:00.000Z' })
  last_refused_at!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why', example: 'signature_mismatch' })
  last_refused_code!: string | null;
}

/** How our own checks are, of the first 5,000 monitors. */
export class MonitorSourceView {
  @ApiProperty({ type: 'integer', example: 1 })
  down!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  degraded!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  unknown!: number;

  @ApiProperty({ type: 'integer', example: 41 })
  up!: number;

  @ApiProperty({ type: 'integer', example: 2 })
  paused!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The newest',
    example: '2026-01-15T10:40:40.000Z',
  })
  last_check_at!: string | null;
}

/** Where signals come from. */
export class SourcesView {
  @ApiProperty({ type: [PageSourceView], description: 'Only for those who may see the account `default`' })
  pages!: PageSourceView[];

  @ApiProperty({ type: StripeSourceView })
  stripe!: StripeSourceView;

  @ApiProperty({ type: MonitorSourceView })
  monitors!: MonitorSourceView;
}
