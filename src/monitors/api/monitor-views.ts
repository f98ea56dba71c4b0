import { ApiProperty, ApiPropertyOptional, IntersectionType, PartialType } from '@nestjs/swagger';
import { iso, isoOrNull } from '../../normalization/instant';
import { incidentEventId } from '../model/incident';
import type { MonitorDefinition } from '../model/monitor';
import { shownState, type MonitorState, type ShownState } from '../model/state';
import type { MonitorStateEntity } from '../storage/monitor-state.entity';
import type { MonitorEntity } from '../storage/monitor.entity';
import { ORIGINS, type Origin } from '../../definition-files/origin';
import { resultView, ResultView } from './check-views';
import { HeartbeatFields, HttpFields, NamedFields } from './monitor-fields';
import { redactHeaders } from '../model/redacted-headers';

const TYPES = ['http', 'heartbeat'] as const satisfies readonly MonitorDefinition['type'][];

const STATES = ['up', 'degraded', 'down', 'unknown', 'paused'] as const satisfies readonly ShownState[];

/** The outage that is open. */
export class OpenIncidentView {
  @ApiProperty({
    description: 'Its event: `GET /events/:event_id`',
    example: 'monitor:k3hq9zbtmxo0cv5u:2026-01-15T10:40:07.012Z',
  })
  event_id!: string;

  @ApiProperty({ description: 'The first bad check', example: '2026-01-15T10:40:07.012Z' })
  started_at!: string;

  @ApiProperty({ description: 'Whether it goes up and down too often to be resolved', example: false })
  is_flapping!: boolean;
}

/** A monitor, and what is known of its target. Which fields its definition has follows from its type. */
export class MonitorView extends IntersectionType(
  NamedFields,
  PartialType(HttpFields),
  PartialType(HeartbeatFields),
) {
  @ApiProperty({ example: 'k3hq9zbtmxo0cv5u' })
  id!: string;

  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ enum: TYPES, example: 'http' })
  type!: MonitorDefinition['type'];

  @ApiPropertyOptional({
    description: 'Where the job of a heartbeat calls in. Only shown to those who may change it.',
    example: '/heartbeats/mXo0cV5uW1yR7sJ2aLd8eKfNgPqBhTzC',
  })
  heartbeat_path?: string;

  @ApiProperty({
    enum: STATES,
    description: '`unknown`: not checked yet, or this side cannot look. An incident stays open meanwhile.',
    example: 'down',
  })
  state!: ShownState;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The first check of that state; null before the first, and while paused',
    example: '2026-01-15T10:40:07.012Z',
  })
  state_since!: string | null;

  @ApiProperty({ type: ResultView, nullable: true })
  last_check!: ResultView | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'For a heartbeat: until when its job has to call. Null while paused.',
    example: '2026-01-15T10:41:07.000Z',
  })
  next_check_at!: string | null;

  @ApiProperty({ type: OpenIncidentView, nullable: true })
  incident!: OpenIncidentView | null;

  @ApiProperty({ enum: ORIGINS, description: '`file`: changed by MONITORS_FILE alone', example: 'api' })
  origin!: Origin;

  @ApiProperty({ type: String, nullable: true, description: 'Its key in MONITORS_FILE', example: null })
  key!: string | null;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  updated_at!: string;
}

/** One page of monitors, in the order of their ids. */
export class MonitorListView {
  @ApiProperty({ type: [MonitorView] })
  monitors!: MonitorView[];

  @ApiProperty({ type: String, nullable: true, example: 'k3hq9zbtmxo0cv5u' })
  next_cursor!: string | null;
}

/** Makes the API's form of a monitor; `mayChange` says whether its reader may change it. */
export function monitorView(
  monitor: MonitorEntity,
  known: MonitorStateEntity,
  { mayChange }: { readonly mayChange: boolean },
): MonitorView {
  const { id, account_id, definition, origin, origin_key, token, created_at, updated_at } = monitor;
  const state = shownState(known.state, definition);
  return {
    id,
    account_id,
    ...redactHeaders(definition),
    ...(token !== null && mayChange ? { heartbeat_path: `/heartbeats/${token}` } : {}),
    state,
    state_since: isoOrNull(sinceOf(state, known.state)),
    last_check: known.last_check === null ? null : resultView(known.last_check),
    next_check_at: isoOrNull(known.next_at),
    incident: incidentView(id, known.state),
    origin,
    key: origin_key,
    created_at: iso(created_at),
    updated_at: iso(updated_at),
  };
}

function sinceOf(state: ShownState, { since_at, unknown }: MonitorState): number | null {
  if (state === 'paused') return null;
  return state === 'unknown' && unknown !== null ? unknown.since_at : since_at;
}

function incidentView(monitorId: string, { incident }: MonitorState): OpenIncidentView | null {
  if (incident === null) return null;
  const { started_at, is_flapping } = incident;
  return { event_id: incidentEventId(monitorId, incident), started_at: iso(started_at), is_flapping };
}
