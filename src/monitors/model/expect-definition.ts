import type { DefinitionFields, Rule } from '../../http/definition/definition-fields';
import { isWholeNumber, never, orNull, wholeNumber } from '../../http/definition/definition-rules';
import { readExpectedHeaders } from './header-rules';
import { readJsonPath } from './json-path';
import { isJsonValue, isStorable } from './json-value';
import type { Expectations, JsonValue } from './monitor';
import { isStatusRange } from './status-ranges';

const MAX_RANGES = 20;
const MAX_TEXT = 1_000;
const MAX_PATHS = 20;
const MAX_PATH = 200;
const MAX_LIMIT_MS = 86_400_000;
const MAX_DAYS = 1_000;

/** A number is taken for its text: YAML reads `204` as one. */
const STATUS: Rule<readonly string[]> = {
  read: (value) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > MAX_RANGES) return undefined;
    const ranges = value.map((range: unknown) => (typeof range === 'number' ? String(range) : range));
    return ranges.every((range): range is string => typeof range === 'string' && isStatusRange(range))
      ? ranges
      : undefined;
  },
  message: `must be a list of 1 to ${MAX_RANGES} statuses ("204") or ranges of them ("200-299")`,
};

const SOUGHT: Rule<string> = {
  read: (value) =>
    typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && isStorable(value)
      ? value
      : undefined,
  message: `must be text of 1 to ${MAX_TEXT} characters`,
};

const EXPECTED_JSON: Rule<JsonValue> = {
  read: (value) => (isJsonValue(value) && JSON.stringify(value).length <= MAX_TEXT ? value : undefined),
  message: `must be a JSON value of at most ${MAX_TEXT} characters and 8 levels`,
};

const DEGRADED_ABOVE: Rule<number | 'auto' | null> = {
  read: (value) =>
    value === null || value === 'auto' || isWholeNumber(value, 1, MAX_LIMIT_MS) ? value : undefined,
  message: `must be a whole number from 1 to ${MAX_LIMIT_MS}, "auto", or null`,
};

/** Reads `expect`; what is left out is not looked at, except that the status must then be a good one. */
export function readExpectations(fields: DefinitionFields): Expectations {
  const expectations: Expectations = {
    status: fields.take('status', STATUS, ['200-299']),
    body_contains: fields.take('body_contains', orNull(SOUGHT), null),
    json: readPaths(fields.within('json')),
    headers: readExpectedHeaders(fields.within('headers')),
    degraded_above_ms: fields.take('degraded_above_ms', DEGRADED_ABOVE, null),
    down_above_ms: fields.take('down_above_ms', orNull(wholeNumber(1, MAX_LIMIT_MS)), null),
    tls_days_left: fields.take('tls_days_left', orNull(wholeNumber(1, MAX_DAYS)), null),
  };
  fields.refuseOthers('expect');
  const { degraded_above_ms, down_above_ms } = expectations;
  if (typeof degraded_above_ms === 'number' && down_above_ms !== null && degraded_above_ms >= down_above_ms) {
    fields.refuse('degraded_above_ms', 'must be below down_above_ms');
  }
  return expectations;
}

function readPaths(fields: DefinitionFields): Readonly<Record<string, JsonValue>> {
  let count = 0;
  return fields.takeAll((path) => {
    if (path.length > MAX_PATH || !isStorable(path) || readJsonPath(path) === null) {
      return never('is no path such as $.checks[0].status');
    }
    return ++count > MAX_PATHS ? never(`is one too many: there can be ${MAX_PATHS}`) : EXPECTED_JSON;
  });
}
