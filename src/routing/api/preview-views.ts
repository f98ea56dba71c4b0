import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import type { EventEntity } from '../../events/event.entity';
import { iso } from '../../normalization/instant';
import { SEVERITIES, type Severity } from '../../normalization/normalized-event';
import type { DestinationNames } from '../destination-names';
import type { DifferentPage, PageCount } from '../preview/page-tally';
import type { PreviewResult } from '../preview/preview';
import { MAX_ROUTES } from '../route';
import { ListedRouteBody } from './route-views';

/** A draft, and with how much of what is stored it is tried. */
export class PreviewBody {
  @ApiPropertyOptional({
    description: 'Without it the account of the key or person, else `default`',
    example: 'acme',
  })
  account_id?: string;

  @ApiProperty({ type: 'array', items: { $ref: getSchemaPath(ListedRouteBody) }, maxItems: MAX_ROUTES })
  routes!: readonly ListedRouteBody[];

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 30, default: 7, example: 7 })
  days?: number;
}

/** Pages of one set of routes. */
export class PageCountView {
  @ApiProperty({ example: 12 })
  total!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'By the destinations’ names',
    example: { pagerduty: 12 },
  })
  by_destination!: Record<string, number>;
}

/** How many pages there would have been. */
export class PreviewPagesView {
  @ApiProperty({ type: PageCountView, description: 'By the routes in force' })
  now!: PageCountView;

  @ApiProperty({
    type: PageCountView,
    description: 'By the draft',
    example: { total: 9, by_destination: { pagerduty: 9 } },
  })
  draft!: PageCountView;
}

/** A page that only one of the two would have sent. */
export class DifferentPageView {
  @ApiProperty({ example: 'evt_1abc' })
  event_id!: string;

  @ApiProperty({ description: 'Name of the destination', example: 'pagerduty' })
  destination!: string;

  @ApiProperty({ description: 'When it would have been sent', example: '2026-01-15T10:00:00.100Z' })
  at!: string;

  @ApiProperty({
    type: String,
    enum: SEVERITIES,
    nullable: true,
    description: 'The newest',
    example: 'critical',
  })
  severity!: Severity | null;

  @ApiProperty({ type: String, nullable: true, example: 'payments' })
  service!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'Payout of 100.00 USD failed' })
  summary!: string | null;
}

/** What a draft would have changed. */
export class PreviewView {
  @ApiProperty({ example: '2026-01-08T10:00:00.000Z' })
  from!: string;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  to!: string;

  @ApiProperty({ description: 'Events that came in between', example: 48_211 })
  events!: number;

  @ApiProperty({ type: PreviewPagesView })
  pages!: PreviewPagesView;

  @ApiProperty({ type: [DifferentPageView], description: 'The first 100' })
  added!: DifferentPageView[];

  @ApiProperty({ type: [DifferentPageView], description: 'The first 100' })
  removed!: DifferentPageView[];

  @ApiProperty({ example: 1 })
  added_total!: number;

  @ApiProperty({ example: 4 })
  removed_total!: number;

  @ApiProperty({ example: 840 })
  took_ms!: number;
}

/** Makes the API's form of a preview. */
export function previewView(
  { tally, events }: PreviewResult,
  names: DestinationNames,
): Omit<PreviewView, 'from' | 'to' | 'took_ms'> {
  const pages = (shown: readonly DifferentPage[]): DifferentPageView[] => {
    return shown.map((page) => pageView(page, events.get(page.event_id), names));
  };
  return {
    events: tally.events,
    pages: { now: countView(tally.now, names), draft: countView(tally.draft, names) },
    added: pages(tally.added),
    removed: pages(tally.removed),
    added_total: tally.addedTotal,
    removed_total: tally.removedTotal,
  };
}

function countView({ total, by_destination }: PageCount, names: DestinationNames): PageCountView {
  const byName = [...by_destination].map(([id, pages]) => [names.nameOf(id), pages] as const);
  return { total, by_destination: Object.fromEntries(byName) };
}

/** @param event undefined where retention has removed it meanwhile */
function pageView(
  { event_id, destination, at }: DifferentPage,
  event: EventEntity | undefined,
  names: DestinationNames,
): DifferentPageView {
  return {
    event_id,
    destination: names.nameOf(destination),
    at: iso(at),
    severity: event?.severity ?? null,
    service: event?.service ?? null,
    summary: event?.summary ?? null,
  };
}
