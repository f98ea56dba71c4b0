import { ApiError } from '../http/api-error';
import { cutTo, storable } from '../normalization/plain-text';
import { BreakerOpenError } from '../reliability/circuit-breaker';
import type { AdditionAnswer } from './upstream-documents';
import { UpstreamFailure } from './upstream-failure';
import { EventUnreadableError } from './user-events';

const MAX_SHOWN = 500;

export const FAILED = 'The upstream API gave no usable answer.';
export const BREAKER_OPEN =
  'The upstream API has failed too often and is left alone for a while. See Retry-After.';

/** The answer to a read that failed; whatever is not the upstream API's fault stays what it is. */
export function readError(error: unknown): unknown {
  if (error instanceof EventUnreadableError) {
    const { event_id, failure } = error;
    const message = `Event ${event_id} could not be read: ${failure.message}.`;
    return upstreamError('upstream_event_failed', message, failure, { event_id });
  }
  return error instanceof UpstreamFailure ? upstreamError('upstream_failed', FAILED, error) : error;
}

/** The answer to a post that failed, likewise. */
export function addError(error: unknown, now: number): unknown {
  if (error instanceof BreakerOpenError) {
    const retryAfterS = inSeconds(error.retryAt - now);
    return new ApiError(503, 'upstream_unavailable', BREAKER_OPEN, { cause: error, retryAfterS });
  }
  if (!(error instanceof UpstreamFailure)) return error;
  return upstreamError('upstream_failed', FAILED, error, { may_have_arrived: error.mayHaveArrived });
}

/** The answer to a post that the upstream API does not take. */
export function refusal(answer: AdditionAnswer): ApiError {
  const theirs = [answer['message'], answer['error']].find((text) => typeof text === 'string' && text !== '');
  const words = theirs === undefined ? 'it does not say why' : cutTo(storable(theirs as string), MAX_SHOWN);
  return new ApiError(422, 'upstream_refused', `The upstream API did not take the event: ${words}`);
}

function upstreamError(code: string, message: string, failure: UpstreamFailure, fields = {}): ApiError {
  const { reason, retryAfterMs } = failure;
  const options = { fields: { reason, ...fields }, cause: failure };
  if (retryAfterMs === null) return new ApiError(502, code, message, options);
  return new ApiError(502, code, message, { ...options, retryAfterS: inSeconds(retryAfterMs) });
}

/** Rounded up, and at least one: who waits so long has waited long enough. */
function inSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
