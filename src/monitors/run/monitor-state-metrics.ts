import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { Leadership } from '../../roles/leadership';
import { MetricsRegistry } from '../../telemetry/metrics/metrics-registry';
import { Readings } from '../../telemetry/metrics/readings';
import type { MonitorDefinition } from '../model/monitor';
import { shownState, type MonitorState, type ShownState } from '../model/state';

interface Row {
  readonly id: string;
  readonly definition: string;
  readonly state: string;
}

const STATES: readonly ShownState[] = ['up', 'degraded', 'down', 'unknown', 'paused'];

/** So many monitors are exported one by one, and no more: the label is bounded. Those with the lowest ids. */
export const MAX_EXPORTED = 5_000;

/** Monitors read at a time, so that reading thousands of them holds up nobody. */
const PAGE_SIZE = 500;

/** Parameters: the id after which is read, how many. */
const PAGE = new Statement<Row>(
  () => `
  SELECT m.id, m.definition, s.state FROM monitors m JOIN monitor_states s ON s.monitor_id = m.id
  WHERE m.id > ? ORDER BY m.id LIMIT ?`,
);

const HEAD = `# HELP monitor_state State of each monitor by its id: 1 for the one it is in. At most ${MAX_EXPORTED} monitors.
# TYPE monitor_state gauge
`;

/** Exports the state of each monitor, as the API shows it, read by the leader. */
@Injectable()
export class MonitorStateMetrics {
  private readonly counts;
  private text = HEAD;

  constructor(
    private readonly database: Database,
    leadership: Leadership,
    metrics: MetricsRegistry,
    readings: Readings,
  ) {
    metrics.writtenGauge(() => this.text);
    this.counts = metrics.gauge({
      name: 'monitors',
      help: 'Monitors in each state, of those that monitor_state shows.',
      labels: ['state'] as const,
      known: STATES.map((state) => ({ state })),
    });
    readings.add({
      name: 'monitors',
      isOurs: () => leadership.isLeader,
      read: () => this.read(),
      forget: () => {
        this.text = HEAD;
        this.counts.reset();
      },
    });
  }

  private async read(): Promise<void> {
    const counts = new Map<ShownState, number>(STATES.map((state) => [state, 0]));
    const parts = [HEAD];
    let read = 0;
    for (let after = ''; read < MAX_EXPORTED; await nextTurn()) {
      const page = await PAGE.run(this.database.read, [after, PAGE_SIZE]);
      for (const row of page) {
        const state = stateOf(row);
        counts.set(state, (counts.get(state) ?? 0) + 1);
        parts.push(linesOf(row.id, state));
      }
      read += page.length;
      if (page.length < PAGE_SIZE) break;
      after = page.at(-1)?.id ?? '';
    }
    this.text = parts.join('');
    for (const [state, count] of counts) this.counts.set({ state }, count);
  }
}

function stateOf({ state, definition }: Row): ShownState {
  return shownState(JSON.parse(state) as MonitorState, JSON.parse(definition) as MonitorDefinition);
}

/** A state set: a line for each state (OpenMetrics 1.0, "StateSet"). Ids need no escaping: they are letters and digits. */
function linesOf(monitor: string, current: ShownState): string {
  const lines = STATES.map((state) => {
    return `monitor_state{monitor="${monitor}",state="${state}"} ${state === current ? 1 : 0}\n`;
  });
  return lines.join('');
}
