import { ApiProperty } from '@nestjs/swagger';
import { iso, isoOrNull } from '../normalization/instant';
import { SEVERITIES, type Severity } from '../normalization/normalized-event';
import type { AttemptEntity } from './attempt.entity';
import {
  ACTIONS,
  DELIVERY_STATUSES,
  HOLD_REASONS,
  type Action,
  type DeliveryEntity,
  type DeliveryStatus,
  type HoldReason,
} from './delivery.entity';
import { OUTCOMES } from './outcome';

/** One attempt to send a delivery, as the API shows it. */
export class AttemptView {
  @ApiProperty({ example: 1 })
  number!: number;

  @ApiProperty({ example: '2026-01-15T10:00:00.120Z' })
  started_at!: string;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:00:00.310Z' })
  finished_at!: string | null;

  @ApiProperty({
    enum: Object.keys(OUTCOMES),
    nullable: true,
    description: 'Null while it is under way, and for good where the process died meanwhile',
    example: 'delivered',
  })
  outcome!: string | null;

  @ApiProperty({ type: Number, nullable: true, example: 202 })
  http_status!: number | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  error!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Beginning of the answer',
    example: '{"status":"success"}',
  })
  response!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  retry_at!: string | null;
}

/** One action for one event at one destination, as the API shows it. */
export class DeliveryView {
  @ApiProperty({ example: 17 })
  id!: number;

  @ApiProperty({ example: 'default' })
  account_id!: string;

  @ApiProperty({ example: 'evt_1abc' })
  event_id!: string;

  @ApiProperty({ description: 'The revision of the event that called for it', example: 1 })
  revision!: number;

  @ApiProperty({ example: 'pagerduty' })
  destination!: string;

  @ApiProperty({ enum: ACTIONS, example: 'trigger' })
  action!: Action;

  @ApiProperty({ enum: SEVERITIES, example: 'critical' })
  severity!: Severity;

  @ApiProperty({ enum: DELIVERY_STATUSES, example: 'delivered' })
  status!: DeliveryStatus;

  @ApiProperty({ type: String, nullable: true, description: 'Why it is dead or skipped', example: null })
  reason!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Id of the route that wanted it, `default` for the built-in one; null for resolves',
    example: 'default',
  })
  route!: string | null;

  @ApiProperty({
    enum: HOLD_REASONS,
    nullable: true,
    description:
      'Why it was not sent at once: its route is muted, the event had not lasted long enough, it reminds of what is ' +
      'open, or it stands in for another destination',
    example: null,
  })
  hold!: HoldReason | null;

  @ApiProperty({ type: String, nullable: true, description: 'Until when it is, or was, held', example: null })
  held_until!: string | null;

  @ApiProperty({ example: '2026-01-15T10:00:00.100Z' })
  created_at!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When a pending one is next tried',
    example: null,
  })
  next_attempt_at!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:00:00.310Z' })
  finished_at!: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The delivery that this one repeats',
    example: null,
  })
  replay_of!: number | null;

  @ApiProperty({ type: String, nullable: true, example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  request_id!: string | null;

  @ApiProperty({ type: [AttemptView], description: 'All attempts; in lists of deliveries the newest' })
  attempts!: AttemptView[];
}

/** Makes the API's form of a delivery. */
export function deliveryView(delivery: DeliveryEntity, attempts: readonly AttemptEntity[]): DeliveryView {
  return {
    id: delivery.id,
    account_id: delivery.account_id,
    event_id: delivery.event_id,
    revision: delivery.revision,
    destination: delivery.destination,
    action: delivery.action,
    severity: delivery.severity,
    status: delivery.status,
    reason: delivery.reason,
    route: delivery.route_id,
    hold: delivery.hold,
    held_until: isoOrNull(delivery.held_until),
    created_at: iso(delivery.created_at),
    next_attempt_at: delivery.status === 'pending' ? isoOrNull(delivery.due_at) : null,
    finished_at: isoOrNull(delivery.finished_at),
    replay_of: delivery.replay_of,
    request_id: delivery.request_id,
    attempts: attempts.filter(({ delivery_id }) => delivery_id === delivery.id).map(attemptView),
  };
}

function attemptView(attempt: AttemptEntity): AttemptView {
  return {
    number: attempt.number,
    started_at: iso(attempt.started_at),
    finished_at: isoOrNull(attempt.finished_at),
    outcome: attempt.outcome,
    http_status: attempt.http_status,
    error: attempt.error,
    response: attempt.response,
    retry_at: isoOrNull(attempt.retry_at),
  };
}
