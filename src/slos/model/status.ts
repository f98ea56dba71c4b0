import { budgetLowReading } from './alerts';
import { budgetLeft, burnRateOf, burnsAbove, exhaustedAt } from './budget';
import { burnBandOf, type BurnBand } from './burn-band';
import { burnReading } from './burn-rules';
import type { BurnCounts, History } from './history';
import { coverageOf, hasData, sliOf, type Counts } from './counts';
import { allowedPpm, BURN_WINDOW_NAMES, windowMs, type BurnWindow, type Objective } from './objective';

/** How an objective stands. `no_data` is neither kept nor missed. */
export const SLO_STATES = ['ok', 'warning', 'breached', 'no_data'] as const;
export type SloState = (typeof SLO_STATES)[number];

/** What an objective is judged by. */
export interface Evidence {
  /** Over the objective's own window. */
  readonly window: Counts;
  readonly burns: BurnCounts;
}

/** How an objective stands at an instant. What cannot be told is null. */
export interface SloStatus {
  readonly state: SloState;
  readonly sli: number | null;
  /** The part that is known of what should be; below 1 only where minutes are counted. */
  readonly coverage: number | null;
  /** Below 0 where more is spent than there was. */
  readonly budget_left_ratio: number | null;
  readonly budget_left_minutes: number | null;
  readonly burn_rates: Readonly<Record<BurnWindow, number | null>>;
  /** Of the burn rate over an hour. */
  readonly burn_band: BurnBand | null;
  /** When the budget will be spent at the burn rate over an hour; now where it is spent already, null where it outlasts the window. */
  readonly exhausted_at: number | null;
}

export function evidenceOf(objective: Objective, history: History, now: number): Evidence {
  return { window: history.newest(windowMs(objective), now), burns: history.burns(now) };
}

export function statusOf(objective: Objective, { window, burns }: Evidence, now: number): SloStatus {
  const allowed = allowedPpm(objective);
  const left = budgetLeft(window, allowed, windowMs(objective));
  const hourly = burnRateOf(burns['1h'], allowed);
  return {
    state: stateOf(objective, { window, burns }),
    sli: sliOf(window),
    coverage: coverageOf(window),
    budget_left_ratio: left?.ratio ?? null,
    budget_left_minutes: left?.minutes ?? null,
    burn_rates: burnRates(burns, allowed),
    burn_band: hourly === null ? null : burnBandOf(hourly),
    exhausted_at: exhaustedAt(left, hourly, windowMs(objective), now),
  };
}

/**
 * Breached: more was bad over the window than allowed. Warning: less than a quarter of the budget is left, or it is
 * being spent so fast that somebody is told or should investigate. All by the same comparisons as the alerts.
 */
function stateOf(objective: Objective, { window, burns }: Evidence): SloState {
  const allowed = allowedPpm(objective);
  if (!hasData(window)) return 'no_data';
  if (burnsAbove(window, allowed, 1)) return 'breached';
  const isSpentFast =
    burnsAbove(burns['1h'], allowed, 2) ||
    burnReading('page', burns, allowed) === 'above' ||
    burnReading('ticket', burns, allowed) === 'above';
  return isSpentFast || budgetLowReading(window, allowed) === 'above' ? 'warning' : 'ok';
}

function burnRates(burns: BurnCounts, allowed: number): SloStatus['burn_rates'] {
  const entries = BURN_WINDOW_NAMES.map((name) => [name, burnRateOf(burns[name], allowed)]);
  return Object.fromEntries(entries) as SloStatus['burn_rates'];
}

/** What was left of the budget at instants, for a chart: a window's worth of history before each. */
export function budgetOverTime(
  objective: Objective,
  history: History,
  instants: readonly number[],
): { readonly at: number; readonly budget_left_ratio: number | null }[] {
  return instants.map((at) => {
    const window = history.newest(windowMs(objective), at);
    const left = budgetLeft(window, allowedPpm(objective), windowMs(objective));
    return { at, budget_left_ratio: left?.ratio ?? null };
  });
}
