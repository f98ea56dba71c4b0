import { NETWORK_FAILURES, type FailureReason } from '../reliability/failure-reason';

/** Why the upstream API gave no usable answer. A closed set: it is part of our API. */
export type UpstreamReason =
  | FailureReason
  | 'http_3xx'
  | 'http_4xx'
  | 'http_429'
  | 'http_5xx'
  | 'not_found'
  | 'not_json'
  | 'too_deep'
  | 'wrong_shape'
  | 'unusable_id';

/** What failed here may be well in a moment: worth a retry of a read, and counted by the breaker. */
const SICK: readonly UpstreamReason[] = [...NETWORK_FAILURES, 'http_5xx'];

export interface UpstreamFailureOptions {
  /** False only if the request can not have reached the upstream API. Default: true. */
  readonly mayHaveArrived?: boolean;
  /** How long it asked to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/** The upstream API gave no usable answer. The message names neither its address nor what it sent. */
export class UpstreamFailure extends Error {
  readonly mayHaveArrived: boolean;
  readonly retryAfterMs: number | null;

  constructor(
    readonly reason: UpstreamReason,
    options: UpstreamFailureOptions = {},
  ) {
    super(`the upstream API gave no usable answer (${reason})`, { cause: options.cause });
    this.name = 'UpstreamFailure';
    this.mayHaveArrived = options.mayHaveArrived ?? true;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** Whether it speaks against the upstream API as a whole, and not against one answer or one request. */
  get isSick(): boolean {
    return SICK.includes(this.reason);
  }
}
