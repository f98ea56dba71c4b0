import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { iso, isoOrNull } from '../../normalization/instant';
import { KINDS, SEVERITIES, type Kind, type Severity } from '../../normalization/normalized-event';
import {
  ACTIONS,
  DELIVERY_STATUSES,
  HOLD_REASONS,
  type Action,
  type DeliveryStatus,
} from '../../outbox/delivery.entity';
import { PLANS, type Plan } from '../explain/explained-destinations';
import { ROUTE_VERDICTS, type RouteVerdict } from '../explain/explained-routes';
import type { ExplainRequest, Explanation } from '../explain/explain';
import { deliveryInWords } from '../explain/sent-so-far';
import { DEFAULT_ROUTE, MAX_ROUTES } from '../route';
import { ListedRouteBody } from './route-views';

/** An event as routes see it. */
export class EventToExplainBody {
  @ApiProperty({ example: 'stripe' })
  source!: string;

  @ApiProperty({ example: 'payments' })
  service!: string;

  @ApiProperty({ enum: KINDS, example: 'incident' })
  kind!: Kind;

  @ApiProperty({ enum: SEVERITIES, example: 'critical' })
  severity!: Severity;

  @ApiProperty({ example: 'payout.failed' })
  type!: string;

  @ApiPropertyOptional({ description: 'Without it it begins at `at`', example: '2026-01-15T10:00:00.000Z' })
  started_at?: string;
}

/** What is to be explained. */
export class ExplainBody {
  @ApiPropertyOptional({
    description: 'Without it the account of the key or person, else `default`',
    example: 'acme',
  })
  account_id?: string;

  @ApiPropertyOptional({ type: EventToExplainBody, description: 'This, or `event_id`' })
  event?: EventToExplainBody;

  @ApiPropertyOptional({ description: 'A stored event of the account', example: 'order-4711' })
  event_id?: string;

  @ApiPropertyOptional({
    description: 'As if it were then; without it now',
    example: '2026-01-15T23:30:00.000Z',
  })
  at?: string;

  @ApiPropertyOptional({
    type: 'array',
    items: { $ref: getSchemaPath(ListedRouteBody) },
    maxItems: MAX_ROUTES,
    description: 'A draft; without it the routes in force',
  })
  routes?: readonly ListedRouteBody[];
}

/** A condition of a route that does not hold. */
export class UnmetConditionView {
  @ApiProperty({ example: 'severity' })
  field!: string;

  @ApiProperty({ example: 'critical' })
  wanted!: string;

  @ApiProperty({ example: 'warning' })
  seen!: string;
}

/** What a route has to do with the event. */
export class ExplainedRouteView {
  @ApiProperty({ example: 'route-9f2c41d07be3' })
  id!: string;

  @ApiProperty({ example: 'Payments by night' })
  name!: string;

  @ApiProperty({ enum: ROUTE_VERDICTS, example: 'not_matched' })
  verdict!: RouteVerdict;

  @ApiProperty({ type: [UnmetConditionView] })
  unmet!: readonly UnmetConditionView[];

  @ApiProperty({ description: 'Whether the walk through the routes ended with it', example: false })
  stopped_here!: boolean;

  @ApiProperty({ type: String, nullable: true, example: null })
  muted_until!: string | null;

  @ApiProperty({ example: 'Did not match: severity is warning, wanted: critical.' })
  says!: string;
}

/** Which route it is. */
export class RouteNameView {
  @ApiProperty({ example: 'route-9f2c41d07be3' })
  id!: string;

  @ApiProperty({ example: 'Payments by night' })
  name!: string;
}

/** What would be done at a destination. */
export class ExplainedDestinationView {
  @ApiProperty({ description: 'What deliveries call it', example: 'webhook-9f2c41d07be3' })
  destination!: string;

  @ApiProperty({ example: 'on-call' })
  name!: string;

  @ApiProperty({ enum: PLANS, example: 'held' })
  plan!: Plan;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:02:00.000Z' })
  until!: string | null;

  @ApiProperty({
    type: String,
    enum: HOLD_REASONS,
    nullable: true,
    description: 'What it is held for',
    example: 'duration',
  })
  reason!: string | null;

  @ApiProperty({ type: RouteNameView, nullable: true, description: 'Which route wants it there' })
  route!: RouteNameView | null;

  @ApiProperty({ type: Number, nullable: true, example: null })
  remind_every_s!: number | null;

  @ApiProperty({ example: 'Held until 2026-01-15T10:02:00.000Z: it has to last so long (min_duration_s).' })
  says!: string;
}

/** What was sent about a stored event, or why it was not. */
export class SentView {
  @ApiProperty({ example: 17 })
  delivery_id!: number;

  @ApiProperty({ example: 'pagerduty' })
  destination!: string;

  @ApiProperty({ example: 'pagerduty' })
  name!: string;

  @ApiProperty({ enum: ACTIONS, example: 'trigger' })
  action!: Action;

  @ApiProperty({ enum: DELIVERY_STATUSES, example: 'delivered' })
  status!: DeliveryStatus;

  @ApiProperty({ type: String, nullable: true, example: null })
  reason!: string | null;

  @ApiProperty({ example: '2026-01-15T10:00:00.100Z' })
  created_at!: string;

  @ApiProperty({ example: 'Trigger delivered at 2026-01-15T10:00:00.310Z.' })
  says!: string;
}

/** Why an event is told to whom. */
export class ExplanationView {
  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Of a stored event', example: null })
  event_id!: string | null;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  at!: string;

  @ApiProperty({ description: 'Whether the routes are those of the request', example: false })
  draft!: boolean;

  @ApiProperty({
    type: [ExplainedRouteView],
    description: 'In their order, and the built-in one behind them',
  })
  routes!: readonly ExplainedRouteView[];

  @ApiProperty({ type: [ExplainedDestinationView] })
  destinations!: readonly ExplainedDestinationView[];

  @ApiProperty({ type: [SentView], description: 'So far, oldest first' })
  sent!: readonly SentView[];
}

/** Makes the API's form of an explanation. */
export function explanationView(
  { event, stored, at, names, routes }: ExplainRequest,
  explanation: Explanation,
  isDraft: boolean,
): ExplanationView {
  const routeNames = new Map([
    ...routes.map(({ id, name }) => [id, name] as const),
    [DEFAULT_ROUTE, DEFAULT_ROUTE],
  ]);
  const routeOf = (id: string | null): RouteNameView | null =>
    id === null ? null : { id, name: routeNames.get(id) ?? id };
  return {
    account_id: event.account_id,
    event_id: stored?.event_id ?? null,
    at: iso(at),
    draft: isDraft,
    routes: explanation.routes.map((route) => ({ ...route, muted_until: isoOrNull(route.muted_until) })),
    destinations: explanation.destinations.map(({ destination, plan, until, reason, route_id, ...one }) => ({
      destination,
      name: names.nameOf(destination),
      plan,
      until: isoOrNull(until),
      reason,
      route: routeOf(route_id),
      remind_every_s: one.remind_every_s,
      says: one.says,
    })),
    sent: explanation.deliveries.map((delivery) => ({
      delivery_id: delivery.id,
      destination: delivery.destination,
      name: names.nameOf(delivery.destination),
      action: delivery.action,
      status: delivery.status,
      reason: delivery.reason,
      created_at: iso(delivery.created_at),
      says: deliveryInWords(
        delivery,
        explanation.attempts.find(({ delivery_id }) => delivery_id === delivery.id),
      ),
    })),
  };
}
