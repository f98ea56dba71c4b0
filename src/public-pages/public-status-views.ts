import { ApiProperty } from '@nestjs/swagger';
import { iso, isoOrNull } from '../normalization/instant';
import { SERVICE_STATES, type ServiceState } from '../services/service-state';
import { TroubledDayView } from '../services/services-views';
import type {
  Basis,
  IncidentLevel,
  PlannedMaintenance,
  PublicIncident,
  PublicService,
  PublicStatus,
} from './public-status';

/** Uptime by window, in percent. */
export class PublicUptimeView {
  @ApiProperty({ type: Number, nullable: true, example: 100 })
  '24h'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 99.981 })
  '7d'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 99.951 })
  '30d'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 99.951 })
  '90d'!: number | null;
}

/** A service as everybody may see it. */
export class PublicServiceView {
  @ApiProperty({ example: 'card-payments' })
  id!: string;

  @ApiProperty({ example: 'Card payments' })
  name!: string;

  @ApiProperty({
    enum: SERVICE_STATES,
    description: '`unknown`: nobody can tell now, which is not the same as well',
    example: 'ok',
  })
  state!: ServiceState;

  @ApiProperty({
    enum: ['observed', 'reported', 'none'],
    description: 'Whether somebody looks, or only what is reported is known, or nothing at all',
    example: 'observed',
  })
  basis!: Basis;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When it was last looked at or heard of; null for never',
    example: '2026-01-15T10:40:30.000Z',
  })
  evidence_at!: string | null;

  @ApiProperty({
    type: PublicUptimeView,
    description: 'By our checks of it, cut and never rounded up; null where there are none in the window',
  })
  uptime_percent!: PublicUptimeView;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Since when it is checked; null where it is not',
    example: '2025-09-01T00:00:00.000Z',
  })
  measured_since!: string | null;

  @ApiProperty({ type: [TroubledDayView], description: 'Days of UTC with trouble, oldest first' })
  days!: TroubledDayView[];
}

/** An incident or maintenance as everybody may see it. */
export class PublicIncidentView {
  @ApiProperty({ example: '6b1f0a93c2d54e7788aa01fe' })
  id!: string;

  @ApiProperty({ example: 'card-payments' })
  service_id!: string;

  @ApiProperty({ enum: ['outage', 'degraded', 'maintenance'], example: 'outage' })
  level!: IncidentLevel;

  @ApiProperty({ example: '2026-01-15T10:40:00.000Z' })
  started_at!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null while it lasts', example: null })
  ended_at!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'At most 200 characters; null where the page tells no summaries',
    example: 'Card payments fail in Europe',
  })
  summary!: string | null;
}

/** Maintenance that is planned, or under way. */
export class PlannedMaintenanceView {
  @ApiProperty({ type: [String], example: ['card-payments'] })
  service_ids!: string[];

  @ApiProperty({ example: '2026-01-17T02:00:00.000Z' })
  starts_at!: string;

  @ApiProperty({ example: '2026-01-17T04:00:00.000Z' })
  ends_at!: string;
}

/** A public status page. */
export class PublicStatusView {
  @ApiProperty({ example: 'Acme' })
  title!: string;

  @ApiProperty({ enum: SERVICE_STATES, description: 'The worst of the services', example: 'ok' })
  state!: ServiceState;

  @ApiProperty({ description: 'When this was so', example: '2026-01-15T10:41:00.000Z' })
  generated_at!: string;

  @ApiProperty({
    description: 'Whether nobody could look since then: what was well is `unknown`',
    example: false,
  })
  is_stale!: boolean;

  @ApiProperty({
    description: 'Since when the history is known, at most 90 days ago',
    example: '2025-10-17T10:41:00.000Z',
  })
  history_since!: string;

  @ApiProperty({ type: [PublicServiceView], description: 'In the order of the page, at most 50' })
  services!: PublicServiceView[];

  @ApiProperty({ type: [PublicIncidentView], description: 'Worst first, at most 50' })
  open!: PublicIncidentView[];

  @ApiProperty({ type: [PublicIncidentView], description: 'What is over, newest first, at most 100' })
  ended!: PublicIncidentView[];

  @ApiProperty({
    type: [PlannedMaintenanceView],
    description: 'Of our own, under way or within 7 days, soonest first, at most 20',
  })
  planned!: PlannedMaintenanceView[];
}

/** Makes the API's form of a status. */
export function publicStatusView(status: PublicStatus): PublicStatusView {
  const { title, state, at, is_stale, history_since } = status;
  return {
    title,
    state,
    generated_at: iso(at),
    is_stale,
    history_since: iso(history_since),
    services: status.services.map(serviceView),
    open: status.open.map(incidentView),
    ended: status.ended.map(incidentView),
    planned: status.planned.map(plannedView),
  };
}

function serviceView(service: PublicService): PublicServiceView {
  const { id, name, state, basis, evidence_at, uptime_percent, measured_since, days } = service;
  return {
    id,
    name,
    state,
    basis,
    evidence_at: isoOrNull(evidence_at),
    uptime_percent,
    measured_since: isoOrNull(measured_since),
    days: [...days],
  };
}

function incidentView({
  id,
  service_id,
  level,
  started_at,
  ended_at,
  summary,
}: PublicIncident): PublicIncidentView {
  return { id, service_id, level, started_at: iso(started_at), ended_at: isoOrNull(ended_at), summary };
}

function plannedView({ service_ids, starts_at, ends_at }: PlannedMaintenance): PlannedMaintenanceView {
  return { service_ids: [...service_ids], starts_at: iso(starts_at), ends_at: iso(ends_at) };
}
