import { iso } from '../../normalization/instant';
import { rankOf, type Severity } from '../../normalization/normalized-event';
import type { MonitorDefinition } from './monitor';
import type { KnownClass, Streaks } from './streaks';
import { isBad, type Verdict } from './verdict';

/** So many changes within `FLAPPING_WINDOW_MS` are flapping, which lasts until there was none for so long. */
export const FLAPPING_CHANGES = 4;
export const FLAPPING_WINDOW_MS = 30 * 60_000;

/** An outage that is open: one stretch in which the target was not up, whole or in part. */
export interface Incident {
  /** The first bad check. Names the incident among those of its monitor. */
  readonly started_at: number;
  /** How it is; while flapping, the worst it has been. */
  readonly state: 'degraded' | 'down';
  readonly severity: Severity;
  /** The first check of the newest stretch that was down; null where it was only degraded. */
  readonly down_since_at: number | null;
  readonly is_flapping: boolean;
}

/**
 * What follows from a result, in this order. `open` and `resolve` alternate, and an `update` between them is about the
 * incident that is open; of one incident there is at most one of the three, so that each is a revision of its event.
 * `notice` is the one that an incident flaps, and stands behind what marked it.
 */
export type Effect =
  | { readonly do: 'open' | 'update' | 'notice'; readonly incident: Incident }
  | { readonly do: 'resolve'; readonly incident: Incident; readonly resolved_at: number };

/** What is remembered of a monitor's outages. */
export interface Outage {
  readonly incident: Incident | null;
  /** When an outage began or ended lately: what flapping is counted by. */
  readonly changed_at: readonly number[];
}

/** A verdict, and what led to it. */
export interface Judgement {
  readonly before: Verdict;
  /** The first of the checks that made the verdict before; null where there was none. */
  readonly beforeSinceAt: number | null;
  readonly verdict: Verdict;
  readonly streaks: Streaks;
  readonly result: { readonly class: KnownClass; readonly started_at: number };
  readonly definition: MonitorDefinition;
  readonly now: number;
  readonly isInMaintenance: boolean;
}

/** The id of an incident's event: the same for all its revisions. */
export function incidentEventId(monitorId: string, incident: Pick<Incident, 'started_at'>): string {
  return `monitor:${monitorId}:${iso(incident.started_at)}`;
}

/** The next state of the outage, and what has to be done about it. */
export interface OutageStep {
  readonly outage: Outage;
  readonly effects: readonly Effect[];
}

/** What a judgement makes of the outage: see `advance`, whose second half this is. */
export function advanceOutage(outage: Outage, judgement: Judgement): OutageStep {
  const { incident } = outage;
  const { now, before, beforeSinceAt } = judgement;
  const changed_at = outage.changed_at.filter((at) => at <= now && now - at < FLAPPING_WINDOW_MS);
  const hasSettled = incident?.is_flapping === true && changed_at.length === 0;
  if (!hasSettled) return advanceSettled({ incident, changed_at }, judgement, incident);
  const settled = { ...incident, is_flapping: false };
  if (isBad(before)) return advanceSettled({ incident: settled, changed_at }, judgement, incident);
  // It was over before this result, which may be the first of another outage.
  const resolution = resolveAt(settled, beforeSinceAt ?? now);
  const next = advanceSettled({ incident: null, changed_at }, judgement, null);
  return { outage: next.outage, effects: [resolution, ...next.effects] };
}

/** @param told the incident as it was told last */
function advanceSettled(outage: Outage, judgement: Judgement, told: Incident | null): OutageStep {
  const { incident } = outage;
  const changed_at = changesAfter(outage, judgement);
  const isFlapping = incident?.is_flapping === true || changed_at.length >= FLAPPING_CHANGES;
  if (incident === null) {
    if (!isOpening(outage, judgement)) return { outage, effects: [] };
    const opened = newIncident(judgement, isFlapping);
    return { outage: { incident: opened, changed_at }, effects: effectsOf(null, opened) };
  }
  const { up } = judgement.streaks;
  if (judgement.verdict === 'up' && !isFlapping && up !== null) {
    return { outage: { incident: null, changed_at }, effects: [resolveAt(incident, up.since_at)] };
  }
  const kept = keptIncident(incident, judgement, isFlapping);
  return { outage: { incident: kept, changed_at }, effects: effectsOf(told, kept) };
}

/** The end of an incident; not before its start, also where the clock was set back. */
export function resolveAt(incident: Incident, at: number): Effect {
  return { do: 'resolve', incident, resolved_at: Math.max(at, incident.started_at) };
}

/**
 * Whether an outage without an incident gets one: out of maintenance, and at a check that is as bad as the verdict.
 * That is the check that made the verdict, or the first bad one after a maintenance in which it was made.
 */
function isOpening({ incident }: Outage, judgement: Judgement): boolean {
  return incident === null && isBad(judgement.verdict) && mayPage(judgement);
}

/** Whether somebody may be paged for this result. */
function mayPage({ verdict, result, isInMaintenance }: Judgement): boolean {
  return !isInMaintenance && (result.class === 'down' || result.class === verdict);
}

/** The changes so far and, if it is one, this result's. What maintenance brings about is none. */
function changesAfter(outage: Outage, judgement: Judgement): readonly number[] {
  const { before, verdict, now, isInMaintenance } = judgement;
  const hasCrossed = outage.incident !== null && isBad(before) !== isBad(verdict);
  const isChange = isOpening(outage, judgement) || (hasCrossed && !isInMaintenance);
  return isChange ? [...outage.changed_at, now].slice(-FLAPPING_CHANGES) : outage.changed_at;
}

function newIncident(
  { before, verdict, streaks, result, definition }: Judgement,
  isFlapping: boolean,
): Incident {
  const isNews = !isBad(before);
  const state = verdict === 'down' ? 'down' : 'degraded';
  const startOf = (streak: Streaks['down']): number =>
    isNews ? (streak?.since_at ?? result.started_at) : result.started_at;
  return {
    started_at: startOf(streaks.not_up),
    state,
    severity: severityOf(state, definition),
    down_since_at: state === 'down' ? startOf(streaks.down) : null,
    is_flapping: isFlapping,
  };
}

/** The open incident after a result that does not end it. It gets worse only where somebody may be paged. */
function keptIncident(incident: Incident, judgement: Judgement, isFlapping: boolean): Incident {
  const { verdict, definition, streaks } = judgement;
  const marked = { ...incident, is_flapping: isFlapping };
  if (!isBad(verdict)) return marked;
  const severity = severityOf(verdict, definition);
  const isWorse =
    rankOf(severity) > rankOf(incident.severity) || (verdict === 'down' && incident.state === 'degraded');
  if (isWorse ? !mayPage(judgement) : isFlapping) return marked;
  const hasGoneDown = verdict === 'down' && incident.state !== 'down';
  const down_since_at = hasGoneDown ? (streaks.down?.since_at ?? null) : incident.down_since_at;
  return { ...marked, state: verdict, severity, down_since_at };
}

/** What there is to tell of an open incident, after what was told before. */
function effectsOf(told: Incident | null, incident: Incident): readonly Effect[] {
  const isMarked = incident.is_flapping && told?.is_flapping !== true;
  const notice: Effect[] = isMarked ? [{ do: 'notice', incident }] : [];
  if (told === null) return [{ do: 'open', incident }, ...notice];
  const isSame =
    incident.is_flapping === told.is_flapping &&
    incident.state === told.state &&
    incident.severity === told.severity;
  return isSame ? [] : [{ do: 'update', incident }, ...notice];
}

/** Degraded is a warning, and never worse than the monitor's own severity. */
function severityOf(state: Incident['state'], { severity }: MonitorDefinition): Severity {
  if (state === 'down') return severity;
  return rankOf(severity) < rankOf('warning') ? severity : 'warning';
}
