import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { DAY_MS, HOUR_MS } from '../../events/summary/time-buckets';
import type { Span } from '../../monitors/model/spans';
import { MonitorEntity } from '../../monitors/storage/monitor.entity';
import { thresholdsOf } from '../../monitors/model/verdict';
import { iso, isoOrNull } from '../../normalization/instant';
import { BAND_ADVICE } from '../model/burn-band';
import { sliOf, type Counts } from '../model/counts';
import { windowUntil, type History } from '../model/history';
import { lintChecks, lintObjective } from '../model/lint';
import { allowedPpm, BURN_WINDOWS, windowMs, type Objective } from '../model/objective';
import { spendingOf, wholeMinutes } from '../model/spending';
import { spanOf, type Incident } from '../model/incident';
import { budgetOverTime, evidenceOf } from '../model/status';
import { Histories } from '../reading/histories';
import { IncidentsReader, type SourcedIncident } from '../reading/incidents-reader';
import { sourceOf } from '../reading/vendor-events';
import { burnRuleViews } from './burn-rule-views';
import { subjectOf } from './slo-subject';
import { sloView, windowView, type SloDetailView, type SpendingIncidentView } from './slo-views';

/** So many incidents are shown, and told apart by the minute. */
const MAX_INCIDENTS = 100;

/** Puts together all that there is to know of one objective. */
@Injectable()
export class SloDetails {
  constructor(
    private readonly database: Database,
    private readonly histories: Histories,
    private readonly incidents: IncidentsReader,
  ) {}

  /** Null where its target is gone. */
  async of(objective: Objective, now: number): Promise<SloDetailView | null> {
    const own = windowUntil(now, windowMs(objective));
    const lengths = { ...BURN_WINDOWS, [objective.window]: windowMs(objective) };
    const windows = Object.entries(lengths).map(([name, ms]) => ({ name, span: windowUntil(now, ms) }));
    const points = pointsOf(objective, now);
    const all = await this.incidents.within(own, objective.account_id ?? undefined);
    const incidents = all.filter((incident) => concerns(incident, objective)).slice(0, MAX_INCIDENTS);
    const spans = [
      ...windows.map(({ span }) => span),
      ...points.map((at) => windowUntil(at, windowMs(objective))),
      ...incidents.map((incident) => wholeMinutes(spanOf(incident, own))),
    ];
    const instants = spans.flatMap(({ from_at, until_at }) => [from_at, until_at]);
    const [read] = await this.histories.read([objective], instants);
    if (read === undefined) return null;
    const { history } = read;
    const spending = spendingOf(history, incidents, own);
    const evidence = evidenceOf(objective, history, now);
    const view = sloView({ ...read, evidence }, now);
    return {
      ...view,
      advice: view.burn_band === null ? null : BAND_ADVICE[view.burn_band],
      subject: subjectOf(objective),
      burn_rules: burnRuleViews(evidence.burns, allowedPpm(objective)),
      windows: windows.map(({ name, span }) => windowView(name, span, countsIn(history, span))),
      budget_over_time: budgetOverTime(objective, history, points).map(({ at, budget_left_ratio }) => ({
        at: iso(at + 1),
        budget_left_ratio,
      })),
      incidents: spending.incidents.map(({ incident, bad }) => incidentView(incident, bad)),
      bad_by_fault: spending.by_fault,
      warnings: await this.warningsOf(objective),
    };
  }

  private async warningsOf(objective: Objective): Promise<string[]> {
    const findings = lintObjective(objective);
    if (objective.kind === 'monitor' && objective.monitor !== null) {
      const monitor = await this.database.read.findOneBy(MonitorEntity, { id: objective.monitor });
      if (monitor !== null) findings.push(...lintChecks(objective, checksOf(monitor)));
    }
    return findings.map(({ message }) => `The objective ${message}`);
  }
}

/** The ends of the days within the window, or of the hours, to the millisecond before: each closes its last minute. */
function pointsOf(objective: Objective, now: number): number[] {
  const stepMs = windowMs(objective) === DAY_MS ? HOUR_MS : DAY_MS;
  const last = now - (now % stepMs);
  const count = Math.floor(windowMs(objective) / stepMs);
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * stepMs - 1);
}

/** Of a monitor its own outages, of a vendor its own: others cannot have spent their budgets. */
function concerns({ id, source }: SourcedIncident, objective: Objective): boolean {
  if (objective.kind === 'monitor') return id.startsWith(`monitor:${objective.monitor}:`);
  return objective.kind === 'vendor' ? source === sourceOf(objective.vendor ?? '') : true;
}

function countsIn(history: History, span: Span): Counts & { readonly sli: number | null } {
  const counts = history.within(span);
  return { ...counts, sli: sliOf(counts) };
}

function checksOf({ definition }: MonitorEntity): { interval_s: number; failure_threshold: number } {
  const interval_s = definition.type === 'heartbeat' ? definition.period_s : definition.interval_s;
  return { interval_s, failure_threshold: thresholdsOf(definition).failure_threshold };
}

function incidentView(
  { account_id, id, title, fault, cause, started_at, resolved_at }: Incident,
  bad: number,
): SpendingIncidentView {
  return {
    ...{ account_id, event_id: id, title, fault, cause, bad },
    started_at: iso(started_at),
    resolved_at: isoOrNull(resolved_at),
  };
}
