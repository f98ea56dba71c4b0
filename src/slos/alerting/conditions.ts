import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../../database/database';
import { serviceOf } from '../../monitors/model/monitor';
import { MonitorEntity } from '../../monitors/storage/monitor.entity';
import { MonitorSpansRepository } from '../../monitors/storage/monitor-spans.repository';
import { windowMs, type Objective } from '../model/objective';
import { Objectives } from '../objectives/objectives';
import { ObjectiveTargets } from '../objectives/targets';
import { Histories } from '../reading/histories';
import type { SloAlertEntity } from '../storage/alert.entity';
import { objectiveConditions, type Condition } from './condition';
import { OwnConditions } from './own-conditions';

/** Monitors that are read together. */
const AT_ONCE = 500;

/** Reads the conditions of all alerts. */
@Injectable()
export class Conditions {
  constructor(
    private readonly database: Database,
    private readonly objectives: Objectives,
    private readonly targets: ObjectiveTargets,
    private readonly spans: MonitorSpansRepository,
    private readonly histories: Histories,
    private readonly own: OwnConditions,
  ) {}

  /**
   * Of thousands of monitors only those are read that can have anything to tell: which were down within the longest
   * window, or have an alert that is not quiet.
   *
   * @param alerts what is remembered
   */
  async read(alerts: readonly SloAlertEntity[], now: number): Promise<Condition[]> {
    const monitorIds = await this.troubledMonitors(alerts, now);
    const objectives = await this.targets.ofMonitors(monitorIds);
    const services = await this.servicesOf(monitorIds);
    const judged = await this.histories.evidence(objectives, now);
    return [
      ...(await this.own.read(now)),
      ...judged.flatMap(({ objective, evidence }) =>
        objectiveConditions(objective, evidence, serviceNamed(objective, services)),
      ),
    ];
  }

  private async troubledMonitors(alerts: readonly SloAlertEntity[], now: number): Promise<string[]> {
    const promised = this.objectives.all.filter((one) => one.kind === 'monitor');
    const down = await this.spans.downSince(now - Math.max(0, ...promised.map(windowMs)));
    const named = promised.flatMap(({ monitor }) => monitor ?? []);
    return [...new Set([...down, ...named, ...alerts.map(({ subject }) => monitorIn(subject))])];
  }

  private async servicesOf(monitorIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const services = new Map<string, string>();
    for (let from = 0; from < monitorIds.length; from += AT_ONCE) {
      const ids = monitorIds.slice(from, from + AT_ONCE);
      const monitors = await this.database.read.findBy(MonitorEntity, { id: In(ids) });
      for (const { id, definition } of monitors) services.set(id, serviceOf(definition));
    }
    return services;
  }
}

/** The id behind the colon of `monitor-availability:k3hq9zbtmxo0cv5u`; of other subjects something that is no id. */
function monitorIn(subject: string): string {
  return subject.slice(subject.indexOf(':') + 1);
}

/** Whose trouble it is, as people call it; undefined for this service's own. */
function serviceNamed(objective: Objective, services: ReadonlyMap<string, string>): string | undefined {
  if (objective.kind === 'vendor') return objective.vendor ?? undefined;
  return objective.kind === 'monitor' ? services.get(objective.monitor ?? '') : undefined;
}
