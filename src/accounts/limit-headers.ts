import type { LimitDecision } from './token-bucket';

/**
 * The headers that tell a sender of its limit, refused or not: how many events fit in at once, how many still do, in
 * how many seconds all do again; and, where it was refused, after how many seconds the same request passes.
 */
export function limitHeaders(decision: LimitDecision): Record<string, string> {
  const headers = {
    'RateLimit-Limit': String(decision.limit),
    'RateLimit-Remaining': String(decision.remaining),
    'RateLimit-Reset': inSeconds(decision.resetAfterMs),
  };
  return decision.isAllowed ? headers : { ...headers, 'Retry-After': inSeconds(decision.retryAfterMs) };
}

/** Rounded up: who waits so long has waited long enough. */
function inSeconds(ms: number): string {
  return String(Math.ceil(ms / 1_000));
}
