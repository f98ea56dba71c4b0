import { iso, isoOrNull } from '../../normalization/instant';
import { isObject } from '../../normalization/json-document';
import { DefinitionFields, type DefinitionFault, type Rule } from '../../http/definition/definition-fields';
import { textOf } from '../../http/definition/definition-rules';
import type { MaintenanceSchedule } from '../model/maintenance';
import { readMaintenance } from '../model/maintenance-definition';
import { MONITOR_ID } from './monitor-requests';

/** Longest name of a maintenance window, in characters. */
export const MAX_WINDOW_NAME = 200;

const MAX_MONITORS = 500;

/** A maintenance window as its owner wants it. */
export interface WindowDefinition {
  readonly name: string;
  /** Null: all monitors of the account. */
  readonly monitor_ids: readonly string[] | null;
  readonly schedule: MaintenanceSchedule;
}

/** A window, or everything that is wrong with it. */
export type WindowReading =
  { readonly window: WindowDefinition } | { readonly faults: readonly DefinitionFault[] };

const MONITOR_IDS: Rule<readonly string[] | null> = {
  read: (value) => {
    if (value === null) return null;
    if (!Array.isArray(value) || value.length === 0 || value.length > MAX_MONITORS) return undefined;
    const isId = (id: unknown): boolean => typeof id === 'string' && MONITOR_ID.test(id);
    return value.every(isId) && new Set(value).size === value.length ? (value as string[]) : undefined;
  },
  message: `must be a list of 1 to ${MAX_MONITORS} ids of monitors, each at most once, or null for all of the account`,
};

/** Reads a window: `name`, `monitor_ids`, and beside them the fields of its schedule (`readMaintenance`). */
export function readWindow(input: unknown): WindowReading {
  if (!isObject(input)) return { faults: [{ field: null, message: 'must be an object' }] };
  const { name: givenName, monitor_ids: givenIds, ...rest } = input;
  const fields = new DefinitionFields({ name: givenName, monitor_ids: givenIds });
  const name = fields.need('name', textOf(MAX_WINDOW_NAME));
  const monitor_ids = fields.take('monitor_ids', MONITOR_IDS, null);
  const reading = readMaintenance(rest);
  if ('faults' in reading) return { faults: [...fields.faults, ...reading.faults] };
  if (fields.faults.length > 0) return { faults: fields.faults };
  return { window: { name, monitor_ids, schedule: reading.schedule } };
}

/**
 * Changes a known window: fields that are given replace those that were. Another `repeats` begins a new schedule, of
 * which nothing that was is left.
 */
export function changeWindow(known: WindowDefinition, change: unknown): WindowReading {
  if (!isObject(change)) return readWindow(change);
  const { name, monitor_ids, schedule } = known;
  const isOther = change['repeats'] !== undefined && change['repeats'] !== schedule.repeats;
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return readWindow({ name, monitor_ids, ...(isOther ? {} : scheduleFields(schedule)), ...given });
}

/** The fields of a schedule as the API has them: instants as ISO 8601. */
export function scheduleFields(schedule: MaintenanceSchedule): Record<string, unknown> {
  if (schedule.repeats === 'once') {
    const { repeats, starts_at, ends_at } = schedule;
    return { repeats, starts_at: iso(starts_at), ends_at: iso(ends_at) };
  }
  const { from_at, until_at } = schedule;
  return { ...schedule, from_at: isoOrNull(from_at), until_at: isoOrNull(until_at) };
}
