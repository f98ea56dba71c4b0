import { createHmac } from 'node:crypto';
import type { TroubledDay } from '../services/day-history';
import type { ServiceState } from '../services/service-state';
import type { UptimeWindow } from '../monitors/model/uptime';

/** How bad an incident is, in the words of services' states. */
export type IncidentLevel = 'outage' | 'degraded' | 'maintenance';

/** What says how a service is: somebody looks, or others only report what is wrong; or nothing at all. */
export type Basis = 'observed' | 'reported' | 'none';

/** A service as everybody may see it. Instants in milliseconds since 1970 UTC. */
export interface PublicService {
  readonly id: string;
  readonly name: string;
  readonly state: ServiceState;
  readonly basis: Basis;
  /** When it was last looked at, or last heard of; null for never. */
  readonly evidence_at: number | null;
  /** In percent, cut to three places; null where its checks tell nothing of the window, or it has none. */
  readonly uptime_percent: Readonly<Record<UptimeWindow, number | null>>;
  /** When its oldest monitor was made; null where it has none. */
  readonly measured_since: number | null;
  /** Days of UTC with trouble, oldest first. */
  readonly days: readonly TroubledDay[];
}

/** Trouble or maintenance as everybody may see it. */
export interface PublicIncident {
  readonly id: string;
  readonly service_id: string;
  readonly service_name: string;
  readonly level: IncidentLevel;
  readonly started_at: number;
  /** Null while it lasts. */
  readonly ended_at: number | null;
  /** Null unless the page tells summaries. */
  readonly summary: string | null;
}

/** Maintenance that is to come, or under way. */
export interface PlannedMaintenance {
  readonly service_ids: readonly string[];
  readonly service_names: readonly string[];
  readonly starts_at: number;
  readonly ends_at: number;
}

/** All that a page tells. */
export interface PublicStatus {
  readonly slug: string;
  readonly title: string;
  /** The worst of the services. */
  readonly state: ServiceState;
  /** When this was so. */
  readonly at: number;
  /** Whether nobody could look since then. */
  readonly is_stale: boolean;
  /** Since when the history is known. */
  readonly history_since: number;
  readonly services: readonly PublicService[];
  /** Worst first, then newest first. */
  readonly open: readonly PublicIncident[];
  readonly open_total: number;
  /** Newest first. */
  readonly ended: readonly PublicIncident[];
  readonly ended_total: number;
  /** Soonest first. */
  readonly planned: readonly PlannedMaintenance[];
}

/** An incident's public id: always the same one, and from which nobody can tell the event's. */
export function publicIdOf(secret: string, account_id: string, event_id: string): string {
  return createHmac('sha256', secret).update(`${account_id}/${event_id}`).digest('hex').slice(0, 24);
}

/**
 * The same status once it could not be looked anew: what was broken is not over, and what was well nobody can tell.
 */
export function asStale(status: PublicStatus): PublicStatus {
  const stateOf = (state: ServiceState): ServiceState =>
    state === 'ok' || state === 'maintenance' ? 'unknown' : state;
  return {
    ...status,
    state: stateOf(status.state),
    is_stale: true,
    services: status.services.map((service) => ({ ...service, state: stateOf(service.state) })),
  };
}
