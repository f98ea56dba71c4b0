import type { Fields as AuditedFields } from '../accounts/audit/changes';
import type { DestinationEntity } from './destination.entity';
import { shownSettings } from './fields';
import type { Kind } from './kind';

/** A destination with its settings, as JSON text; null where no key opens them. */
interface Audited {
  readonly row: DestinationEntity;
  readonly settings: string | null;
}

/** What the audit log says of a destination: what the API shows of it. */
export function auditedFields({ row, settings }: Audited, kind: Kind): AuditedFields {
  const { name, type, enabled, origin } = row;
  return {
    name,
    type,
    enabled,
    origin,
    ...named(settings === null ? {} : shownSettings(kind.fields, read(settings))),
  };
}

/** The settings that are others than before although they look the same, because they are secrets; nothing where none is. */
export function replacedSecrets(before: Audited, after: Audited, kind: Kind): AuditedFields {
  if (before.settings === null || after.settings === null) return {};
  const [old, current] = [read(before.settings), read(after.settings)];
  const [shownOld, shown] = [shownSettings(kind.fields, old), shownSettings(kind.fields, current)];
  const names = Object.keys(kind.fields).filter(
    (name) => !isSame(old[name], current[name]) && isSame(shownOld[name], shown[name]),
  );
  return named(Object.fromEntries(names.map((name) => [`${name}_replaced`, true])));
}

function named(settings: Readonly<Record<string, unknown>>): AuditedFields {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`settings.${name}`, value]));
}

function read(settings: string): Record<string, unknown> {
  return JSON.parse(settings) as Record<string, unknown>;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
