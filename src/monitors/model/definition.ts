import { isObject } from '../../normalization/json-document';
import { SEVERITIES } from '../../normalization/normalized-event';
import { parseTarget } from '../../reliability/redirect';
import { DefinitionFields, type DefinitionFault, type Rule } from '../../http/definition/definition-fields';
import { FLAG, oneOf, orNull, textOf, wholeNumber } from '../../http/definition/definition-rules';
import { readExpectations } from './expect-definition';
import { readSentHeaders } from './header-rules';
import { isStorable } from './json-value';
import {
  METHODS,
  PRIORITIES,
  type HeartbeatMonitorDefinition,
  type HttpMonitorDefinition,
  type MonitorDefinition,
} from './monitor';

/** A definition, or everything that is wrong with it. */
export type DefinitionReading =
  { readonly definition: MonitorDefinition } | { readonly faults: readonly DefinitionFault[] };

const TYPES = ['http', 'heartbeat'] as const;

/** Largest request body, in characters. */
const MAX_BODY = 65_536;
const MAX_URL = 2_048;
const MAX_NAME = 200;
const DAY_S = 86_400;
const YEAR_S = 366 * DAY_S;
const MAX_THRESHOLD = 100;
const DEFAULT_INTERVAL_S = 60;
const DEFAULT_TIMEOUT_MS = 10_000;

const HTTP_URL: Rule<string> = {
  read: (value) => {
    if (typeof value !== 'string' || value.length > MAX_URL || !isStorable(value)) return undefined;
    // The parser would drop space and line breaks without a word.
    return /^https?:\/\/[^\s\p{Cc}]+$/iu.test(value) && parseTarget(value) !== null ? value : undefined;
  },
  message: `must be an http or https URL of at most ${MAX_URL} characters, without space, user name and password`,
};

const BODY: Rule<string> = {
  read: (value) =>
    typeof value === 'string' && value.length <= MAX_BODY && isStorable(value) ? value : undefined,
  message: `must be text of at most ${MAX_BODY} characters, without NUL`,
};

/**
 * Reads a definition from the API or from YAML; the rules are the same. What is left out gets its default, and is
 * then part of the definition: reading a definition again gives the same one. Unknown fields are faults. Null is
 * only for fields that know it, and never stands for a default.
 *
 * Defaults that depend on others: `timeout_ms` is 10 s, and four fifths of the interval where that is 10 s or less.
 * `retry_s` may be longer than the interval and is then without effect.
 */
export function readDefinition(input: unknown): DefinitionReading {
  if (!isObject(input)) return { faults: [{ field: null, message: 'must be an object' }] };
  const fields = new DefinitionFields(input);
  const type = fields.take('type', oneOf(TYPES), 'http');
  // Without its type, nobody knows which fields it can have.
  if (fields.faults.length > 0) return { faults: fields.faults };
  const definition = type === 'http' ? readHttp(fields) : readHeartbeat(fields);
  fields.refuseOthers(`a monitor of type ${type}`);
  return fields.faults.length > 0 ? { faults: fields.faults } : { definition };
}

/**
 * Changes a known definition: fields that are given replace those that were, within `expect` too, and the outcome is
 * read like a new one. `headers`, `expect.json` and `expect.headers` are replaced whole. The type stays.
 */
export function changeDefinition(known: MonitorDefinition, change: unknown): DefinitionReading {
  if (!isObject(change)) return readDefinition(change);
  if (change['type'] !== undefined && change['type'] !== known.type) {
    return { faults: [{ field: 'type', message: `cannot be changed: it is ${known.type}` }] };
  }
  const merged = merge({ ...known }, change);
  if (known.type === 'http' && isObject(change['expect'])) {
    merged['expect'] = merge({ ...known.expect }, change['expect']);
  }
  return readDefinition(merged);
}

/** A field that is undefined was not given. */
function merge(known: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...known, ...Object.fromEntries(given) };
}

function readHttp(fields: DefinitionFields): HttpMonitorDefinition {
  const interval_s = fields.take('interval_s', wholeNumber(1, DAY_S), DEFAULT_INTERVAL_S);
  const definition: HttpMonitorDefinition = {
    type: 'http',
    name: fields.need('name', textOf(MAX_NAME)),
    url: fields.need('url', HTTP_URL),
    service: fields.take('service', orNull(textOf(MAX_NAME)), null),
    method: fields.take('method', oneOf(METHODS), 'GET'),
    headers: readSentHeaders(fields.within('headers')),
    body: fields.take('body', orNull(BODY), null),
    interval_s,
    retry_s: fields.take('retry_s', wholeNumber(1, DAY_S), 15),
    timeout_ms: fields.take('timeout_ms', wholeNumber(1, DAY_S * 1_000), defaultTimeoutMs(interval_s)),
    failure_threshold: fields.take('failure_threshold', wholeNumber(1, MAX_THRESHOLD), 3),
    success_threshold: fields.take('success_threshold', wholeNumber(1, MAX_THRESHOLD), 2),
    priority: fields.take('priority', oneOf(PRIORITIES), 'normal'),
    severity: fields.take('severity', oneOf(SEVERITIES), 'critical'),
    paused: fields.take('paused', FLAG, false),
    expect: readExpectations(fields.within('expect')),
  };
  // Fields that contradict each other are told once each of them is right by itself.
  if (fields.faults.length === 0) refuseContradictions(fields, definition);
  return definition;
}

function refuseContradictions(fields: DefinitionFields, definition: HttpMonitorDefinition): void {
  const { method, body, timeout_ms, interval_s, expect } = definition;
  if (timeout_ms >= interval_s * 1_000) fields.refuse('timeout_ms', 'must be below the interval');
  // RFC 9110 sections 9.3.1 and 9.3.2: content of a GET or HEAD means nothing, and may break the request.
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    fields.refuse('body', `must be null where the method is ${method}`);
  }
  const looksAtBody = expect.body_contains !== null || Object.keys(expect.json).length > 0;
  if (looksAtBody && method === 'HEAD')
    fields.refuse('method', 'is HEAD, whose answer has no body to look at');
  if (expect.tls_days_left !== null && !/^https:/i.test(definition.url)) {
    fields.refuse('expect.tls_days_left', 'must be null where the URL is not https');
  }
}

function defaultTimeoutMs(interval_s: number): number {
  return interval_s * 1_000 > DEFAULT_TIMEOUT_MS ? DEFAULT_TIMEOUT_MS : interval_s * 800;
}

function readHeartbeat(fields: DefinitionFields): HeartbeatMonitorDefinition {
  return {
    type: 'heartbeat',
    name: fields.need('name', textOf(MAX_NAME)),
    service: fields.take('service', orNull(textOf(MAX_NAME)), null),
    period_s: fields.need('period_s', wholeNumber(1, YEAR_S)),
    grace_s: fields.take('grace_s', wholeNumber(0, YEAR_S), 300),
    severity: fields.take('severity', oneOf(SEVERITIES), 'critical'),
    paused: fields.take('paused', FLAG, false),
  };
}
