import { isObject } from '../../normalization/json-document';
import type { DefinitionFault } from '../../http/definition/definition-fields';
import type { MonitorDefinition } from './monitor';

/** What answers show in place of a header's value, which may be a credential of the target's. */
export const REDACTED = '[redacted]';

/** The definition as people may see it: headers that it sends keep their names, and no values. */
export function redactHeaders(definition: MonitorDefinition): MonitorDefinition {
  if (definition.type === 'heartbeat') return definition;
  const headers = Object.fromEntries(Object.keys(definition.headers).map((name) => [name, REDACTED]));
  return { ...definition, headers };
}

/**
 * A change of a definition whose redacted headers, as a reader of the API sends them back, are again what they were.
 * One that stands for nothing stays redacted, for `redactedFaults` to tell.
 */
export function restoreHeaders(change: unknown, known: MonitorDefinition): unknown {
  if (known.type === 'heartbeat' || !isObject(change) || !isObject(change['headers'])) return change;
  const kept = new Map(Object.entries(known.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const headers = Object.entries(change['headers']).map(([name, value]) => {
    return [name, value === REDACTED ? (kept.get(name.toLowerCase()) ?? value) : value] as const;
  });
  return { ...change, headers: Object.fromEntries(headers) };
}

/** Whether headers are to be sent whose values cannot be known: no key opens them. */
export function hasRedactedHeaders(definition: MonitorDefinition): boolean {
  return redactedFaults(definition).length > 0;
}

/** The headers whose values nobody knows any more: they were copied from an answer. */
export function redactedFaults(definition: MonitorDefinition): readonly DefinitionFault[] {
  if (definition.type === 'heartbeat') return [];
  return Object.entries(definition.headers)
    .filter(([, value]) => value === REDACTED)
    .map(([name]) => ({
      field: `headers.${name}`,
      message: 'is redacted, and there is no such header to keep',
    }));
}
