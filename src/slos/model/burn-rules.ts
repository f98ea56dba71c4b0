import { burnsAbove } from './budget';
import { hasData, type Counts } from './counts';
import type { BurnCounts } from './history';
import type { BurnWindow } from './objective';
import type { Reading } from './alert-state';

/** Fires while the budget is spent faster than `factor` in both windows: for long enough, and still. */
export interface BurnRule {
  readonly factor: number;
  readonly long: BurnWindow;
  readonly short: BurnWindow;
}

/**
 * Google, "The Site Reliability Workbook", chapter 5, "Multiwindow, Multi-Burn-Rate Alerts". Of a budget for 30 days,
 * 14.4 × spends 2 % in an hour, 6 × 5 % in six hours, 3 × 10 % in a day and 1 × 10 % in three days.
 */
export const BURN_RULES = {
  page: [
    { factor: 14.4, long: '1h', short: '5m' },
    { factor: 6, long: '6h', short: '30m' },
  ],
  ticket: [
    { factor: 3, long: '24h', short: '2h' },
    { factor: 1, long: '72h', short: '6h' },
  ],
} as const satisfies Record<string, readonly BurnRule[]>;
export type Urgency = keyof typeof BURN_RULES;

/** Fewer bad ones in either window make no alert: a single failure is no trend, however little there is to count. */
export const LEAST_BAD = 2;

/** Whether a rule fires. */
export function isFiring(rule: BurnRule, burns: Pick<BurnCounts, BurnWindow>, allowedPpm: number): boolean {
  return [burns[rule.long], burns[rule.short]].every(
    (counts) => counts.bad >= LEAST_BAD && burnsAbove(counts, allowedPpm, rule.factor),
  );
}

/**
 * What the rules of an urgency say together: above where one of them fires, and below once none of the short windows
 * that know anything burns as fast as its rule asks for. In between, an alert stays as it is.
 */
export function burnReading(urgency: Urgency, burns: BurnCounts, allowedPpm: number): Reading {
  const rules: readonly BurnRule[] = BURN_RULES[urgency];
  if (rules.some((rule) => isFiring(rule, burns, allowedPpm))) return 'above';
  const known = rules.filter(({ short }) => hasData(burns[short]));
  if (known.length === 0) return 'unknown';
  return known.some(({ short, factor }) => burnsAbove(burns[short], allowedPpm, factor))
    ? 'between'
    : 'below';
}

/** Whether a rule could fire if everything failed. */
export function canFire({ factor }: BurnRule, allowedPpm: number): boolean {
  const allBad: Counts = { good: 0, bad: LEAST_BAD, unseen: 0 };
  return burnsAbove(allBad, allowedPpm, factor);
}
