import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { pagesOf } from '../../statuspage/pages';
import { forEachTarget } from '../model/each-objective';
import type { Objective } from '../model/objective';
import { Objectives } from './objectives';

type MonitorName = { readonly id: string; readonly account_id: string; readonly name: string };

const MONITORS = new Statement<MonitorName>(() => 'SELECT id, account_id, name FROM monitors');

const MONITORS_OF = new Statement<MonitorName>(
  () => 'SELECT id, account_id, name FROM monitors WHERE account_id = ?',
);

const SOME_MONITORS = new Statement<MonitorName>(
  ({ rows, lookUp }) => `
  SELECT m.id, m.account_id, m.name FROM ${rows('j')} ${lookUp('monitors', 'm', 'm.id = j.value ->> 0')}`,
);

/** Which objectives there are, with one for each monitor and each vendor in place of those for all of them. */
@Injectable()
export class ObjectiveTargets {
  /** Names of the vendors whose status pages are read. */
  readonly vendors: readonly string[];

  constructor(
    settings: Settings,
    private readonly objectives: Objectives,
    private readonly database: Database,
  ) {
    this.vendors = pagesOf(settings).map(({ name }) => name);
  }

  /** All objectives, or those of one account, by account and id. What is about all accounts comes first. */
  async list(account_id?: string): Promise<Objective[]> {
    const { read } = this.database;
    const monitors = await (account_id === undefined
      ? MONITORS.run(read)
      : MONITORS_OF.run(read, [account_id]));
    const all = forEachTarget(this.objectives.all, { monitors, vendors: this.vendors });
    return all.filter((one) => account_id === undefined || one.account_id === account_id).sort(byPlace);
  }

  /** All but those of monitors, and those of some monitors. */
  async ofMonitors(ids: readonly string[]): Promise<Objective[]> {
    const monitors = await SOME_MONITORS.run(this.database.read, [JSON.stringify(ids.map((id) => [id]))]);
    return forEachTarget(this.objectives.all, { monitors, vendors: this.vendors });
  }
}

/** Where an objective stands in lists. */
export function placeOf({ account_id, id }: Pick<Objective, 'account_id' | 'id'>): string {
  return `${account_id ?? ''}/${id}`;
}

function byPlace(one: Objective, other: Objective): number {
  return placeOf(one) < placeOf(other) ? -1 : 1;
}
