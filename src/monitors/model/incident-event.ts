import { iso, isoOrNull } from '../../normalization/instant';
import type { NormalizedEvent } from '../../normalization/normalized-event';
import { incidentEventId, type Effect, type Incident } from './incident';
import { serviceOf, type CheckResult, type MonitorDefinition } from './monitor';

/** The source of events about what this service checks itself. */
export const MONITOR_SOURCE = 'monitor';

/** Whose incident it is, and what led to what is told of it. */
export interface Told {
  readonly monitor_id: string;
  readonly account_id: string;
  readonly definition: MonitorDefinition;
  /** What the check said; null where no check did, as when a monitor is deleted. */
  readonly check: CheckResult | null;
  /** By the database's clock, and no earlier than that of any event about the monitor before. */
  readonly updated_at: number;
  /** Why an incident ends that no good check has ended. */
  readonly because?: string;
}

/** The event that an effect is told by: of an incident always the same one, as its next revision. */
export function eventOf(effect: Effect, told: Told): NormalizedEvent {
  return effect.do === 'notice' ? noticeOf(effect.incident, told) : incidentOf(effect, told);
}

function incidentOf(effect: Exclude<Effect, { do: 'notice' }>, told: Told): NormalizedEvent {
  const { incident } = effect;
  const { definition, updated_at } = told;
  const resolved_at = effect.do === 'resolve' ? effect.resolved_at : null;
  return {
    ...identityOf(told),
    event_id: incidentEventId(told.monitor_id, incident),
    kind: 'incident',
    severity: incident.severity,
    type: definition.type,
    summary: `${definition.name} is ${incident.is_flapping ? `flapping (${incident.state})` : incident.state}`,
    description: resolved_at === null ? describe(incident, told) : describeEnd(incident, resolved_at, told),
    started_at: incident.started_at,
    resolved_at,
    updated_at,
    raw: rawOf(incident, resolved_at, told),
  };
}

/** A point in time that pages nobody: the incident itself has, and is still open. */
function noticeOf(incident: Incident, told: Told): NormalizedEvent {
  const { definition, updated_at } = told;
  return {
    ...identityOf(told),
    event_id: `${incidentEventId(told.monitor_id, incident)}:flapping`,
    kind: 'activity',
    severity: 'info',
    type: 'flapping',
    summary: `${definition.name} is flapping`,
    description:
      'It went down and up again several times in 30 minutes: its incident stays open until it is steady.',
    started_at: updated_at,
    resolved_at: null,
    updated_at,
    raw: rawOf(incident, null, told),
  };
}

function identityOf({ account_id, definition }: Told): {
  readonly account_id: string;
  readonly source: string;
  readonly service: string;
  readonly user_id: null;
} {
  return { account_id, source: MONITOR_SOURCE, service: serviceOf(definition), user_id: null };
}

/** What was asked, and what came instead. */
function describe({ is_flapping }: Incident, { definition, check }: Told): string {
  const asked =
    definition.type === 'http' ? `${definition.method} ${withoutQuery(definition.url)}` : 'The job';
  if (is_flapping) return `${asked}: sometimes as expected and sometimes not. Open until it is steady.`;
  if (check === null) return asked;
  const failures = check.failed.map(
    ({ expectation, wanted, seen }) => `${expectation}: wanted ${wanted}, got ${seen ?? 'nothing'}`,
  );
  return `${asked}: ${failures.length > 0 ? failures.join('; ') : (check.reason ?? check.class)}`;
}

function describeEnd({ started_at }: Incident, resolvedAt: number, { because }: Told): string {
  const span = `From ${iso(started_at)} to ${iso(resolvedAt)}.`;
  return because === undefined ? span : `${span} It ended because ${because}.`;
}

/** A query may hold somebody's key. */
function withoutQuery(text: string): string {
  const { origin, pathname } = new URL(text);
  return origin + pathname;
}

function rawOf(
  incident: Incident,
  resolvedAt: number | null,
  { monitor_id, definition, check }: Told,
): string {
  return JSON.stringify({
    monitor_id,
    name: definition.name,
    type: definition.type,
    state: incident.state,
    is_flapping: incident.is_flapping,
    started_at: iso(incident.started_at),
    down_since_at: isoOrNull(incident.down_since_at),
    resolved_at: isoOrNull(resolvedAt),
    check: check === null ? null : { ...check, started_at: iso(check.started_at) },
  });
}
