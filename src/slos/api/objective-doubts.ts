import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../../database/database';
import type { DefinitionFault } from '../../http/definition/definition-fields';
import { MonitorEntity } from '../../monitors/storage/monitor.entity';
import { lintObjective } from '../model/lint';
import { ServedRoutes } from '../objectives/served-routes';
import type { OwnObjectives } from '../storage/account-objectives.repository';

/** Says what is doubtful about objectives that are right by themselves. */
@Injectable()
export class ObjectiveDoubts {
  constructor(
    private readonly database: Database,
    private readonly routes: ServedRoutes,
  ) {}

  async about({ account_id, objectives }: OwnObjectives): Promise<DefinitionFault[]> {
    const named = objectives.flatMap((one) => (one.kind === 'monitor' ? (one.monitor ?? []) : []));
    const monitors = await this.database.read.find(MonitorEntity, {
      select: { id: true },
      where: { id: In(named), account_id },
    });
    const known = new Set(monitors.map(({ id }) => id));
    return objectives.flatMap((objective, at) => {
      const doubt = (field: string, message: string): DefinitionFault => {
        return { field: `objectives[${at}].${field}`, message };
      };
      const doubts = lintObjective(objective).map(({ message }) => doubt('objective', message));
      for (const route of this.routes.missingOf(objective))
        doubts.push(doubt('routes', `names ${route}, which there is not`));
      if (objective.kind === 'monitor' && objective.monitor !== null && !known.has(objective.monitor))
        doubts.push(doubt('monitor', 'is the id of no monitor of this account'));
      return doubts;
    });
  }
}
