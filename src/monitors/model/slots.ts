import { createHash } from 'node:crypto';

/** How often a monitor is checked. */
export interface Cadence {
  readonly monitor_id: string;
  readonly interval_s: number;
  readonly retry_s: number;
}

/** What is known of the newest check. */
export interface LastSlot {
  /** Null before the first. */
  readonly slot_at: number | null;
  /** Whether its result has yet to be confirmed (`state.ts`). */
  readonly is_confirming: boolean;
}

/**
 * Slots are the instants at which a monitor is due: all instants that are a whole number of intervals away from 1970,
 * moved by a phase of the monitor's own. They follow from the definition alone, so that a late check does not move
 * those after it, and any process finds the same ones: (monitor, slot) names a check. The phase is a hash of the id
 * and spreads monitors of one interval over all of it.
 *
 * @returns from 0 to below the interval, in milliseconds
 */
export function phaseOf(monitorId: string, intervalMs: number): number {
  return createHash('sha256').update(monitorId).digest().readUIntBE(0, 6) % intervalMs;
}

/** The newest slot of the regular ones at an instant. */
export function slotAt(cadence: Cadence, at: number): number {
  const intervalMs = cadence.interval_s * 1_000;
  const phase = phaseOf(cadence.monitor_id, intervalMs);
  return at - modulo(at - phase, intervalMs);
}

/**
 * The slot after a check that has ended: the next regular one that is not over yet, or an earlier one that is a whole
 * number of `retry_s` away from the last while that has yet to be confirmed. Slots that were missed meanwhile are
 * left out, and not made up for. A last slot more than an interval ahead of the clock, which has then been set back,
 * says nothing.
 */
export function nextSlot(cadence: Cadence, last: LastSlot, now: number): number {
  const intervalMs = cadence.interval_s * 1_000;
  const lastAt = last.slot_at !== null && last.slot_at <= now + intervalMs ? last.slot_at : null;
  // The first instant that may be one: now itself, unless it was the last slot.
  const from = lastAt === null ? now : Math.max(now, lastAt + 1);
  const regularAt = slotAt(cadence, from - 1) + intervalMs;
  if (lastAt === null || !last.is_confirming) return regularAt;
  const retryMs = cadence.retry_s * 1_000;
  return Math.min(regularAt, lastAt + Math.ceil((from - lastAt) / retryMs) * retryMs);
}

/**
 * The slot to check now, where `nextAt` is the one that was planned: null where that is yet to come. After a pause of
 * the whole service it is the newest one, and those between are left out.
 */
export function dueSlot(cadence: Cadence, nextAt: number, now: number): number | null {
  return nextAt > now ? null : Math.max(nextAt, slotAt(cadence, now));
}

/** How many regular slots there are from an instant to another, which is excluded. */
export function slotsBetween(cadence: Cadence, from: number, until: number): number {
  if (until <= from) return 0;
  const intervalMs = cadence.interval_s * 1_000;
  return (slotAt(cadence, until - 1) - slotAt(cadence, from - 1)) / intervalMs;
}

/** How much too late a check began. */
export function lagMs(slot: number, startedAt: number): number {
  return Math.max(0, startedAt - slot);
}

/** The remainder that is never negative. */
function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
