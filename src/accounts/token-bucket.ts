/** What an account may post: so many events a minute, and so many at once after a pause. */
export interface AccountLimit {
  readonly events_per_minute: number;
  readonly burst: number;
}

/**
 * A bucket of tokens, kept as what is missing in it. Empty buckets are those of accounts that posted much lately;
 * where nothing is missing there is nothing to keep.
 */
export interface Bucket {
  /** What is missing, in parts of an event (`PARTS_PER_EVENT`). Above the burst it is a debt. */
  readonly missing: number;
  /** The instant at which so much was missing. */
  readonly at: number;
}

/** What a limit says about a request. */
export interface LimitDecision {
  readonly isAllowed: boolean;
  /** Events that fit into the full bucket. */
  readonly limit: number;
  /** Events that could be posted right after this request. */
  readonly remaining: number;
  /** Until the bucket is full again. */
  readonly resetAfterMs: number;
  /** Until the same request is let in; 0 where it was. */
  readonly retryAfterMs: number;
}

/**
 * With events counted in sixty-thousandths, an account that may post n events a minute gets n parts a millisecond:
 * whole numbers, and so no rounding, in JavaScript and in Redis alike.
 */
export const PARTS_PER_EVENT = 60_000;

/** The bucket of somebody who has not posted for long. */
export const FULL_BUCKET: Bucket = { missing: 0, at: 0 };

/**
 * Takes `events` tokens from a bucket (the generic cell rate algorithm, counted in tokens instead of time). More events
 * than the burst are let in when the bucket is full, and leave a debt; a request that is refused takes nothing.
 * `now` is a whole number of milliseconds.
 */
export function takeFrom(
  bucket: Bucket,
  limit: AccountLimit,
  events: number,
  now: number,
): { readonly bucket: Bucket; readonly decision: LimitDecision } {
  const filled = Math.max(0, now - bucket.at) * limit.events_per_minute;
  const missing = Math.max(0, bucket.missing - filled);
  const isAllowed = missing <= mostMissing(limit, events);
  const missingAfter = isAllowed ? missing + events * PARTS_PER_EVENT : missing;
  return {
    bucket: { missing: missingAfter, at: now },
    decision: decisionOf(limit, events, { isAllowed, missing: missingAfter }),
  };
}

/** What has come of a request: whether it was let in, and what is missing in the bucket after it. */
export interface Taken {
  readonly isAllowed: boolean;
  readonly missing: number;
}

/** The decision in the terms of the one who asked. */
export function decisionOf(
  limit: AccountLimit,
  events: number,
  { isAllowed, missing }: Taken,
): LimitDecision {
  const { events_per_minute: partsPerMs, burst } = limit;
  const left = Math.floor((burst * PARTS_PER_EVENT - missing) / PARTS_PER_EVENT);
  const tooMany = missing - mostMissing(limit, events);
  return {
    isAllowed,
    limit: burst,
    remaining: Math.max(0, left),
    resetAfterMs: Math.ceil(missing / partsPerMs),
    retryAfterMs: isAllowed ? 0 : Math.ceil(tooMany / partsPerMs),
  };
}

/** So much may be missing for a request of so many events to be let in. */
function mostMissing({ burst }: AccountLimit, events: number): number {
  return Math.max(0, burst - events) * PARTS_PER_EVENT;
}
