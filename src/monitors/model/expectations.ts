import { InvalidJsonError, parseJson } from '../../normalization/json-document';
import { cutTo, storable } from '../../normalization/plain-text';
import { isSameJson } from '../../normalization/same-json';
import { valueAt } from './json-path';
import type {
  CheckResult,
  Expectations,
  FailedExpectation,
  JsonValue,
  ResultClass,
  Timings,
} from './monitor';
import { isStatusWithin } from './status-ranges';

/** What a check got to see. */
export interface Answer {
  readonly started_at: number;
  /** Of the whole check, redirects included; what the limits of time are about. */
  readonly duration_ms: number;
  readonly timings: Timings;
  readonly http_status: number;
  /** By lower-case name; repeated ones joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed and decoded; its beginning where it was too long. */
  readonly body: string;
  readonly is_body_cut: boolean;
  /** Whole days until the certificate ends; null without TLS. */
  readonly tls_days_left: number | null;
}

/** A fault is shown with so much of what was seen instead. */
const MAX_SHOWN = 200;

/** An expectation that failed, and what it makes of the check. */
interface Failure extends FailedExpectation {
  readonly reason: string;
  readonly class: 'degraded' | 'down';
}

/**
 * Judges an answer. Pure. Whatever is wrong is told, the worst first. Down: the status, the body, what it holds as
 * JSON, a header or `down_above_ms` is not as expected. Degraded: only `degraded_above_ms` or `tls_days_left` is
 * not. A limit of time is passed when the check took longer than it, and the result's `reason` is the name of the
 * first expectation that failed.
 *
 * What is looked for must be in that part of a body which was read: it is not there where the body was cut before it.
 *
 * @param learnedLimitMs what `degraded_above_ms: "auto"` stands for now; null while too little is known, and then
 *   nothing is too slow for it
 */
export function judge(answer: Answer, expect: Expectations, learnedLimitMs: number | null): CheckResult {
  const limitMs = expect.degraded_above_ms === 'auto' ? learnedLimitMs : null;
  // The worst first: what makes it degraded stands behind what makes it down.
  const failures = [
    ...statusFailures(answer, expect),
    ...headerFailures(answer, expect),
    ...bodyFailures(answer, expect),
    ...jsonFailures(answer, expect),
    ...timeFailures(answer, expect, limitMs),
    ...certificateFailures(answer, expect),
  ];
  const { started_at, duration_ms, timings, http_status, tls_days_left } = answer;
  return {
    class: failures[0]?.class ?? 'up',
    reason: failures[0]?.reason ?? null,
    failed: failures.map(({ expectation, wanted, seen }) => ({ expectation, wanted, seen })),
    started_at,
    duration_ms,
    timings,
    http_status,
    tls_days_left,
    limit_ms: limitMs,
  };
}

/** What is known of a check that got no answer. */
export interface Fault {
  /** Down where the other side is at fault; unknown where this side is, or nobody can tell. */
  readonly class: Extract<ResultClass, 'down' | 'unknown'>;
  readonly reason: string;
  readonly started_at: number;
  readonly duration_ms: number;
  readonly timings: Timings | null;
}

/** The result of a check that got no answer. */
export function resultOfFault(fault: Fault): CheckResult {
  return { ...fault, failed: [], http_status: null, tls_days_left: null, limit_ms: null };
}

/** Whether the body has to be read at all. */
export function needsBody({ body_contains, json }: Expectations): boolean {
  return body_contains !== null || Object.keys(json).length > 0;
}

/** Whether a status is an expected one. A redirect that is expected is the answer, and is not to be followed. */
export function isExpectedStatus({ status }: Expectations, seen: number): boolean {
  return isStatusWithin(status, seen);
}

function down(reason: string, expectation: string, wanted: string, seen: string | null): Failure {
  return { class: 'down', reason, expectation, wanted, seen: seen === null ? null : shown(seen) };
}

function statusFailures({ http_status }: Answer, { status }: Expectations): Failure[] {
  if (isStatusWithin(status, http_status)) return [];
  return [down('status', 'status', status.join(', '), String(http_status))];
}

function headerFailures({ headers }: Answer, expect: Expectations): Failure[] {
  return Object.entries(expect.headers).flatMap(([name, wanted]) => {
    const lower = name.toLowerCase();
    const seen = Object.hasOwn(headers, lower) ? (headers[lower] ?? null) : null;
    if (isHeaderAsWanted(seen, wanted)) return [];
    return [down('headers', `headers.${name}`, wanted ?? 'no such header', seen)];
  });
}

/** The same text, or the same before parameters: `application/json` is also what has a charset behind it. */
function isHeaderAsWanted(seen: string | null, wanted: string | null): boolean {
  if (seen === null || wanted === null) return seen === wanted;
  return seen.trim() === wanted || seen.split(';', 1)[0]?.trim() === wanted;
}

function bodyFailures(answer: Answer, { body_contains }: Expectations): Failure[] {
  if (body_contains === null || answer.body.includes(body_contains)) return [];
  return [down('body_contains', 'body_contains', shown(body_contains), answer.body || null)];
}

function jsonFailures(answer: Answer, expect: Expectations): Failure[] {
  const wanted = Object.entries(expect.json);
  if (wanted.length === 0) return [];
  const document = answer.is_body_cut ? undefined : parsed(answer.body);
  if (document === undefined) {
    const whole = answer.is_body_cut ? 'a JSON body, short enough to be read whole' : 'a JSON body';
    return [down('json', 'json', whole, answer.body || null)];
  }
  return wanted.flatMap(([path, value]) => jsonFailure(document, path, value) ?? []);
}

function jsonFailure(document: unknown, path: string, wanted: JsonValue): Failure | null {
  const seen = valueAt(document, path);
  if (isSameJson(seen, wanted)) return null;
  const text = seen === undefined ? null : JSON.stringify(seen);
  return down('json', `json.${path}`, shown(JSON.stringify(wanted)), text);
}

function timeFailures(
  { duration_ms }: Answer,
  { down_above_ms, degraded_above_ms }: Expectations,
  learnedLimitMs: number | null,
): Failure[] {
  const degradedAbove = degraded_above_ms === 'auto' ? learnedLimitMs : degraded_above_ms;
  return [
    ...slowness('down', 'down_above_ms', duration_ms, down_above_ms),
    ...slowness('degraded', 'degraded_above_ms', duration_ms, degradedAbove),
  ];
}

function slowness(
  becomes: Failure['class'],
  reason: string,
  durationMs: number,
  limitMs: number | null,
): Failure[] {
  if (limitMs === null || durationMs <= limitMs) return [];
  const seen = `${Math.ceil(durationMs)} ms`;
  return [{ class: becomes, reason, expectation: reason, wanted: `at most ${limitMs} ms`, seen }];
}

function certificateFailures(
  { tls_days_left: seen }: Answer,
  { tls_days_left: wanted }: Expectations,
): Failure[] {
  if (wanted === null || (seen !== null && seen >= wanted)) return [];
  const reason = 'tls_days_left';
  return [
    {
      class: 'degraded',
      reason,
      expectation: reason,
      wanted: `at least ${wanted} days`,
      seen: seen === null ? null : `${seen} days`,
    },
  ];
}

/** Undefined where it is no JSON, or nested so deeply that it could not be shown. */
function parsed(body: string): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    if (error instanceof InvalidJsonError) return undefined;
    throw error;
  }
}

function shown(text: string): string {
  return cutTo(storable(text.slice(0, 2 * MAX_SHOWN + 2)), MAX_SHOWN);
}
