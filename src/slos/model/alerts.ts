import { HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import type { Severity } from '../../normalization/normalized-event';
import type { Patience, Reading } from './alert-state';
import { burnsAbove } from './budget';
import { LEAST_BAD } from './burn-rules';
import { hasData, type Counts } from './counts';
import { countBelow, countOf, type Histogram } from './histogram';

/** An alert that there can be. */
export interface AlertRule extends Patience {
  readonly severity: Severity;
  /** What is told of what it is about, behind its name. */
  readonly says: string;
}

const SOON = 5 * MINUTE_MS;

/** All alerts of this module, by the name that is the `type` of their events. */
export const ALERTS = {
  burn_page: {
    severity: 'critical',
    for_ms: 0,
    clear_for_ms: SOON,
    says: 'spends its error budget so fast that somebody has to act now',
  },
  burn_ticket: {
    severity: 'warning',
    for_ms: 0,
    clear_for_ms: 30 * MINUTE_MS,
    says: 'spends its error budget faster than the window allows',
  },
  burn_high: {
    severity: 'warning',
    for_ms: HOUR_MS,
    clear_for_ms: SOON,
    says: 'has spent its error budget more than twice as fast as allowed for an hour',
  },
  breached: { severity: 'critical', for_ms: 0, clear_for_ms: SOON, says: 'misses its objective' },
  budget_low: {
    severity: 'warning',
    for_ms: 0,
    clear_for_ms: SOON,
    says: 'has less than a quarter of its error budget left',
  },
  slow: { severity: 'warning', for_ms: SOON, clear_for_ms: SOON, says: 'has a p99 above 500 ms' },
  errors: {
    severity: 'critical',
    for_ms: SOON,
    clear_for_ms: SOON,
    says: 'answers more than 1 % with an error',
  },
  queue_deep: {
    severity: 'warning',
    for_ms: SOON,
    clear_for_ms: SOON,
    says: 'has more than 10,000 waiting',
  },
  dead_delivery: { severity: 'critical', for_ms: SOON, clear_for_ms: SOON, says: 'has dead deliveries' },
  dead_letter: { severity: 'critical', for_ms: SOON, clear_for_ms: SOON, says: 'has dead letters' },
  dead_check: { severity: 'warning', for_ms: SOON, clear_for_ms: SOON, says: 'has dead checks' },
} as const satisfies Record<string, AlertRule>;
export type AlertName = keyof typeof ALERTS;

/** For `burn_high`: whether the budget is spent more than twice as fast as allowed, by the newest 5 minutes. */
export function burnHighReading(newest5m: Counts, allowedPpm: number): Reading {
  return burnLevel(newest5m, allowedPpm, { above: 2, below: 2 });
}

/**
 * For `breached`, by the objective's whole window. Over once 5 % of the budget is left again. A single failure does not
 * open it: it may be one of the first ten requests that there ever were.
 */
export function breachedReading(window: Counts, allowedPpm: number): Reading {
  return guarded(window, burnLevel(window, allowedPpm, { above: 1, below: 0.95 }));
}

/** For `budget_low`, likewise. Over once 30 % of the budget is left again. */
export function budgetLowReading(window: Counts, allowedPpm: number): Reading {
  return guarded(window, burnLevel(window, allowedPpm, { above: 0.75, below: 0.7 }));
}

/** For `slow`: whether more than one of a hundred took 500 ms or longer, by the newest minute that is over. */
export function slowReading(newestMinute: Histogram): Reading {
  const all = countOf(newestMinute);
  if (all === 0) return 'unknown';
  return (all - countBelow(newestMinute, 500)) * 100 > all ? 'above' : 'below';
}

/** For `errors`: whether more than one request of a hundred failed, by the newest minute that is over. */
export function errorsReading(newestMinute: Counts): Reading {
  if (!hasData(newestMinute)) return 'unknown';
  const { good, bad } = newestMinute;
  return bad * 100 > good + bad ? 'above' : 'below';
}

/** For `queue_deep`; null where the queue could not be asked. Over once it is down to four fifths. */
export function queueReading(waiting: number | null): Reading {
  return levelReading(waiting, { above: 10_000, below: 8_000 });
}

/** For the three kinds of dead things; null where they could not be counted. */
export function deadReading(dead: number | null): Reading {
  return levelReading(dead, { above: 0, below: 0 });
}

/** Above what a condition holds, and up to what it is over. */
interface Level {
  readonly above: number;
  readonly below: number;
}

function levelReading(value: number | null, { above, below }: Level): Reading {
  if (value === null) return 'unknown';
  if (value > above) return 'above';
  return value > below ? 'between' : 'below';
}

function burnLevel(counts: Counts, allowedPpm: number, { above, below }: Level): Reading {
  if (!hasData(counts)) return 'unknown';
  if (burnsAbove(counts, allowedPpm, above)) return 'above';
  return burnsAbove(counts, allowedPpm, below) ? 'between' : 'below';
}

function guarded({ bad }: Counts, reading: Reading): Reading {
  return reading === 'above' && bad < LEAST_BAD ? 'between' : reading;
}
