import type { HttpMonitorDefinition, MonitorDefinition } from './monitor';
import { nextSlot, type Cadence } from './slots';
import { isConfirming, type MonitorState } from './state';

/** How often a monitor that asks a URL is checked. */
export function cadenceOf(monitor_id: string, { interval_s, retry_s }: HttpMonitorDefinition): Cadence {
  return { monitor_id, interval_s, retry_s };
}

/**
 * When a monitor is due that begins to watch now: at once, or at the first deadline of its job. Null where it is paused.
 */
export function firstDueAt(definition: MonitorDefinition, now: number): number | null {
  if (definition.paused) return null;
  return definition.type === 'http' ? now : deadlineAfter(definition, now);
}

/** When a job has to have called in again that did so at an instant. */
export function deadlineAfter(
  { period_s, grace_s }: { readonly period_s: number; readonly grace_s: number },
  calledAt: number,
): number {
  return calledAt + (period_s + grace_s) * 1_000;
}

/** What of a monitor's memory its next slot depends on. */
export interface KnownOfMonitor {
  readonly state: MonitorState;
  readonly next_at: number | null;
  readonly last_slot_at: number | null;
}

/** When a monitor is due after a change that leaves what it asks as it is: no later than it was, if it was due. */
export function dueAfterChange(
  monitorId: string,
  definition: MonitorDefinition,
  { state, next_at, last_slot_at }: KnownOfMonitor,
  now: number,
): number | null {
  if (definition.paused) return null;
  if (next_at === null) return firstDueAt(definition, now);
  if (definition.type === 'heartbeat') return next_at;
  const last = { slot_at: last_slot_at, is_confirming: isConfirming(state) };
  return Math.min(next_at, nextSlot(cadenceOf(monitorId, definition), last, now));
}

/**
 * Whether a changed monitor still asks the same of the same target, so that what is known of it holds. A new name,
 * severity, interval or threshold tells nothing about the target; a new URL, expectation or time limit does, and a
 * pause ends all watching.
 */
export function asksTheSame(before: MonitorDefinition, after: MonitorDefinition): boolean {
  return JSON.stringify(askedOf(before)) === JSON.stringify(askedOf(after));
}

function askedOf(definition: MonitorDefinition): readonly unknown[] {
  if (definition.type === 'heartbeat') return [definition.paused, definition.period_s, definition.grace_s];
  const { paused, url, method, headers, body, timeout_ms, expect } = definition;
  return [paused, url, method, Object.entries(headers), body, timeout_ms, expect];
}
