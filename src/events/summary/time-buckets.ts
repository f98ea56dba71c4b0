export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** A stretch of time that is counted together: `span_ms` long from `bucket_at` on, which it includes. In UTC. */
export interface Bucket {
  readonly span_ms: number;
  readonly bucket_at: number;
}

/** The bucket of that length that holds an instant. */
export function bucketOf(at: number, spanMs: number): Bucket {
  return { span_ms: spanMs, bucket_at: at - (at % spanMs) };
}

/** The buckets of one length from an instant to another, which is excluded. Both begin a bucket. */
export function bucketsBetween(from: number, until: number, spanMs: number): Bucket[] {
  const count = Math.max(0, Math.ceil((until - from) / spanMs));
  return Array.from({ length: count }, (_, index) => bucketOf(from + index * spanMs, spanMs));
}
