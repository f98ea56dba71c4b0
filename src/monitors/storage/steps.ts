import { channel } from 'node:diagnostics_channel';

/** The steps of a check on its way into the database, in their order. */
export const STEPS = [
  'picked_up',
  'ran',
  'weighed',
  'judged',
  'events_stored',
  'check_stored',
  'state_stored',
  'rolled_up',
  'incident_stored',
  'committed',
] as const;
export type Step = (typeof STEPS)[number];

/** What the channel `signalbox:monitors:step` tells. */
export interface ReachedStep {
  readonly step: Step;
  readonly monitor_ids: readonly string[];
}

const steps = channel('signalbox:monitors:step');

/**
 * Says how far checks have come, on a channel of Node's diagnostics: for tracers, and for tests that end the process
 * between two steps. Costs nothing where nobody listens.
 */
export function reached(step: Step, monitors: readonly { readonly monitor_id: string }[]): void {
  if (!steps.hasSubscribers) return;
  steps.publish({ step, monitor_ids: monitors.map(({ monitor_id }) => monitor_id) } satisfies ReachedStep);
}
