import { iso, isoOrNull } from '../../normalization/instant';
import { mergeSketches, percentilesOf, readSketch } from '../model/latency-sketch';
import { maintenanceWithin, type MaintenanceSchedule } from '../model/maintenance';
import type { MonitorDefinition } from '../model/monitor';
import { slotsBetween } from '../model/slots';
import { addCounts, uptimeOf, type CheckCounts, type UptimeWindow } from '../model/uptime';
import type { UptimeSpan } from './uptime-span';
import type { UptimeIncidentView, UptimeView } from './uptime-views';

/** What is known of a monitor in a window. */
export interface UptimeFacts {
  readonly window: UptimeWindow;
  readonly span: UptimeSpan;
  readonly monitor: {
    readonly id: string;
    readonly definition: MonitorDefinition;
    readonly created_at: number;
  };
  readonly rollups: readonly (CheckCounts & { readonly sketch: string })[];
  readonly schedules: readonly MaintenanceSchedule[];
  /** Newest first. */
  readonly incidents: readonly UptimeIncident[];
}

export interface UptimeIncident {
  readonly event_id: string;
  readonly started_at: number;
  readonly resolved_at: number | null;
}

/** The answer about a window, from its roll-ups. A monitor that is younger than the window is asked about its life. */
export function uptimeAnswer({
  window,
  span,
  monitor,
  rollups,
  schedules,
  incidents,
}: UptimeFacts): UptimeView {
  const { until_at } = span;
  const from_at = Math.min(until_at, Math.max(span.from_at, monitor.created_at));
  const checks = addCounts(rollups);
  const maintenanceMs = maintenanceWithin(schedules, { from_at, until_at }).reduce(
    (sum, one) => sum + one.until_at - one.from_at,
    0,
  );
  return {
    monitor_id: monitor.id,
    window,
    from: iso(span.from_at),
    until: iso(until_at),
    ...uptimeOf(checks, expectedChecks(monitor, from_at, until_at)),
    checks,
    latency: percentilesOf(mergeSketches(rollups.map(({ sketch }) => readSketch(sketch)))),
    maintenance_s: Math.round(maintenanceMs / 1_000),
    incidents: incidents.map((incident) => incidentView(incident, until_at)),
  };
}

/** How many checks there should have been by the present definition; of a heartbeat, calls. */
function expectedChecks({ id, definition }: UptimeFacts['monitor'], from: number, until: number): number {
  if (definition.type === 'heartbeat') return Math.floor((until - from) / (definition.period_s * 1_000));
  return slotsBetween({ monitor_id: id, ...definition }, from, until);
}

function incidentView(
  { event_id, started_at, resolved_at }: UptimeIncident,
  now: number,
): UptimeIncidentView {
  return {
    event_id,
    started_at: iso(started_at),
    resolved_at: isoOrNull(resolved_at),
    duration_s: Math.max(0, Math.round(((resolved_at ?? now) - started_at) / 1_000)),
  };
}
