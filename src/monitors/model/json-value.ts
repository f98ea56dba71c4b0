import { isObject } from '../../normalization/json-document';
import type { JsonValue } from './monitor';

/** A value that is expected is not nested deeper; it may come from YAML, where it could hold itself. */
const MAX_DEPTH = 8;

/** Whether JSON can hold the value as it is, and every database its text. */
export function isJsonValue(value: unknown, depth = 0): value is JsonValue {
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return true;
  if (typeof value === 'string') return isStorable(value);
  if (depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((element) => isJsonValue(element, depth + 1));
  if (!isObject(value)) return false;
  return Object.entries(value).every(([name, member]) => isStorable(name) && isJsonValue(member, depth + 1));
}

/** Whether every database can keep it: PostgreSQL takes neither NUL nor lone surrogates. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
