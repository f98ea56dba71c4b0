import type { Severity } from '../../normalization/normalized-event';

/** What a check may send. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type Method = (typeof METHODS)[number];

/** Who goes first where checks have to wait for each other, last to first. */
export const PRIORITIES = ['low', 'normal', 'high'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** A value that JSON can hold. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** What an answer must be like. What is null or empty is not looked at. */
export interface Expectations {
  /** Statuses (`204`) and ranges of them (`200-299`); one of them has to fit. */
  readonly status: readonly string[];
  /** Text that the body must hold, upper and lower case told apart. */
  readonly body_contains: string | null;
  /** What the body must hold as JSON, by path (`json-path.ts`). */
  readonly json: Readonly<Record<string, JsonValue>>;
  /** What headers must be, by name in any case; null where there must be none of that name. */
  readonly headers: Readonly<Record<string, string | null>>;
  /** Slower than this is degraded; `auto` learns the limit (`learned-limit.ts`). */
  readonly degraded_above_ms: number | 'auto' | null;
  /** Slower than this is down. */
  readonly down_above_ms: number | null;
  /** A certificate that has fewer days left is degraded: it still works. One that has ended is down anyway. */
  readonly tls_days_left: number | null;
}

/** What both types of monitor have. The names of fields are those of the API and of MONITORS_FILE. */
interface NamedDefinition {
  readonly name: string;
  /** The service that incidents are about; null where it is the monitor's name. */
  readonly service: string | null;
  /** How bad it is when it is down. */
  readonly severity: Severity;
  /** Nothing is checked, nothing is missed. */
  readonly paused: boolean;
}

/** A monitor that asks a URL. */
export interface HttpMonitorDefinition extends NamedDefinition {
  readonly type: 'http';
  /** http or https, without a user name and password. */
  readonly url: string;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** From check to check. */
  readonly interval_s: number;
  /** From check to check while the newest one says otherwise than the state; never longer than the interval. */
  readonly retry_s: number;
  /** For the whole check, redirects included; below the interval. */
  readonly timeout_ms: number;
  /** So many bad checks in a row are an outage. */
  readonly failure_threshold: number;
  /** So many good checks in a row end it. */
  readonly success_threshold: number;
  readonly priority: Priority;
  readonly expect: Expectations;
}

/** A monitor that waits for a job to call in. */
export interface HeartbeatMonitorDefinition extends NamedDefinition {
  readonly type: 'heartbeat';
  /** From call to call. */
  readonly period_s: number;
  /** So much later is still in time. */
  readonly grace_s: number;
}

/** A monitor as its owner wants it. Whether it is up is none of its business. */
export type MonitorDefinition = HttpMonitorDefinition | HeartbeatMonitorDefinition;

/**
 * What a check says, best first, and `unknown`: this side could not look. A fault of our own (no resolver, no
 * network, no descriptors) is unknown and never down.
 */
export const RESULT_CLASSES = ['up', 'degraded', 'down', 'unknown'] as const;
export type ResultClass = (typeof RESULT_CLASSES)[number];

/** An expectation that was not met. */
export interface FailedExpectation {
  /** The field below `expect`, such as `status`, `json.$.status` or `headers.content-type`. */
  readonly expectation: string;
  /** What was asked for, as people write it. */
  readonly wanted: string;
  /** What there was instead, cut to a readable length; null where there was nothing. */
  readonly seen: string | null;
}

/** How long the steps of a check took, in milliseconds; null where a step was not taken or not reached. */
export interface Timings {
  readonly dns_ms: number | null;
  readonly connect_ms: number | null;
  readonly tls_ms: number | null;
  /** From the request's sending to the first byte of its answer. */
  readonly first_byte_ms: number | null;
  readonly total_ms: number | null;
}

/** What came of one check. */
export interface CheckResult {
  readonly class: ResultClass;
  /** One of a closed set of words: the first expectation that failed, or the fault's own. Null where it is up. */
  readonly reason: string | null;
  readonly failed: readonly FailedExpectation[];
  readonly started_at: number;
  readonly duration_ms: number;
  /** Null where nothing was asked, as for a heartbeat. */
  readonly timings: Timings | null;
  readonly http_status: number | null;
  /** Whole days until the certificate ends; below 0 where it has. */
  readonly tls_days_left: number | null;
  /** The limit that was learnt for this check, where `degraded_above_ms` is `auto` and enough is known. */
  readonly limit_ms: number | null;
}

/** What incidents of a monitor are about. */
export function serviceOf({ service, name }: MonitorDefinition): string {
  return service ?? name;
}

/** The priority of a monitor; a heartbeat has no checks that would wait. */
export function priorityOf(definition: MonitorDefinition): Priority {
  return definition.type === 'http' ? definition.priority : 'normal';
}
