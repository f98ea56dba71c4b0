import type { EntityManager } from 'typeorm';
import { serviceOf, type CheckResult, type MonitorDefinition } from '../monitors/model/monitor';
import { shownState, type MonitorState, type ShownState } from '../monitors/model/state';
import { MONITORS } from './services-statements';

/** So many are read, so that an answer costs the same however many there are. */
export const MAX_MONITORS = 5_000;

/** A monitor, as far as its service is concerned. Instants in milliseconds since 1970 UTC. */
export interface MonitorFact {
  readonly service: string;
  readonly state: ShownState;
  readonly checked_at: number | null;
}

/** One that is not paused. */
export interface SpeakingMonitor extends MonitorFact {
  readonly state: Exclude<ShownState, 'paused'>;
}

/** The monitors of an account, or of all. */
export async function readMonitors(manager: EntityManager, account: string | null): Promise<MonitorFact[]> {
  const rows = await MONITORS.run(manager, [account, MAX_MONITORS]);
  return rows.map((row) => {
    const definition = JSON.parse(row.definition) as MonitorDefinition;
    const check = row.last_check === null ? null : (JSON.parse(row.last_check) as CheckResult | null);
    return {
      service: serviceOf(definition),
      state: shownState(JSON.parse(row.state) as MonitorState, definition),
      checked_at: check?.started_at ?? null,
    };
  });
}
