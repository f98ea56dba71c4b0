import { ApiProperty } from '@nestjs/swagger';
import { KINDS, SEVERITIES, type Kind, type Severity } from '../normalization/normalized-event';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../outbox/delivery.entity';
import { SERVICE_STATES, type ServiceState } from './service-state';

const EVIDENCE = ['page', 'checks', 'events'] as const;

/** What says how a service is. */
export class EvidenceView {
  @ApiProperty({
    enum: EVIDENCE,
    description: 'Its status page, our checks of it, or what it and others sent us about it',
    example: 'page',
  })
  by!: (typeof EVIDENCE)[number];

  @ApiProperty({ enum: SERVICE_STATES, example: 'outage' })
  state!: ServiceState;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When it was last heard: how old this evidence is. Null: never',
    example: '2026-01-15T10:40:00.000Z',
  })
  at!: string | null;

  @ApiProperty({ example: '2 open on its page' })
  detail!: string;
}

/** A day of UTC on which something was wrong. Days that are left out were well, as far as anybody told us. */
export class TroubledDayView {
  @ApiProperty({ example: '2026-01-15' })
  date!: string;

  @ApiProperty({ type: 'integer', description: 'Seconds with an open critical event', example: 1_260 })
  outage_s!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Seconds with an open warning, and none critical',
    example: 0,
  })
  degraded_s!: number;
}

/** How a service is. */
export class ServiceView {
  @ApiProperty({ example: 'spreedly' })
  service!: string;

  @ApiProperty({
    enum: SERVICE_STATES,
    description: 'The worst that the evidence says; `unknown` where none of it can tell now',
    example: 'outage',
  })
  state!: ServiceState;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The start of the oldest open event that makes it so; null where none does',
    example: '2026-01-15T10:40:00.000Z',
  })
  since!: string | null;

  @ApiProperty({ type: [EvidenceView] })
  evidence!: EvidenceView[];

  @ApiProperty({ type: 'integer', description: 'Its open events', example: 1 })
  open!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When its newest event was received; null where there is none',
    example: '2026-01-15T10:40:02.120Z',
  })
  last_event_at!: string | null;

  @ApiProperty({ type: [TroubledDayView], description: 'Oldest first, of the last 90 days' })
  days!: TroubledDayView[];
}

/** The page about an open event at one destination. */
export class PageView {
  @ApiProperty({ example: 'pagerduty' })
  destination!: string;

  @ApiProperty({ enum: DELIVERY_STATUSES, example: 'delivered' })
  status!: DeliveryStatus;

  @ApiProperty({ type: String, nullable: true, description: 'Why it is dead or skipped', example: null })
  reason!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When it was delivered, or given up',
    example: '2026-01-15T10:40:03.410Z',
  })
  at!: string | null;
}

/** Something that is not over. */
export class OpenEventView {
  @ApiProperty({ example: 'default' })
  account_id!: string;

  @ApiProperty({ example: 'spreedly_status:p31zjtct2jer' })
  event_id!: string;

  @ApiProperty({ example: 'spreedly_status' })
  source!: string;

  @ApiProperty({ enum: KINDS, example: 'incident' })
  kind!: Kind;

  @ApiProperty({ enum: SEVERITIES, example: 'critical' })
  severity!: Severity;

  @ApiProperty({ example: 'spreedly' })
  service!: string;

  @ApiProperty({ example: 'Elevated error rates' })
  summary!: string;

  @ApiProperty({ example: '2026-01-15T10:40:00.000Z' })
  started_at!: string;

  @ApiProperty({
    type: [PageView],
    description: 'The newest trigger at each destination; empty where nobody was to be paged',
  })
  pages!: PageView[];
}

/** What is broken now, for whom, since when, and whether the page was delivered. */
export class ServicesView {
  @ApiProperty({ enum: SERVICE_STATES, description: 'The worst of the services', example: 'outage' })
  state!: ServiceState;

  @ApiProperty({ description: 'When this was so', example: '2026-01-15T10:41:00.000Z' })
  generated_at!: string;

  @ApiProperty({
    description:
      'Since when `days` tell everything: later than 90 days ago where there were very many events',
    example: '2025-10-17T10:41:00.000Z',
  })
  history_since!: string;

  @ApiProperty({ type: [ServiceView], description: 'Worst first, at most 200' })
  services!: ServiceView[];

  @ApiProperty({ type: 'integer', description: 'How many there are, those left out included', example: 1 })
  services_total!: number;

  @ApiProperty({ type: [OpenEventView], description: 'Worst first, then newest first; at most 100' })
  open_events!: OpenEventView[];

  @ApiProperty({
    type: 'integer',
    description: 'Counted up to 2,000; of more, the newest and what is broken',
    example: 1,
  })
  open_total!: number;

  @ApiProperty({
    type: 'integer',
    description:
      'Deliveries that were given up in the last 24 hours, of events of any kind; counted up to 1,000',
    example: 0,
  })
  dead_24h!: number;
}
