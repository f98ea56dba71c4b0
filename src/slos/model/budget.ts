import { hasData, MILLION, totalOf, type Counts } from './counts';

/**
 * The error budget is what an objective allows to be bad: for 99.9 %, 1,000 of a million. All of it refers to the
 * whole of a window: where 0.1 % may be bad and 0.05 % is, half of it is spent. `allowedPpm` is that share in parts
 * of a million, at least 1.
 */

/**
 * How fast the budget is spent: 1 spends all of it in exactly the objective's window. Over that window itself it is
 * the part that is spent. Null without data.
 */
export function burnRateOf(counts: Counts, allowedPpm: number): number | null {
  return hasData(counts) ? (counts.bad * MILLION) / (totalOf(counts) * allowedPpm) : null;
}

/**
 * Whether the burn rate is above a factor. Compared in integers, so that exactly the factor is not above it.
 *
 * @param factor to two places
 */
export function burnsAbove(counts: Counts, allowedPpm: number, factor: number): boolean {
  const allowed = BigInt(Math.round(factor * 100)) * BigInt(allowedPpm) * BigInt(totalOf(counts));
  return BigInt(counts.bad) * BigInt(100 * MILLION) > allowed;
}

/** What is left of a window's budget. Below 0 where more is spent than there was: it is never cut. */
export interface BudgetLeft {
  /** Of the budget: 1 is all of it. */
  readonly ratio: number;
  /** The same as minutes in which everything may fail, at the window's average traffic. */
  readonly minutes: number;
}

/** Null without data. */
export function budgetLeft(counts: Counts, allowedPpm: number, windowMs: number): BudgetLeft | null {
  if (!hasData(counts)) return null;
  const total = totalOf(counts);
  const left = total * allowedPpm - counts.bad * MILLION;
  return { ratio: left / (total * allowedPpm), minutes: (left * windowMs) / (total * MILLION * 60_000) };
}

/**
 * When the budget will be spent if it goes on being spent at this rate; `now` where it is spent already. Null where nothing
 * is known, and where it will not be: a rate that leaves something after a whole window, by when all that is spent now has
 * fallen out of it, is one that the objective can be kept at for good. What falls out before that is left out of account.
 */
export function exhaustedAt(
  left: BudgetLeft | null,
  burnRate: number | null,
  windowMs: number,
  now: number,
): number | null {
  if (left === null) return null;
  if (left.ratio <= 0) return now;
  return burnRate === null || burnRate <= left.ratio
    ? null
    : now + Math.round((left.ratio * windowMs) / burnRate);
}
