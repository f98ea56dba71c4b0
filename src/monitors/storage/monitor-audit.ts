import type { Fields } from '../../accounts/audit/changes';
import type { MonitorDefinition } from '../model/monitor';
import { redactHeaders } from '../model/redacted-headers';

/** What the audit log says of a monitor: its definition, as everybody may see it. */
export function auditedFields(definition: MonitorDefinition): Fields {
  return { ...redactHeaders(definition) };
}

/** The names of headers that are sent with other values than before; nothing where there are none. */
export function replacedHeaders(before: MonitorDefinition, after: MonitorDefinition): Fields {
  if (before.type === 'heartbeat' || after.type === 'heartbeat') return {};
  const names = Object.keys(after.headers).filter((name) => {
    const old = before.headers[name];
    return old !== undefined && old !== after.headers[name];
  });
  return names.length === 0 ? {} : { headers_replaced: names };
}
